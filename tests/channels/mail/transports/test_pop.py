"""POP3: each mail once, whatever the server does with its numbers; nothing is deleted that is not safe with us."""

import poplib
import ssl
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from pytest_django import Settings

from postroom.channels.mail.actions.ways import fetch_from
from postroom.channels.mail.fetching_rules import FetchingRules
from postroom.channels.mail.models import NO_TLS, POP, STARTTLS, TLS, FetchTrouble, IncomingMail, PopName, Source
from postroom.channels.mail.server_settings import ServerSettings
from postroom.channels.mail.transports.check import CheckFailed, check_pop
from postroom.channels.mail.transports.pop import PopWatcher
from postroom.core.accounts.models import Mailbox
from postroom.core.events.actor import SYSTEM
from postroom.lib import clock
from tests.channels.mail.letters import letter
from tests.channels.mail.transports.watching import bodies, until, watched
from tests.servers.bad_pop import BadPop, running
from tests.servers.dovecot import PASSWORD, Dovecot

# The watcher has a connection of its own and sees only what is committed.
pytestmark = pytest.mark.django_db(transaction=True)


class Account:
    """One user at Dovecot, and the mailbox that fetches from there."""

    def __init__(self, dovecot: Dovecot, mailbox: Mailbox) -> None:
        self.dovecot, self.mailbox, self.name = dovecot, mailbox, f"p{time.time_ns()}"
        self.server = ServerSettings("localhost", dovecot.pop_tls_port, TLS, self.name, PASSWORD)

    def connect(self, *, import_existing: bool = True, keep_days: int | None = None) -> Source:
        rules = FetchingRules(kind=POP, keep_days=keep_days)
        end = check_pop(self.server)
        return fetch_from(
            self.mailbox, server=self.server, import_existing=import_existing, rules=rules, end=end, by=SYSTEM
        )

    def put(self, number: int) -> bytes:
        raw = letter(message_id=f"<{number}@customers.example>").replace(b"\n", b"\r\n")
        self.dovecot.append(self.name, raw)
        return raw

    def count(self) -> int:
        context = ssl.create_default_context(cafile=str(self.dovecot.authority))
        session = poplib.POP3_SSL("localhost", self.dovecot.pop_tls_port, context=context)
        try:
            session.user(self.name)
            session.pass_(PASSWORD)
            return session.stat()[0]
        finally:
            session.quit()


@pytest.fixture
def account(dovecot: Dovecot, settings: Settings, transactional_db: None, mailbox: Mailbox) -> Account:
    settings.POSTROOM_CA_FILE = str(dovecot.authority)
    return Account(dovecot, mailbox)


def watcher(source: Source) -> PopWatcher:
    return PopWatcher(source, pause=0.1, patience=2.0, poll=0.2)


def arrived(number: int) -> None:
    until(lambda: PopName.objects.filter(mail__isnull=False).count() >= number)
    assert IncomingMail.objects.count() == number


@pytest.mark.dovecot
def test_mail_is_taken_once_and_left_where_it_is(account: Account) -> None:
    raws = [account.put(1), account.put(2)]
    with watched(watcher(account.connect())):
        arrived(2)
        raws.append(account.put(3))
        arrived(3)
    with watched(watcher(Source.objects.get())):
        raws.append(account.put(4))
        arrived(4)
    assert bodies() == raws
    assert account.count() == 4


@pytest.mark.dovecot
def test_what_lay_there_before_is_neither_taken_nor_deleted_unless_wanted(account: Account) -> None:
    account.put(1)
    source = account.connect(import_existing=False, keep_days=0)
    account.put(2)
    with watched(watcher(source)):
        arrived(1)
        until(lambda: account.count() == 1)


@pytest.mark.dovecot
def test_mail_leaves_the_server_after_some_days_when_that_is_wanted(account: Account) -> None:
    account.put(1)
    account.put(2)
    with watched(watcher(account.connect(keep_days=14))):
        arrived(2)
        assert account.count() == 2
        first = PopName.objects.order_by("pk")[0]
        PopName.objects.filter(pk=first.pk).update(seen_at=clock.now() - timedelta(days=15))
        until(lambda: account.count() == 1)
    assert IncomingMail.objects.count() == 2


@pytest.mark.dovecot
def test_nothing_is_deleted_whose_bytes_are_gone_from_our_disk(
    account: Account, settings: Settings, tmp_path: Path
) -> None:
    account.put(1)
    source = account.connect(keep_days=1)
    with watched(watcher(source)):
        arrived(1)
    settings.POSTROOM_DATA = tmp_path
    PopName.objects.update(seen_at=clock.now() - timedelta(days=15))
    with watched(watcher(source)):
        account.put(2)
        arrived(2)
        time.sleep(0.5)
        assert account.count() == 2


@pytest.mark.dovecot
def test_starttls_is_used_and_a_wrong_password_is_said_to_be_one(account: Account) -> None:
    port = account.dovecot.pop_port
    assert check_pop(ServerSettings("localhost", port, STARTTLS, account.name, PASSWORD)).exists == 0
    with pytest.raises(CheckFailed, match="refused the user name or password"):
        check_pop(ServerSettings("localhost", port, STARTTLS, account.name, "wrong"))
    with pytest.raises(CheckFailed, match="does not speak TLS from the start"):
        check_pop(ServerSettings("localhost", port, TLS, account.name, PASSWORD))


@pytest.fixture
def bad(transactional_db: None) -> Iterator[BadPop]:
    with running(BadPop()) as server:
        yield server


def source_at(server: BadPop, mailbox: Mailbox, *, security: str = NO_TLS) -> Source:
    where = ServerSettings("127.0.0.1", server.port, security, "ann", "secret-word")
    return fetch_from(mailbox, server=where, import_existing=True, rules=FetchingRules(kind=POP), by=SYSTEM)


@pytest.mark.parametrize("trick", ["drop", "stall", "refuse"])
def test_a_poisonous_mail_is_named_and_the_next_ones_come(bad: BadPop, mailbox: Mailbox, trick: str) -> None:
    bad.mails = {f"id{number}": letter(message_id=f"<{number}@customers.example>") for number in range(1, 5)}
    bad.tricks["id2"] = trick
    with watched(watcher(source_at(bad, mailbox))):
        until(lambda: set(PopName.objects.values_list("name", flat=True)) == {"id1", "id3", "id4"})
    trouble = FetchTrouble.objects.get()
    assert trouble.key.endswith("/id2")
    assert trouble.words


@pytest.mark.parametrize("without", [("UIDL",), ("UIDL", "TOP")])
def test_a_server_without_names_is_read_by_what_the_mails_say(
    bad: BadPop, mailbox: Mailbox, without: tuple[str, ...]
) -> None:
    bad.without = without
    bad.mails = {str(number): letter(message_id=f"<{number}@customers.example>") for number in range(1, 4)}
    with watched(watcher(source_at(bad, mailbox))):
        arrived(3)
        # Somebody deletes the first, and all numbers change.
        del bad.mails["1"]
        bad.mails["9"] = letter(message_id="<9@customers.example>")
        arrived(4)


def test_a_line_longer_than_any_program_likes_comes_whole(bad: BadPop, mailbox: Mailbox) -> None:
    bad.mails["id1"] = b"Subject: Long\r\n\r\n" + b"x" * 300_000 + b"\r\n.\r\n..two\r\n"
    with watched(watcher(source_at(bad, mailbox))):
        arrived(1)
    assert bodies() == [bad.mails["id1"]]


def test_an_endless_mail_does_not_fill_the_memory(bad: BadPop, mailbox: Mailbox, settings: Settings) -> None:
    settings.POSTROOM_MAX_MAIL_BYTES = 1_000_000
    bad.mails = {"id1": letter(), "id2": letter(message_id="<2@customers.example>")}
    bad.tricks["id1"] = "endless"
    with watched(watcher(source_at(bad, mailbox))):
        arrived(1)
    assert FetchTrouble.objects.get().key.endswith("/id1")


@pytest.mark.parametrize("without", [("STLS",), ("STLS", "CAPA"), ()])
def test_no_password_is_sent_when_starttls_does_not_come_about(
    bad: BadPop, mailbox: Mailbox, without: tuple[str, ...]
) -> None:
    bad.without = without
    with watched(watcher(source_at(bad, mailbox, security=STARTTLS))):
        until(lambda: Source.objects.get().last_error)
    assert not any("PASS" in line or "USER" in line for line in bad.said)
