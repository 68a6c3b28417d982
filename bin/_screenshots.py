"""Start a demo team in a folder of its own, look at its pages in Chromium, and keep the pictures."""

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from _picture_walk import Album, Wanted, walk
from _pictures_of_readme import take

from tests.servers import postroom
from tests.servers.chromium import chromium
from tests.servers.postroom import Installation


def main() -> None:
    options = _options()
    options.folder.mkdir(parents=True, exist_ok=True)
    with _demo(options.at) as url, chromium() as browser:
        if not options.all:
            take(browser, url, options.folder)
            return
        until = time.monotonic() + options.minutes * 60
        album = Album(browser, url, options.folder, Wanted(options.only, options.theme, options.width), until)
        faults = walk(album)
    print(f"{album.taken} pictures in {options.folder}, {album.kept} were there.")
    sys.exit("\n".join(faults))


def _options() -> argparse.Namespace:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("folder", type=Path)
    words.add_argument("--all", action="store_true", help="every page and state, both themes, three widths")
    words.add_argument("--only", default="", metavar="PATTERN", help="names in which this regular expression is found")
    words.add_argument("--theme", choices=("light", "dark"))
    words.add_argument("--width", type=int, choices=(1440, 1024, 390))
    words.add_argument("--minutes", type=float, default=30.0, help="stop after so many; the same command goes on")
    words.add_argument("--at", default="", metavar="URL", help="a demo that runs already, changed by what is clicked")
    return words.parse_args()


@contextmanager
def _demo(at: str) -> Iterator[str]:
    if at:
        yield at.rstrip("/")
        return
    with tempfile.TemporaryDirectory() as folder:
        installation: Installation = postroom.installation(Path(folder), data=Path(folder) / "data", database_url="")
        try:
            yield installation.run("--demo").url
        finally:
            installation.stop()


if __name__ == "__main__":
    main()
