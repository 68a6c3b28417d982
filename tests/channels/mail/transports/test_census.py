"""What the server holds beside what we hold, on a real server."""

import threading
import time

import pytest
from pytest_django import Settings

from postroom.channels.mail import censuses
from postroom.channels.mail.actions.ways import fetch_from
from postroom.channels.mail.fetching_rules import FetchingRules
from postroom.channels.mail.figures import FolderFigures
from postroom.channels.mail.models import POP, TLS, Census, FolderCursor, IncomingMail, Source
from postroom.channels.mail.server_settings import ServerSettings
from postroom.channels.mail.transports import pop_line
from postroom.channels.mail.transports.census import count_next
from postroom.channels.mail.transports.imap_folder import open_folder
from postroom.channels.mail.transports.imap_line import close_line, open_line
from postroom.channels.mail.transports.pop_box import take_box
from postroom.core.accounts.models import Mailbox
from postroom.core.events.actor import SYSTEM
from postroom.lib import clock
from tests.servers.dovecot import PASSWORD, Dovecot

pytestmark = [pytest.mark.dovecot, pytest.mark.django_db(transaction=True)]


class Account:
    """One user's INBOX at Dovecot, and the mailbox that fetches it."""

    def __init__(self, dovecot: Dovecot, mailbox: Mailbox) -> None:
        self.dovecot, self.name, self.sent = dovecot, f"census{time.time_ns()}", 0
        self.server = ServerSettings("localhost", dovecot.tls_port, TLS, self.name, PASSWORD)
        self.mailbox = mailbox

    def connect(self, *, import_existing: bool = True) -> None:
        self.source = fetch_from(self.mailbox, server=self.server, import_existing=import_existing, by=SYSTEM)
        Source.objects.update(last_ok_at=clock.now())

    def put(self, number: int) -> None:
        for _ in range(number):
            self.sent += 1
            self.dovecot.append(
                self.name, b"From: ann@customers.example\r\nMessage-ID: <%d@a>\r\n\r\nhi\r\n" % self.sent
            )

    def take(self) -> None:
        line = open_line(self.server, seconds=20)
        opened = open_folder(line, self.source, folder="INBOX")
        while opened.take_some():
            pass
        close_line(line)

    def expunge(self, number: int) -> None:
        with self.dovecot.session(self.name) as session:
            session.select("INBOX")
            session.store(str(number), "+FLAGS", "\\Deleted")
            session.expunge()

    def count(self, *, fetch: bool = False) -> FolderFigures:
        censuses.ask(self.source, fetch=fetch)
        assert count_next()
        census = Census.objects.get()
        assert census.problem == ""
        assert (census.asked_at, census.fetch, census.leased_until) == (None, False, None)
        (figures,) = [FolderFigures.read(values) for values in census.folders]
        return figures


@pytest.fixture
def account(dovecot: Dovecot, settings: Settings, mailbox: Mailbox) -> Account:
    settings.POSTROOM_CA_FILE = str(dovecot.authority)
    return Account(dovecot, mailbox)


def test_server_and_postroom_hold_the_same(account: Account) -> None:
    account.connect()
    account.put(5)
    account.take()
    figures = account.count()
    assert (figures.server, figures.held, figures.missing, figures.gone, figures.before) == (5, 5, 0, 0, 0)
    assert sum(day.server for day in figures.days) == sum(day.held for day in figures.days) == 5


def test_what_is_missing_is_named_and_fetched_once(account: Account) -> None:
    account.connect()
    account.put(6)
    account.take()
    lost = IncomingMail.objects.filter(pk__in=IncomingMail.objects.order_by("pk").values("pk")[1:3])
    keys = set(lost.values_list("source_key", flat=True))
    lost.delete()
    figures = account.count()
    assert (figures.server, figures.held, figures.missing) == (6, 4, 2)
    assert {key.rpartition(":")[2] for key in keys if key} == {str(uid) for uid in figures.missing_uids}
    for _ in range(2):
        figures = account.count(fetch=True)
        assert (figures.server, figures.held, figures.missing) == (6, 6, 0)
    assert set(IncomingMail.objects.values_list("source_key", flat=True)) >= keys
    assert IncomingMail.objects.count() == 6


def test_mail_that_was_deleted_on_the_server_is_no_loss(account: Account) -> None:
    account.connect()
    account.put(3)
    account.take()
    account.expunge(2)
    figures = account.count()
    assert (figures.server, figures.held, figures.missing, figures.gone) == (2, 2, 0, 1)


def test_mail_from_before_the_mailbox_was_connected_is_not_missing(account: Account) -> None:
    account.put(2)
    time.sleep(1.1)
    account.connect(import_existing=False)
    account.take()
    account.put(1)
    account.take()
    figures = account.count()
    assert (figures.server, figures.before, figures.held, figures.missing) == (3, 2, 1, 0)


def test_mail_that_has_not_been_looked_at_yet_is_on_its_way(account: Account) -> None:
    account.connect()
    account.put(2)
    account.take()
    account.put(1)
    figures = account.count()
    assert (figures.server, figures.held, figures.coming, figures.missing) == (3, 2, 1, 0)


def test_mail_of_earlier_versions_is_found_by_its_name(account: Account) -> None:
    account.connect()
    account.put(2)
    account.take()
    IncomingMail.objects.update(cursor=None, uid=None, server_date=None)
    assert (account.count().held, account.count().missing) == (2, 0)


def test_a_folder_that_was_numbered_anew_is_not_compared_with_old_numbers(account: Account) -> None:
    account.connect()
    account.put(2)
    account.take()
    FolderCursor.objects.update(uidvalidity=1)
    censuses.ask(account.source, fetch=True)
    assert count_next()
    census = Census.objects.get()
    assert "numbered" in census.problem
    assert (census.at, IncomingMail.objects.count()) == (None, 2)


def test_a_server_that_is_away_is_said_and_asked_later(account: Account, dovecot: Dovecot) -> None:
    account.connect()
    account.put(1)
    account.take()
    account.count()
    dovecot.kill()
    censuses.ask(account.source, fetch=False)
    assert count_next()
    census = Census.objects.get()
    assert census.problem
    assert census.at is not None
    assert FolderFigures.read(census.folders[0]).held == 1
    assert not count_next()


def test_two_workers_do_not_count_the_same_source(account: Account) -> None:
    account.connect()
    account.put(1)
    account.take()
    censuses.ask(account.source, fetch=False)
    assert censuses.claim() is not None
    assert censuses.claim() is None


def test_a_pop_account_is_counted_by_the_servers_names(account: Account) -> None:
    account.put(3)
    account.server = ServerSettings("localhost", account.dovecot.pop_tls_port, TLS, account.name, PASSWORD)
    account.source = fetch_from(
        account.mailbox, server=account.server, import_existing=True, rules=FetchingRules(kind=POP), by=SYSTEM
    )
    line = pop_line.open_line(account.server, seconds=20)
    take_box(line, account.source, threading.Event())
    pop_line.close_line(line)
    account.put(1)
    account.expunge(1)
    figures = account.count()
    assert (figures.server, figures.held, figures.coming, figures.missing, figures.gone) == (3, 2, 1, 0, 1)
