"""Many mails at once: the worker takes them in by processes of its own, and whichever dies, nothing is lost."""

import contextlib
import itertools
import os
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from postroom.channels.mail.models import FILED, STORED, IncomingMail
from postroom.core.conversations.models import Message
from tests.channels.mail.letters import letter
from tests.kill.conftest import Post
from tests.servers.postroom import Running
from tests.servers.processes import children

SENDERS = 8


@dataclass
class Rush:
    """Senders who hand in mail after mail, each again until it is taken."""

    post: Post
    over: threading.Event = field(default_factory=threading.Event)
    taken: list[str] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=itertools.count)

    def send(self) -> None:
        """Be one of them until it is over."""
        while not self.over.is_set():
            rfc_id = f"<{next(self.numbers)}@customers.example>"
            raw = letter(message_id=rfc_id)
            while not self.post.hand_in(raw):
                time.sleep(0.05)
            self.taken.append(rfc_id)


@contextmanager
def rush(post: Post) -> Iterator[Rush]:
    """Let mails come in while the block runs, and a second longer."""
    coming = Rush(post)
    with ThreadPoolExecutor(SENDERS) as senders:
        futures = [senders.submit(coming.send) for _number in range(SENDERS)]
        try:
            yield coming
            time.sleep(1)
        finally:
            coming.over.set()
        for future in futures:
            future.result()


def test_a_rush_is_taken_in_by_more_processes_and_each_mail_once(post: Post) -> None:
    running = post.start(POSTROOM_INTAKE_PROCESSES="2")
    with rush(post) as coming:
        assert len(_processes(running)) == 2
    assert _each_once(coming)


def test_without_a_rush_there_are_none(post: Post) -> None:
    running = post.start(POSTROOM_INTAKE_PROCESSES="2")
    for number in range(6):
        assert post.hand_in(letter(message_id=f"<{number}@customers.example>"))
    assert not _children(running)


def test_none_are_started_where_none_are_wanted(post: Post) -> None:
    running = post.start(POSTROOM_INTAKE_PROCESSES="0")
    with rush(post) as coming:
        time.sleep(1)
        assert not _children(running)
    assert _each_once(coming)


def test_processes_that_die_with_mails_in_hand_neither_lose_nor_double_one(post: Post) -> None:
    running = post.start(POSTROOM_INTAKE_PROCESSES="2")
    with rush(post) as coming:
        for process in _processes(running):
            # The worker lets the second go by itself once it has seen the first die.
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        running.wait_for(lambda: "has died" in running.output, what="The sentence about it")
    running.wait_for(_nothing_waits, what="The last mail")
    assert _each_once(coming)


def test_they_are_gone_when_the_worker_is_and_what_they_had_in_hand_is_there_once(post: Post) -> None:
    running = post.start(POSTROOM_INTAKE_PROCESSES="2")
    with rush(post) as coming:
        processes = _processes(running)
        running.kill()
        living = post.start()
    living.wait_for(lambda: not any(Path(f"/proc/{one}").exists() for one in processes), what="Their end")
    living.wait_for(_nothing_waits, what="The last mail")
    assert _each_once(coming)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_stop_ends_them_too(post: Post, number: signal.Signals) -> None:
    running = post.start(POSTROOM_INTAKE_PROCESSES="2")
    with rush(post) as coming:
        processes = _processes(running)
        running.process.send_signal(number)
        assert running.wait() == 0
        living = post.start()
    assert not any(Path(f"/proc/{one}").exists() for one in processes)
    living.wait_for(_nothing_waits, what="The last mail")
    assert _each_once(coming)


def _processes(running: Running) -> list[int]:
    """Return their numbers once all of them take mail in."""
    running.wait_for(lambda: "taken in by 2 processes" in running.output, what="The processes")
    return [child for child in _children(running) if "spawn_main" in _command(child)]


def _children(running: Running) -> list[int]:
    return children(running.process.pid)


def _command(process: int) -> str:
    return Path(f"/proc/{process}/cmdline").read_bytes().replace(b"\0", b" ").decode()


def _nothing_waits() -> bool:
    return not IncomingMail.objects.filter(state=STORED).exists()


def _each_once(coming: Rush) -> bool:
    ids = sorted(Message.objects.values_list("rfc_id", flat=True))
    assert ids == sorted(coming.taken)
    assert IncomingMail.objects.filter(state=FILED).count() == len(ids)
    return bool(ids)
