"""Which database this test process runs on. Loaded with `-p tests.engine`, before Django reads its settings.

POSTROOM_TEST_ENGINE is `sqlite` (a file in WAL mode, as in production) or `postgres` (a cluster of our own).
A process has one engine; bin/test starts one process for each, and each test that touches the database runs in both.
"""

import os
import shutil
import tempfile
import zlib
from collections.abc import Generator
from pathlib import Path

import pytest

from tests.servers import processes
from tests.servers.postgres import Cluster

SQLITE = "sqlite"
POSTGRES = "postgres"
ENGINE = os.environ.get("POSTROOM_TEST_ENGINE", SQLITE)

# Set by bin/test when a second process runs the other engine.
_PAIRED = os.environ.get("POSTROOM_TEST_PAIRED") == "yes"
# Set by bin/test as well: which of how many processes of this engine this is. A process waits more than it works.
_PART, _PARTS = map(int, os.environ.get("POSTROOM_TEST_PART", "1/1").split("/"))
# A test that asks for one of these touches the database.
_DATABASE_FIXTURES = {"db", "transactional_db", "django_db_setup", "live_server"}
_SETTINGS_OF_THE_TESTS = ("POSTROOM_TEST_", "POSTROOM_INTERNAL_")


class _Session:
    """What this process made and takes away again: a data folder and, on PostgreSQL, a cluster."""

    folder: Path | None = None
    cluster: Cluster | None = None


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests() -> Generator[None, object, object]:
    """Point the settings at a folder and a database of our own; a wrapper runs before pytest-django looks at them."""
    if ENGINE not in (SQLITE, POSTGRES):
        raise pytest.UsageError(f"POSTROOM_TEST_ENGINE is {ENGINE!r}. It must be {SQLITE} or {POSTGRES}.")
    for name in list(os.environ):
        if name.startswith("POSTROOM_") and not name.startswith(_SETTINGS_OF_THE_TESTS):
            del os.environ[name]
    _Session.folder = Path(tempfile.mkdtemp(prefix="postroom-tests-"))
    os.environ["POSTROOM_DATA"] = str(_Session.folder / "data")
    # Every server of the tests is on this machine; what is refused without this is tested by its own tests.
    os.environ["POSTROOM_INSIDE_HOSTS"] = processes.HERE
    if ENGINE == POSTGRES:
        _Session.cluster = Cluster.start()
        os.environ["POSTROOM_DATABASE_URL"] = _Session.cluster.url("postroom")
        # Each page is walked on both engines: on this one from right to left.
        os.environ["POSTROOM_MIRRORED"] = "yes"
    return (yield)


def pytest_unconfigure() -> None:
    """Leave nothing behind."""
    if _Session.cluster:
        _Session.cluster.stop()
        _Session.cluster = None
    if _Session.folder:
        shutil.rmtree(_Session.folder, ignore_errors=True)
        _Session.folder = None


def pytest_report_header() -> str:
    """Say which engine it is."""
    return f"engine: {ENGINE}"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Put the engine's name in the name of each test that touches the database, so that a failure says where."""
    if _touches_database(metafunc.definition, metafunc.fixturenames):
        metafunc.fixturenames.append("engine")
        metafunc.parametrize("engine", [ENGINE])


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep what belongs to this engine."""
    kept = [item for item in items if _in_this_part(item) and _belongs_here(item)]
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    # Playwright keeps an event loop running in this thread from its first test on; nobody else may meet it.
    items[:] = sorted(kept, key=lambda item: item.get_closest_marker("browser") is not None)


def _in_this_part(item: pytest.Item) -> bool:
    # Whole files, so that what a file sets up once is set up once; what a browser does takes long and is shared out.
    name = item.nodeid if item.get_closest_marker("browser") else item.nodeid.partition("::")[0]
    return zlib.crc32(name.encode()) % _PARTS == _PART - 1


def _belongs_here(item: pytest.Item) -> bool:
    named = {marker for marker in (SQLITE, POSTGRES) if item.get_closest_marker(marker)}
    if named:
        return ENGINE in named
    if _PAIRED and item.get_closest_marker("browser"):
        # What a page asks of the database, other tests ask on both. Here each runs on one of them, half of them from
        # right to left; POSTROOM_TEST_ENGINE with pytest runs all of them on one.
        return zlib.crc32(f"browser {item.nodeid}".encode()) % 2 == (ENGINE == POSTGRES)
    if not _PAIRED or _touches_database(item, getattr(item, "fixturenames", [])):
        return True
    # What touches no database is shared out between the two processes.
    return zlib.crc32(item.nodeid.encode()) % 2 == (ENGINE == POSTGRES)


def _touches_database(item: pytest.Item, fixtures: list[str]) -> bool:
    return bool(_DATABASE_FIXTURES.intersection(fixtures)) or item.get_closest_marker("django_db") is not None
