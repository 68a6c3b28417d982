import smtplib
import socket
import sqlite3
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import connection

from postroom.channels.mail.actions.ways import fetch_from
from postroom.channels.mail.intake import CannotStore, accept
from postroom.channels.mail.models import FILED, TLS, IncomingMail, Source
from postroom.channels.mail.server_settings import ServerSettings
from postroom.core.accounts.models import Mailbox
from postroom.core.events.actor import SYSTEM
from postroom.core.events.heartbeat import last_beat
from postroom.wiring.rounds import Round
from postroom.wiring.waking import Commits
from postroom.wiring.worker import _go
from tests.channels.mail.letters import letter
from tests.servers import dovecot as dovecot_server
from tests.servers.dovecot import Dovecot
from tests.servers.postroom import Installation, Running
from tests.servers.processes import answers, free_port


def _worker(installation: Installation, **settings: str) -> tuple[Running, int]:
    port = free_port()
    running = installation.start("worker", POSTROOM_LMTP_PORT=str(port), **settings)
    running.wait_for(lambda: answers(port), what="The LMTP door")
    return running, port


@pytest.fixture
def support(transactional_db: None) -> Mailbox:
    """A mailbox that other processes see."""
    return Mailbox.objects.create(name="Support", address="support@velo.example")


def test_a_mail_goes_from_the_door_to_a_conversation_and_the_worker_stops_cleanly(
    installation: Installation, support: Mailbox
) -> None:
    running, port = _worker(installation)
    with smtplib.LMTP("127.0.0.1", port, local_hostname="mta.example") as line:
        line.sendmail("ann@customers.example", [support.address], letter())
    running.wait_for(lambda: IncomingMail.objects.filter(state=FILED).exists(), what="The conversation")
    running.wait_for(last_beat, what="A sign of life")
    assert running.stop() == 0
    assert "Traceback" not in running.output


@pytest.mark.dovecot
def test_a_source_that_is_set_up_later_is_watched_without_a_restart(
    installation: Installation, support: Mailbox, dovecot: Dovecot
) -> None:
    running, _port = _worker(installation, POSTROOM_CA_FILE=str(dovecot.authority))
    user = f"w{time.time_ns()}"
    dovecot.append(user, letter())
    server = ServerSettings("localhost", dovecot.tls_port, TLS, user, "wrong")
    fetch_from(support, server=server, import_existing=True, by=SYSTEM)
    running.wait_for(lambda: Source.objects.exclude(last_error="").exists(), what="The refusal")
    server = ServerSettings("localhost", dovecot.tls_port, TLS, user, dovecot_server.PASSWORD)
    fetch_from(support, server=server, import_existing=True, by=SYSTEM)
    running.wait_for(lambda: IncomingMail.objects.filter(state=FILED).exists(), what="The conversation")
    assert running.stop() == 0


@pytest.fixture
def taken_port() -> Iterator[int]:
    """A port that another program has."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        yield other.getsockname()[1]


def test_a_taken_port_is_said_and_the_rest_goes_on(
    installation: Installation, support: Mailbox, taken_port: int
) -> None:
    accept(letter(), mailbox=support, transport="pipe")
    running = installation.start("worker", POSTROOM_LMTP_PORT=str(taken_port))
    running.wait_for(lambda: IncomingMail.objects.filter(state=FILED).exists(), what="The conversation")
    running.wait_for(lambda: f"127.0.0.1:{taken_port}" in running.output, what="The complaint")
    assert "set POSTROOM_LMTP_PORT" in running.output


@pytest.mark.django_db(transaction=True)
def test_a_failing_round_is_tried_again() -> None:
    stop, tries = threading.Event(), []

    def step() -> bool:
        tries.append(1)
        if len(tries) < 2:
            raise ZeroDivisionError
        stop.set()
        return False

    thread = threading.Thread(target=_go, args=(Round("test", step), stop, Commits()))
    thread.start()
    thread.join(30)
    assert len(tries) == 2


@pytest.mark.parametrize(
    ("words", "raw", "code"),
    [
        (["deliver"], letter(), 0),
        (["deliver", "--to", "Support+x@velo.example"], letter(to="x@y.example"), 0),
        (["deliver"], letter(to="x@y.example"), 67),
        (["deliver", "--to", "nobody@velo.example"], letter(), 67),
        (["deliver"], b"", 64),
    ],
)
def test_the_pipe_says_by_its_exit_code_what_became_of_the_mail(
    installation: Installation, support: Mailbox, words: list[str], raw: bytes, code: int
) -> None:
    ended = installation.command(*words, stdin=raw)
    assert ended.returncode == code, ended.stderr
    assert IncomingMail.objects.count() == (1 if code == 0 else 0)
    assert bool(ended.stderr) == (code != 0)
    assert b"Traceback" not in ended.stderr


def test_the_pipe_says_try_again_when_the_disk_refuses(installation: Installation, support: Mailbox) -> None:
    blobs = Path(django_settings.POSTROOM_DATA) / "blobs"
    aside = blobs.with_name("blobs-aside")
    if blobs.exists():
        blobs.rename(aside)
    blobs.write_text("A file where the folder should be.")
    try:
        ended = installation.command("deliver", stdin=letter())
    finally:
        blobs.unlink()
        if aside.exists():
            aside.rename(blobs)
    assert ended.returncode == 75
    assert b"Send it again later" in ended.stderr
    assert not IncomingMail.objects.exists()


@pytest.mark.sqlite
def test_a_locked_database_means_try_again(installation: Installation, support: Mailbox) -> None:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout=50")
    other = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        with pytest.raises(CannotStore, match="locked"):
            accept(letter(), mailbox=support, transport="lmtp")
    finally:
        other.execute("ROLLBACK")
        other.close()
        connection.close()
    assert not IncomingMail.objects.exists()
