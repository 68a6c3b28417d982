"""Whoever waits is told of a commit, and of nothing else."""

import threading
import time
from collections.abc import Callable, Iterator

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext

from postroom.core.accounts.models import Mailbox
from postroom.wiring import waking
from postroom.wiring.rounds import ROUNDS
from postroom.wiring.waking import Commits

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def commits() -> Iterator[Commits]:
    """A watcher in a thread of its own, that has looked once."""
    stop, made = threading.Event(), Commits()
    thread = threading.Thread(target=made.watch, args=(stop,), daemon=True)
    thread.start()
    made.wait(0, seconds=30)
    yield made
    stop.set()
    thread.join(30)
    assert not thread.is_alive()


def _elsewhere(do: Callable[[], object]) -> None:
    """Do it on a connection of another thread, and wait for its end."""

    def run() -> None:
        try:
            do()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(30)


def test_a_commit_wakes_whoever_waits(commits: Commits) -> None:
    seen = commits.seen
    _elsewhere(lambda: Mailbox.objects.create(name="Support", address="support@velo.example"))
    commits.wait(seen, seconds=30)
    assert commits.seen > seen


def test_what_was_committed_before_one_waits_is_not_missed(commits: Commits) -> None:
    seen = commits.seen
    _elsewhere(lambda: Mailbox.objects.create(name="Support", address="support@velo.example"))
    _until(lambda: commits.seen > seen)
    started = time.monotonic()
    commits.wait(seen, seconds=600)
    assert time.monotonic() - started < 300


def test_reading_wakes_nobody(commits: Commits) -> None:
    seen = commits.seen
    for _ in range(5):
        _elsewhere(lambda: list(Mailbox.objects.all()))
        commits.wait(seen, seconds=0.15)
    assert commits.seen == seen


def test_a_database_that_is_away_wakes_everybody(monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> str:
        raise OperationalError("gone")

    monkeypatch.setattr(waking, "_version", away)
    made = Commits()
    with pytest.raises(OperationalError):
        made.watch(threading.Event())
    assert made.seen == 1


def test_rounds_that_find_nothing_ask_for_no_lock() -> None:
    for one in ROUNDS:
        while one.step():
            pass
    for one in ROUNDS:
        with CaptureQueriesContext(connection) as asked:
            one.step()
        writing = [query["sql"] for query in asked if not query["sql"].lstrip().startswith(("SELECT", "PRAGMA"))]
        assert writing == [], one.name


def _until(holds: Callable[[], bool]) -> None:
    until = time.monotonic() + 30
    while not holds() and time.monotonic() < until:
        time.sleep(0.01)
    assert holds()
