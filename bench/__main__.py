"""Measure Postroom beside the least that the same work could cost here: bin/bench [--conversations N] [--json]."""

import argparse
import json
import os
import platform
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from bench.figures import Figure, as_json, table
from tests.servers.postgres import Cluster

# As one would set it up on a machine of this size; durable, unlike the tests' own.
_POSTGRES = {
    "listen_addresses": "",
    "max_connections": "120",
    "shared_buffers": "1GB",
    "work_mem": "32MB",
    "random_page_cost": "1.1",
    "jit": "off",
    "max_wal_size": "4GB",
}
_ENGINES = ("sqlite", "postgres")


def main() -> int:
    """Measure each engine in a process of its own and print the table, or JSON."""
    asked = _arguments()
    # So that whatever runs is stopped and every folder taken away.
    signal.signal(signal.SIGTERM, lambda *_signal: sys.exit(143))
    figures: list[Figure] = []
    # All taken away at the end: what is deleted between makes the next engine's new files slow for a minute.
    with ExitStack() as at_the_end:
        for engine in asked.engine:
            folder = Path(tempfile.mkdtemp(prefix="postroom-bench-"))
            at_the_end.callback(shutil.rmtree, folder, ignore_errors=True)
            figures += _measure(engine, asked, folder)
    if asked.json:
        print(as_json(figures, conversations=asked.conversations, machine=platform.platform(), cores=os.cpu_count()))
    else:
        print(f"\n{asked.conversations:,} conversations, {os.cpu_count()} cores, {platform.platform()}\n")
        print(table(figures))
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/bench", description=__doc__)
    parser.add_argument("--conversations", type=int, default=None, help="how many (100,000; with --quick 2,000)")
    parser.add_argument("--engine", choices=_ENGINES, action="append", help="only this one")
    parser.add_argument("--only", choices=("intake", "search", "pages"), default="", help="only these figures")
    parser.add_argument("--quick", action="store_true", help="a small run, to see that it works")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    asked = parser.parse_args()
    asked.engine = asked.engine or list(_ENGINES)
    asked.conversations = asked.conversations or (2_000 if asked.quick else 100_000)
    return asked


def _measure(engine: str, asked: argparse.Namespace, folder: Path) -> list[Figure]:
    cluster = Cluster.start(settings=_POSTGRES) if engine == "postgres" else None
    environment = {name: value for name, value in os.environ.items() if not name.startswith("POSTROOM_")} | {
        "DJANGO_SETTINGS_MODULE": "postroom.wiring.settings",
        "POSTROOM_DATA": str(folder / "data"),
        "POSTROOM_DATABASE_URL": cluster.url("postroom") if cluster else "",
    }
    pace = "quick" if asked.quick else "full"
    try:
        ran = subprocess.run(
            [sys.executable, "-m", "bench.measure", engine, str(asked.conversations), pace, str(folder), asked.only],
            env=environment,
            stdout=subprocess.PIPE,
            check=True,
        )
    finally:
        if cluster:
            cluster.stop()
    return [Figure(**row) for row in json.loads(ran.stdout.splitlines()[-1])]


if __name__ == "__main__":
    sys.exit(main())
