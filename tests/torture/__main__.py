"""Let a storm loose on one engine: bin/torture [--engine sqlite|postgres] [--mails N] [--replies N] [--kills N]."""

import argparse
import json
import os
import shutil
import signal
import sys
import tempfile
from pathlib import Path

import django

from tests.servers import processes
from tests.servers.postgres import Cluster
from tests.torture.weather import small_disk

# Durable, as in production: the database itself is killed too.
_POSTGRES = {"listen_addresses": "", "max_connections": "120", "shared_buffers": "256MB"}


def main() -> int:
    """Run one storm on one engine and print what became of everything; 1 when something was lost or doubled."""
    asked = _arguments()
    # So that whatever runs is stopped and every folder taken away.
    signal.signal(signal.SIGTERM, lambda *_signal: sys.exit(143))
    folder = Path(tempfile.mkdtemp(prefix="postroom-torture-"))
    cluster = Cluster.start(settings=_POSTGRES) if asked.engine == "postgres" else None
    data = folder / "data"
    data.mkdir()
    # A raw mail, its files and its rows take some 20 kB on average; the database's journal comes and goes.
    megabytes = asked.disk or 200 + asked.mails * 30 // 1000
    try:
        with small_disk(data, megabytes=megabytes) as fill:
            _settle(folder, cluster)
            from tests.torture.storm import Size, storm

            size = Size(asked.mails, asked.replies, asked.kills)
            outcome = storm(size, folder=folder, cluster=cluster, fill=fill, seed=asked.seed)
    finally:
        if cluster:
            cluster.stop()
        if not asked.keep:
            shutil.rmtree(folder, ignore_errors=True)
    print(json.dumps({"engine": asked.engine, **outcome}) if asked.json else _words(asked.engine, outcome))
    return 1 if outcome["wrong"] else 0


def _settle(folder: Path, cluster: Cluster | None) -> None:
    """Point the settings at a data folder and a database of this storm's own, before anybody reads them."""
    for name in [name for name in os.environ if name.startswith("POSTROOM_")]:
        del os.environ[name]
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "postroom.wiring.settings",
        "POSTROOM_DATA": str(folder / "data"),
        "POSTROOM_INSIDE_HOSTS": processes.HERE,
        "POSTROOM_DATABASE_URL": cluster.url("postroom") if cluster else "",
        "POSTROOM_UNDO_SECONDS": "0",
        "POSTROOM_CA_FILE": str(folder / "authorities.pem"),
    }
    (folder / "authorities.pem").touch()
    django.setup()


def _words(engine: str, outcome: dict[str, object]) -> str:
    width = max(map(len, outcome))
    return "\n".join([engine, *(f"  {name.replace('_', ' '):<{width}}  {value}" for name, value in outcome.items())])


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/torture", description=__doc__)
    parser.add_argument("--engine", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--mails", type=int, default=10_000, help="half of them by LMTP, half by IMAP")
    parser.add_argument("--replies", type=int, default=2_000)
    parser.add_argument("--kills", type=int, default=300, help="half of them of the worker, half of the web process")
    parser.add_argument("--disk", type=int, default=0, help="megabytes of the disk that fills; 0: as large as needed")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", action="store_true", help="leave the logs in their folder")
    parser.add_argument("--json", action="store_true", help="print JSON instead of words")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
