import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from postroom.channels.mail.actions.ways import fetch_from
from postroom.channels.mail.models import DUPLICATE, TLS, FolderCursor, IncomingMail, Source
from postroom.channels.mail.receive import file_next
from postroom.channels.mail.server_settings import ServerSettings
from postroom.channels.mail.transports.check import check_imap
from postroom.channels.mail.transports.imap import ImapWatcher
from postroom.core.accounts.models import Mailbox
from postroom.core.conversations.models import Message
from postroom.core.events.actor import SYSTEM
from tests.channels.mail.letters import letter
from tests.servers.dovecot import PASSWORD, Dovecot

# The watcher has a connection of its own and sees only what is committed.
pytestmark = [pytest.mark.dovecot, pytest.mark.django_db(transaction=True)]

BARE = b"From: counter@machines.example\r\nSubject: Paper is out\r\n\r\nTray 2\r\n"


class Inbox:
    """One user's INBOX at Dovecot, and the mailbox that fetches it."""

    def __init__(self, dovecot: Dovecot, name: str) -> None:
        self.dovecot, self.name, self.sent = dovecot, name, 0
        self.mailbox = Mailbox.objects.create(name="Support", address="support@velo.example")
        self.watchers: list[ImapWatcher] = []

    def connect(self, *, password: str = PASSWORD, folder: str = "INBOX", import_existing: bool = False) -> Source:
        server = ServerSettings("localhost", self.dovecot.tls_port, TLS, self.name, password)
        return fetch_from(self.mailbox, server=server, folder=folder, import_existing=import_existing, by=SYSTEM)

    def put(self, raw: bytes | None = None, *, folder: str = "INBOX") -> None:
        self.sent += 1
        raw = raw or letter(message_id=f"<{self.sent}@customers.example>")
        self.dovecot.append(self.name, raw, mailbox=folder)

    def watch(self) -> ImapWatcher:
        watcher = ImapWatcher(Source.objects.get(active=True), pause=0.2)
        watcher.thread.start()
        self.watchers.append(watcher)
        return watcher

    def rest(self) -> None:
        for watcher in self.watchers:
            watcher.stop.set()
        for watcher in self.watchers:
            watcher.thread.join(30)
        self.watchers.clear()


@pytest.fixture
def inbox(
    dovecot: Dovecot, settings: Settings, transactional_db: None, request: pytest.FixtureRequest
) -> Iterator[Inbox]:
    """A user of this test's own."""
    settings.POSTROOM_CA_FILE = str(dovecot.authority)
    made = Inbox(dovecot, f"u{time.time_ns()}")
    yield made
    made.rest()


def _until(done: Callable[[], object]) -> None:
    deadline = time.monotonic() + 30
    while not done():
        assert time.monotonic() < deadline, list(IncomingMail.objects.values_list("pk", "state"))
        time.sleep(0.02)


def _count(number: int) -> None:
    _until(lambda: IncomingMail.objects.count() >= number)
    assert IncomingMail.objects.count() == number


def _ready(source: Source) -> None:
    """Wait until the folder has been looked at."""
    _until(lambda: Source.objects.get(pk=source.pk).last_ok_at)


def _filed() -> int:
    while file_next():
        pass
    return Message.objects.count()


def test_new_mail_comes_in_by_idle_and_stays_unseen(inbox: Inbox) -> None:
    source = inbox.connect()
    inbox.watch()
    _ready(source)
    inbox.put()
    _count(1)
    with inbox.dovecot.session(inbox.name) as session:
        session.select("INBOX", readonly=True)
        assert session.search(None, "UNSEEN")[1] == [b"1"]


def test_mail_that_somebody_has_read_already_comes_in_all_the_same(inbox: Inbox) -> None:
    inbox.connect(import_existing=True)
    inbox.put()
    with inbox.dovecot.session(inbox.name) as session:
        session.select("INBOX")
        session.store("1", "+FLAGS", "\\Seen")
    inbox.watch()
    _count(1)


def test_old_mail_is_left_where_it_is_unless_asked_for(inbox: Inbox) -> None:
    inbox.put()
    source = inbox.connect()
    inbox.watch()
    _ready(source)
    inbox.put()
    _count(1)


def test_old_mail_is_taken_when_asked_for_and_without_a_message_id_too(inbox: Inbox) -> None:
    for raw in (BARE, BARE, None):
        inbox.put(raw)
    inbox.connect(import_existing=True)
    inbox.watch()
    _count(3)
    assert _filed() == 3


def test_a_restarted_watcher_goes_on_where_it_was(inbox: Inbox) -> None:
    inbox.connect(import_existing=True)
    inbox.put()
    inbox.watch()
    _count(1)
    inbox.rest()
    inbox.put()
    inbox.put()
    inbox.watch()
    _count(3)


def test_a_crash_before_the_cursor_moved_takes_nothing_twice(inbox: Inbox) -> None:
    inbox.connect(import_existing=True)
    for _ in range(3):
        inbox.put()
    inbox.watch()
    _count(3)
    _until(lambda: FolderCursor.objects.filter(last_uid=3).exists())
    inbox.rest()
    FolderCursor.objects.update(last_uid=0)
    inbox.watch()
    _until(lambda: FolderCursor.objects.filter(last_uid=3).exists())
    assert IncomingMail.objects.count() == 3


def test_a_folder_that_is_numbered_anew_brings_no_doubles(inbox: Inbox) -> None:
    inbox.connect(import_existing=True, folder="Desk")
    mails = [BARE, BARE, letter(message_id="<1@customers.example>")]
    for raw in mails:
        inbox.put(raw, folder="Desk")
    inbox.watch()
    _count(3)
    assert _filed() == 3
    inbox.rest()
    inbox.dovecot.recreate(inbox.name, mailbox="Desk")
    for raw in [*mails, BARE, letter(message_id="<2@customers.example>")]:
        inbox.put(raw, folder="Desk")
    inbox.watch()
    _until(lambda: FolderCursor.objects.filter(last_uid=5).exists())
    assert _filed() == 5
    assert IncomingMail.objects.filter(state=DUPLICATE).count() == 3


def test_a_folder_that_is_numbered_anew_does_not_bring_what_was_not_wanted(inbox: Inbox) -> None:
    old = letter(message_id="<old@customers.example>")
    with inbox.dovecot.session(inbox.name) as session:
        session.create("Desk")
        session.append("Desk", "", '"01-Feb-2020 10:00:00 +0000"', old)
    source = inbox.connect(folder="Desk")
    inbox.watch()
    _ready(source)
    inbox.put(folder="Desk")
    _count(1)
    inbox.rest()
    inbox.dovecot.recreate(inbox.name, mailbox="Desk")
    with inbox.dovecot.session(inbox.name) as session:
        session.append("Desk", "", '"01-Feb-2020 10:00:00 +0000"', old)
    inbox.put(folder="Desk")
    inbox.watch()
    _until(lambda: FolderCursor.objects.filter(renumbered_to=2, last_uid=2).exists())
    assert IncomingMail.objects.count() == 2


def test_a_wrong_password_is_written_on_the_source(inbox: Inbox) -> None:
    source = inbox.connect(password="wrong")
    inbox.watch()
    _until(lambda: Source.objects.get(pk=source.pk).last_error)
    assert "refused the user name or password" in Source.objects.get(pk=source.pk).last_error


def test_a_server_that_went_away_is_found_again(inbox: Inbox) -> None:
    source = inbox.connect()
    inbox.watch()
    _ready(source)
    inbox.dovecot.kill()
    _until(lambda: Source.objects.get(pk=source.pk).last_error)
    inbox.dovecot.restart()
    inbox.put()
    _count(1)
    _until(lambda: not Source.objects.get(pk=source.pk).last_error)


def test_a_mail_that_is_too_large_comes_in_with_a_sentence(inbox: Inbox, settings: Settings) -> None:
    settings.POSTROOM_MAX_MAIL_BYTES = 70_000
    inbox.connect(import_existing=True)
    inbox.put(letter("word " * 20_000))
    inbox.put()
    inbox.watch()
    _count(2)
    assert _filed() == 2
    assert "Only its beginning was taken" in Message.objects.order_by("pk")[0].problems[0]


def test_a_disk_that_refuses_leaves_the_mail_on_the_server(inbox: Inbox, settings: Settings, tmp_path: Path) -> None:
    good = settings.POSTROOM_DATA
    (tmp_path / "blobs").write_text("")
    settings.POSTROOM_DATA = tmp_path
    source = inbox.connect(import_existing=True)
    inbox.put()
    inbox.watch()
    _until(lambda: "could not be stored" in Source.objects.get(pk=source.pk).last_error)
    assert not IncomingMail.objects.exists()
    settings.POSTROOM_DATA = good
    _count(1)


def test_another_account_in_its_place_begins_anew(inbox: Inbox) -> None:
    inbox.connect(import_existing=True)
    inbox.put()
    inbox.watch()
    _count(1)
    inbox.rest()
    inbox.name += "b"
    inbox.put()
    inbox.connect(import_existing=True)
    inbox.watch()
    _count(2)


def test_mail_that_comes_before_the_first_look_is_fetched_and_older_mail_is_not(inbox: Inbox) -> None:
    inbox.put()
    source = inbox.connect()
    server = ServerSettings("localhost", source.port, TLS, inbox.name, PASSWORD)
    fetch_from(inbox.mailbox, server=server, end=check_imap(server), by=SYSTEM)
    inbox.put(BARE)
    inbox.watch()
    _count(1)
    assert _filed() == 1
    assert Message.objects.get().subject == "Paper is out"
