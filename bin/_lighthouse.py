"""Starts a demo team of its own and has Lighthouse look at it; called by bin/lighthouse."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.servers import postroom

_FOLDER = Path(__file__).resolve().parent.parent / "tests" / "lighthouse"


def main(*arguments: str) -> int:
    """Measure, and return 1 when a score is too low; `arguments` may name a folder for the reports."""
    browser = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if not browser:
        sys.exit("Chromium is not installed here: apt install chromium.")
    with _demo() as url:
        print("                              perf  a11y best   first paint / largest / blocked / shifts", flush=True)
        node = ["node", "measure.mjs", url, *(str(Path(one).resolve()) for one in arguments)]
        return subprocess.run(node, cwd=_FOLDER, env={**os.environ, "CHROME_PATH": browser}, check=False).returncode


@contextmanager
def _demo() -> Iterator[str]:
    if at := os.environ.get("AT"):
        yield at
        return
    with tempfile.TemporaryDirectory() as folder:
        installation = postroom.installation(Path(folder), data=Path(folder) / "data", database_url="")
        try:
            yield installation.run("--demo").url
        finally:
            installation.stop()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
