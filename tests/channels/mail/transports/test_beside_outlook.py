"""Somebody uses the same account with another mail program: their answers come, and what is done here is done there."""

import time

import pytest
from pytest_django import Settings

from postroom.channels.mail.actions.ways import fetch_from
from postroom.channels.mail.fetching_rules import FetchingRules
from postroom.channels.mail.follow import FOLLOWER
from postroom.channels.mail.models import (
    DONE,
    DUPLICATE,
    FAILED,
    TLS,
    FolderCursor,
    IncomingMail,
    ServerWish,
    Source,
)
from postroom.channels.mail.receive import file_next
from postroom.channels.mail.server_settings import ServerSettings
from postroom.channels.mail.transports.check import folders_of
from postroom.core.accounts.models import Mailbox, User
from postroom.core.conversations.actions.close import close, reopen
from postroom.core.conversations.actions.read import mark_read
from postroom.core.conversations.actions.spam import mark_spam
from postroom.core.conversations.models import Conversation, Message
from postroom.core.conversations.models.message import IN, OUT
from postroom.core.events.actor import SYSTEM
from postroom.core.events.follow import follow
from tests.channels.mail.letters import letter
from tests.channels.mail.transports.watching import imap_watcher, until, watched
from tests.servers.dovecot import PASSWORD, Dovecot

# The watcher has a connection of its own and sees only what is committed.
pytestmark = [pytest.mark.dovecot, pytest.mark.django_db(transaction=True)]

SENT = "Geschickt"
ODD = ["Ablage/Été & Co", 'Sie sagte "nein"', "日本語", "back\\slash", "a.b", "100%", "*", "&-", "12"]


class Account:
    """One user at Dovecot, and the mailbox that fetches from there."""

    def __init__(self, dovecot: Dovecot, mailbox: Mailbox) -> None:
        self.dovecot, self.mailbox, self.name = dovecot, mailbox, f"o{time.time_ns()}"
        self.server = ServerSettings("localhost", dovecot.tls_port, TLS, self.name, PASSWORD)

    def connect(self, *, folder: str = "INBOX", import_existing: bool = True, **rules: object) -> Source:
        made = FetchingRules(**rules)  # type: ignore[arg-type]
        return fetch_from(
            self.mailbox, server=self.server, folder=folder, import_existing=import_existing, rules=made, by=SYSTEM
        )

    def put(self, raw: bytes, *, folder: str = "INBOX") -> None:
        self.dovecot.append(self.name, raw, mailbox=folder)

    def count(self, folder: str, *criteria: str) -> int:
        with self.dovecot.session(self.name) as session:
            session.create(folder)
            session.select(folder, readonly=True)
            return len(session.search(None, *(criteria or ("ALL",)))[1][0].split())


@pytest.fixture
def account(dovecot: Dovecot, settings: Settings, transactional_db: None, mailbox: Mailbox) -> Account:
    settings.POSTROOM_CA_FILE = str(dovecot.authority)
    made = Account(dovecot, mailbox)
    # Other programs make their folders, too.
    with dovecot.session(made.name) as session:
        for folder in (SENT, "Archives", "Spam"):
            session.create(folder)
    return made


def question(number: int = 1) -> bytes:
    return letter(message_id=f"<q{number}@customers.example>", subject=f"Order {number}")


def answer(number: int = 1) -> bytes:
    return letter(
        "It left on Monday.",
        message_id=f"<a{number}@outlook.example>",
        sender="Support <support@velo.example>",
        to="Ann Peeters <ann@customers.example>",
        subject=f"Re: Order {number}",
        In_Reply_To=f"<q{number}@customers.example>",
        References=f"<q{number}@customers.example>",
    )


def filed() -> None:
    while file_next():
        pass


def reacted() -> None:
    while follow(FOLLOWER):
        pass


def arrived(number: int) -> None:
    until(lambda: IncomingMail.objects.count() >= number)
    filed()
    assert IncomingMail.objects.count() == number


def test_an_answer_written_in_another_program_is_an_answer(account: Account) -> None:
    account.put(question())
    with watched(imap_watcher(account.connect())):
        arrived(1)
        account.put(answer(), folder=SENT)
        arrived(2)
    conversation = Conversation.objects.get()
    assert [message.kind for message in conversation.messages.order_by("pk")] == [IN, OUT]
    assert conversation.waiting_since is None
    assert FolderCursor.objects.get(folder=SENT).role == "sent"


def test_the_copy_of_our_own_reply_changes_nothing(account: Account, alice: User) -> None:
    account.put(question())
    with watched(imap_watcher(account.connect())):
        arrived(1)
        asked = Message.objects.get()
        ours = Message.objects.create(
            conversation=asked.conversation, kind=OUT, author=alice, text="Soon.", rfc_id="<a1@outlook.example>"
        )
        account.put(answer(), folder=SENT)
        arrived(2)
    assert list(Message.objects.order_by("pk")) == [asked, ours]


def test_the_sent_folder_is_left_alone_when_that_is_not_wanted(account: Account) -> None:
    account.put(answer(), folder=SENT)
    with watched(imap_watcher(account.connect(reads_sent=False))):
        account.put(question())
        arrived(1)
    assert not FolderCursor.objects.filter(folder=SENT).exists()


@pytest.mark.parametrize("folder", ODD)
def test_a_folder_with_any_name_is_listed_and_fetched(account: Account, folder: str) -> None:
    from imapclient.imap_utf7 import encode

    wire = encode(folder.replace("/", ".")).decode().replace("\\", "\\\\").replace('"', '\\"')
    with account.dovecot.session(account.name) as session:
        made = session.create(f'"{wire}"')
        assert made[0] == "OK", made
    name = folder.replace("/", ".")
    assert name in [one.name for one in folders_of(account.server)]
    account.put(question())
    account.put(question(2), folder=f'"{wire}"')
    with watched(imap_watcher(account.connect(more_folders=(name,)))):
        arrived(2)
    assert set(FolderCursor.objects.values_list("folder", flat=True)) == {"INBOX", name, SENT}


def test_a_folder_that_was_taken_away_keeps_the_others_from_nothing(account: Account) -> None:
    source = account.connect(more_folders=("Gone",))
    with watched(imap_watcher(source)):
        until(lambda: "no folder called Gone" in Source.objects.get().last_error)
        account.put(question())
        arrived(1)
        assert Source.objects.get().last_ok_at


def test_what_is_closed_here_is_archived_there_and_does_not_come_back(account: Account) -> None:
    account.put(question())
    with watched(imap_watcher(account.connect(when_closed="archive"))):
        arrived(1)
        close(Conversation.objects.get(), by=SYSTEM)
        reacted()
        until(lambda: ServerWish.objects.filter(outcome=DONE).exists())
        account.put(question(2))
        arrived(2)
    assert (account.count("Archives"), account.count("INBOX")) == (1, 1)


def test_what_is_opened_again_in_time_stays_where_it_is(account: Account) -> None:
    account.put(question())
    source = account.connect(when_closed="archive")
    with watched(imap_watcher(source)):
        arrived(1)
    conversation = Conversation.objects.get()
    close(conversation, by=SYSTEM)
    reacted()
    assert ServerWish.objects.count() == 1
    reopen(conversation, by=SYSTEM)
    reacted()
    assert not ServerWish.objects.exists()


def test_spam_goes_to_the_junk_and_what_is_read_is_marked_as_read(account: Account, alice: User) -> None:
    account.put(question())
    account.put(question(2))
    with watched(imap_watcher(account.connect(when_spam="junk", marks_seen=True))):
        arrived(2)
        first, second = Conversation.objects.order_by("pk")
        assert account.count("INBOX", "UNSEEN") == 2
        mark_read(first, by=alice, message_id=first.last_message_id or 0)
        mark_spam(second, by=SYSTEM)
        reacted()
        until(lambda: ServerWish.objects.filter(outcome=DONE).count() == 3)
    assert (account.count("INBOX"), account.count("INBOX", "UNSEEN"), account.count("Spam")) == (1, 0, 1)


def test_a_wish_survives_a_folder_that_is_numbered_anew(account: Account) -> None:
    raw = question()
    account.put(raw, folder="Desk")
    source = account.connect(folder="Desk", when_closed="archive", reads_sent=False)
    with watched(imap_watcher(source)):
        arrived(1)
    close(Conversation.objects.get(), by=SYSTEM)
    reacted()
    account.dovecot.recreate(account.name, mailbox="Desk")
    account.put(question(2), folder="Desk")
    account.put(raw, folder="Desk")
    with watched(imap_watcher(source)):
        until(lambda: ServerWish.objects.exclude(outcome="").exists())
        filed()
    assert IncomingMail.objects.filter(state=DUPLICATE).count() == 1
    assert (account.count("Archives"), account.count("Desk")) == (1, 1)


def test_nothing_is_deleted_that_is_not_here_to_the_last_byte(account: Account) -> None:
    account.put(question())
    source = account.connect(when_closed="delete")
    with watched(imap_watcher(source)):
        arrived(1)
    IncomingMail.objects.update(problem="Only its beginning was taken.")
    close(Conversation.objects.get(), by=SYSTEM)
    reacted()
    with watched(imap_watcher(source)):
        until(lambda: ServerWish.objects.filter(outcome=FAILED).exists())
    assert account.count("INBOX") == 1


def test_what_is_closed_is_deleted_there_when_that_is_wanted(account: Account) -> None:
    account.put(question())
    with watched(imap_watcher(account.connect(when_closed="delete"))):
        arrived(1)
        close(Conversation.objects.get(), by=SYSTEM)
        reacted()
        until(lambda: ServerWish.objects.filter(outcome=DONE).exists())
    assert account.count("INBOX") == 0
