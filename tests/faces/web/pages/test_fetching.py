"""The page that says what is fetched from a mailbox's account."""

import time
from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import Settings

from postroom.channels.mail.actions.ways import fetch_from
from postroom.channels.mail.models import POP, TLS, FetchTrouble, FolderCursor, Source
from postroom.channels.mail.server_settings import ServerSettings
from postroom.core.accounts.models import Mailbox, User
from postroom.core.events.actor import SYSTEM
from postroom.lib import clock
from tests.servers import dovecot as dovecot_server
from tests.servers.dovecot import Dovecot

SignIn = Callable[[User], Client]
CHOSEN = {
    "more_folders": ["Desk", "Ablage/Été"],
    "reads_sent": "on",
    "sent_folder": "",
    "when_closed": "archive",
    "when_spam": "junk",
    "archive_folder": "",
    "junk_folder": "Spam",
    "keep_days": "",
}


@pytest.fixture
def source(mailbox: Mailbox) -> Source:
    return fetch_from(mailbox, server=ServerSettings("127.0.0.1", 1, TLS, "ann", "secret-word"), by=SYSTEM)


def url(mailbox: Mailbox, rest: str = "") -> str:
    return f"/settings/mailboxes/{mailbox.pk}/fetching{rest}"


def test_folders_and_what_is_done_on_the_server_are_kept(
    alice: User, mailbox: Mailbox, source: Source, sign_in: SignIn
) -> None:
    browser = sign_in(alice)
    assert browser.get(url(mailbox)).status_code == 200
    assert browser.post(url(mailbox), CHOSEN).status_code == 302
    source.refresh_from_db()
    assert source.more_folders == ["Desk", "Ablage/Été"]
    assert (source.reads_sent, source.marks_seen, source.when_closed, source.junk_folder) == (
        True,
        False,
        "archive",
        "Spam",
    )
    # What is typed on the mailbox's own page leaves it alone.
    fetch_from(mailbox, server=ServerSettings("127.0.0.1", 1, TLS, "ann"), by=SYSTEM)
    source.refresh_from_db()
    assert source.when_closed == "archive"


@pytest.mark.parametrize(
    "wrong",
    [
        {"more_folders": "x" * 501},
        {"more_folders": "a\x00b"},
        {"more_folders": "\n".join(map(str, range(60)))},
        {"when_closed": "burn"},
        {"keep_days": "-1"},
        {"keep_days": "ten"},
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(
    alice: User, mailbox: Mailbox, source: Source, sign_in: SignIn, wrong: dict[str, str]
) -> None:
    answer = sign_in(alice).post(url(mailbox), {**CHOSEN, **wrong})
    assert answer.status_code == 422
    source.refresh_from_db()
    assert source.when_closed == ""


def test_a_long_way_and_what_the_server_does_not_give_are_shown(
    alice: User, mailbox: Mailbox, source: Source, sign_in: SignIn
) -> None:
    cursor = FolderCursor.objects.create(
        source=source, folder="INBOX", uidvalidity=1, backlog=104_000, fetched=12_300, last_uid=12_300
    )
    FetchTrouble.objects.create(
        cursor=cursor,
        key="imap.1:1:9",
        uid=9,
        about="Ann <ann@customers.example>: Order 118",
        words="The server names this mail and does not give it.",
        tries=6,
        first_at=clock.now(),
        last_at=clock.now(),
    )
    browser = sign_in(alice)
    page = browser.get(url(mailbox)).content.decode()
    for words in ("fetched 12,300 of 104,000", "Order 118", "given up", "does not give it"):
        assert words in page
    assert browser.post(url(mailbox, "/again")).status_code == 302
    assert FetchTrouble.objects.get().next_try_at


def test_a_server_that_names_no_folders_leaves_them_to_be_typed(
    alice: User, mailbox: Mailbox, source: Source, sign_in: SignIn
) -> None:
    page = sign_in(alice).get(url(mailbox, "/folders")).content.decode()
    assert "nothing listens on port" in page
    assert "<textarea" in page


@pytest.mark.dovecot
def test_the_folders_of_the_account_are_there_to_choose_from(
    alice: User, mailbox: Mailbox, sign_in: SignIn, dovecot: Dovecot, settings: Settings
) -> None:
    settings.POSTROOM_CA_FILE = str(dovecot.authority)
    name = f"f{time.time_ns()}"
    with dovecot.session(name) as session:
        session.create("Geschickt")
        session.create("Desk")
    server = ServerSettings("localhost", dovecot.tls_port, TLS, name, dovecot_server.PASSWORD)
    fetch_from(mailbox, server=server, by=SYSTEM)
    page = sign_in(alice).get(url(mailbox, "/folders")).content.decode()
    assert 'value="Desk"' in page
    assert "Geschickt (found)" in page


@pytest.mark.dovecot
def test_a_pop3_account_is_tried_and_kept(
    alice: User, mailbox: Mailbox, sign_in: SignIn, dovecot: Dovecot, settings: Settings
) -> None:
    settings.POSTROOM_CA_FILE = str(dovecot.authority)
    browser = sign_in(alice)
    typed = {
        "incoming-way": "imap",
        "incoming-protocol": "pop",
        "incoming-host": "localhost",
        "incoming-port": str(dovecot.pop_tls_port),
        "incoming-security": "tls",
        "incoming-username": "popper",
        "incoming-password": "wrong",
    }
    address = f"/settings/mailboxes/{mailbox.pk}/incoming"
    assert browser.post(address, typed).status_code == 422
    assert browser.post(address, typed | {"incoming-password": dovecot_server.PASSWORD}).status_code == 302
    assert Source.objects.get().kind == POP
    assert "Days that a mail stays there" in browser.get(url(mailbox)).content.decode()
    assert browser.post(url(mailbox), {"keep_days": "14"}).status_code == 302
    assert Source.objects.get().keep_days == 14


def test_clear_text_to_another_machine_wants_the_owners_own_word(
    alice: User, mailbox: Mailbox, sign_in: SignIn
) -> None:
    browser, address = sign_in(alice), f"/settings/mailboxes/{mailbox.pk}/incoming"
    typed = {
        "incoming-way": "imap",
        "incoming-host": "imap.velo.invalid",
        "incoming-security": "none",
        "incoming-username": "ann",
        "incoming-password": "secret-word",
        "incoming-anyway": "yes",
    }
    refused = browser.post(address, typed)
    assert refused.status_code == 422
    assert "everybody on the way can read" in refused.content.decode()
    assert "everybody on the way can read" in browser.post(f"{address}/test", typed).content.decode()
    assert not Source.objects.exists()
    assert browser.post(address, typed | {"incoming-in_clear": "on"}).status_code == 302
