"""Nothing in the log is ever skipped, whatever order its writers commit in."""

import random
import threading
import time

import pytest
from django.db import connection, transaction

from postroom.core.events import log
from postroom.core.events.actor import SYSTEM
from postroom.core.events.kinds import MailboxAdded
from postroom.core.events.log import Position
from postroom.core.events.models import Event
from postroom.core.events.record import record
from tests.threads import in_thread

START = Position()


def write(*, delay: float = 0) -> int:
    """Write one event and commit after the delay."""
    with transaction.atomic():
        event = record(MailboxAdded(address="support@velo.example"), by=SYSTEM)
        time.sleep(delay)
    return event.pk


def read_to_the_end(position: Position = START) -> list[int]:
    read: list[int] = []
    while events := log.after(position, limit=7):
        read += [event.pk for event in events]
        position = Position.of(events[-1])
    return read


@pytest.mark.django_db(transaction=True)
def test_the_log_is_read_in_order_and_from_any_place() -> None:
    written = [write() for _ in range(30)]
    assert read_to_the_end() == written
    middle = Position.of(Event.objects.get(pk=written[14]))
    assert read_to_the_end(middle) == written[15:]
    assert log.end() == Position.of(Event.objects.get(pk=written[-1]))
    assert read_to_the_end(log.end()) == []


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_an_event_that_commits_late_is_not_skipped() -> None:
    begun, go_on = threading.Event(), threading.Event()
    late: list[int] = []

    def hold() -> None:
        try:
            with transaction.atomic():
                late.append(record(MailboxAdded(address="late@velo.example"), by=SYSTEM).pk)
                begun.set()
                go_on.wait(10)
        finally:
            connection.close()

    with in_thread(threading.Thread(target=hold)):
        begun.wait(10)
        early = write()
        # A reader that asks for ids alone sees the second and would go on from there.
        assert list(Event.objects.values_list("pk", flat=True)) == [early]
        assert late[0] < early
        assert read_to_the_end() == []
        go_on.set()
    assert read_to_the_end() == [late[0], early]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_readers_miss_nothing_of_writers_who_commit_in_a_hostile_order() -> None:
    writers, each = 4, 60
    done = threading.Event()
    naive: set[int] = set()
    ours: list[int] = []

    def keep_writing(seed: int) -> None:
        chance = random.Random(seed)
        try:
            for _ in range(each):
                write(delay=chance.choice((0, 0, 0.001, 0.02)))
        finally:
            connection.close()

    def keep_reading() -> None:
        position, newest, last_round = Position(), 0, False
        try:
            while True:
                last_round = done.is_set()
                seen = list(Event.objects.filter(pk__gt=newest).order_by("pk").values_list("pk", flat=True))
                naive.update(seen)
                newest = max([newest, *seen])
                for event in log.after(position, limit=50):
                    ours.append(event.pk)
                    position = Position.of(event)
                if last_round and position == log.end():
                    return
        finally:
            connection.close()

    reader = threading.Thread(target=keep_reading)
    threads = [threading.Thread(target=keep_writing, args=(seed,)) for seed in range(writers)]
    with in_thread(reader):
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        done.set()
    written = set(Event.objects.values_list("pk", flat=True))
    assert len(written) == writers * each
    assert sorted(ours) == sorted(written), "each event exactly once"
    assert naive != written, "the order was not hostile enough to prove anything"


@pytest.mark.parametrize("text", ["", "-", "1", "1-", "-1", "1-2-3", "a-b", "1-9999999999999999999", "１-2", "1 -2"])
def test_a_place_that_is_none_is_refused(text: str) -> None:
    assert Position.parse(text) is None


def test_a_place_reads_back_as_it_was_written() -> None:
    assert Position.parse(str(Position(12, 345))) == Position(12, 345)
