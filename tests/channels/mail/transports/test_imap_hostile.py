"""Servers that drop, stall, lie and talk nonsense: every mail that can be had comes, and the rest is named."""

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from postroom.channels.mail.actions.fetch_troubles import PAUSES, fetch_again
from postroom.channels.mail.models import STARTTLS, FetchTrouble, FolderCursor, IncomingMail, Source
from postroom.lib import clock
from tests.channels.mail.letters import letter
from tests.channels.mail.transports.watching import bodies, imap_watcher, source_at, until, watched
from tests.servers.bad_imap import BadImap, running
from tests.servers.certificates import Certificates

# The watcher has a connection of its own and sees only what is committed.
pytestmark = pytest.mark.django_db(transaction=True)

TRICKS = ("drop", "stall", "refuse", "cut", "nonsense", "nil", "empty", "endless")


@pytest.fixture
def server(transactional_db: None) -> Iterator[BadImap]:
    with running(BadImap()) as made:
        yield made


def mail(number: int, *, words: str = "Where is my order?") -> bytes:
    return letter(words, message_id=f"<{number}@customers.example>")


def uids() -> list[int | None]:
    return sorted(IncomingMail.objects.values_list("uid", flat=True), key=lambda uid: uid or 0)


def error() -> str:
    return Source.objects.get().last_error


@pytest.mark.parametrize("trick", TRICKS)
def test_a_poisonous_mail_is_named_and_the_next_ones_come(server: BadImap, trick: str) -> None:
    for number in range(1, 6):
        server.put(mail(number))
    server.tricks[3] = trick
    with watched(imap_watcher(source_at(server))):
        until(lambda: uids() == [1, 2, 4, 5] and FolderCursor.objects.filter(last_uid=5).exists())
        server.put(mail(6))
        until(lambda: 6 in uids())
    trouble = FetchTrouble.objects.get()
    assert (trouble.uid, trouble.tries, trouble.given_up) == (3, 1, False)
    assert trouble.words
    assert len(set(bodies())) == 5


def test_a_mail_that_is_given_at_last_is_taken_and_its_trouble_forgotten(server: BadImap) -> None:
    server.put(mail(1))
    server.tricks[1] = "refuse"
    with watched(imap_watcher(source_at(server))):
        until(lambda: FetchTrouble.objects.filter(tries=1).exclude(words="").exists())
        assert "ann@customers.example" in FetchTrouble.objects.get().about
        server.tricks.clear()
        FetchTrouble.objects.update(next_try_at=clock.now())
        until(lambda: uids() == [1])
        until(lambda: not FetchTrouble.objects.exists())


def test_a_mail_that_is_never_given_is_given_up_and_can_be_asked_for_again(server: BadImap) -> None:
    server.put(mail(1))
    server.tricks[1] = "nil"
    with watched(imap_watcher(source_at(server))):
        for tries in range(1, len(PAUSES) + 2):
            until(FetchTrouble.objects.filter(tries=tries).exclude(words="").exists)
            FetchTrouble.objects.filter(next_try_at__isnull=False).update(next_try_at=clock.now())
        assert FetchTrouble.objects.get().given_up
        server.tricks.clear()
        fetch_again(FetchTrouble.objects.get())
        until(lambda: uids() == [1])


def test_mail_that_comes_drop_by_drop_comes_whole(server: BadImap) -> None:
    raw = mail(1, words="word " * 600)
    server.put(raw)
    server.tricks[1] = "slow"
    with watched(imap_watcher(source_at(server))):
        until(lambda: uids() == [1])
    assert bodies() == [raw]


@pytest.mark.parametrize("said", [0, 1, 10**12])
def test_sizes_that_are_lies_lose_nothing(server: BadImap, said: int) -> None:
    server.put(mail(1))
    server.put(mail(2))
    server.sizes[1] = said
    with watched(imap_watcher(source_at(server))):
        until(lambda: uids() == [1, 2])
    assert bodies()[0].startswith(b"From:") or b"Message-ID" in bodies()[0]
    assert bool(IncomingMail.objects.get(uid=1).problem) == (said > 10**6)


def test_a_mail_larger_than_it_was_said_to_be_does_not_fill_the_memory(server: BadImap, settings: Settings) -> None:
    settings.POSTROOM_MAX_MAIL_BYTES = 1_000_000
    server.put(b"Subject: Large\r\n\r\n" + b"x" * 20_000_000)
    server.put(mail(2))
    server.sizes[1] = 100
    with watched(imap_watcher(source_at(server))):
        until(lambda: uids() == [2])
        # The other one may have had trouble as well, until the connection was made anew.
        until(lambda: list(FetchTrouble.objects.values_list("uid", flat=True)) == [1])


@pytest.mark.parametrize("ghosts", [["9", "12"], ["0", "-1"], ["99999999999999999999"], ["one"], ["1", "1", "2"]])
def test_uids_of_what_is_not_there_hold_nothing_up(server: BadImap, ghosts: list[str]) -> None:
    server.put(mail(1))
    server.put(mail(2))
    server.ghosts = ghosts
    with watched(imap_watcher(source_at(server))):
        until(lambda: uids() == [1, 2])
        server.ghosts = []
        server.put(mail(3))
        until(lambda: len(uids()) == 3)


@pytest.mark.parametrize(("exists", "uidnext"), [(0, 1), (10**9, 10**6), (None, -1), (5, None)])
def test_counts_that_are_lies_lose_nothing(server: BadImap, exists: int | None, uidnext: int | None) -> None:
    server.exists, server.uidnext = exists, uidnext
    server.put(mail(1))
    server.put(mail(2))
    with watched(imap_watcher(source_at(server))):
        until(lambda: uids() == [1, 2])
        server.put(mail(3), uid=10**6 + 1)
        until(lambda: len(uids()) == 3)


def test_years_of_deleted_mail_are_passed_over(server: BadImap) -> None:
    for number, uid in enumerate((5, 30_000, 4_000_000_000, 4_294_967_295)):
        server.put(mail(number), uid=uid)
    with watched(imap_watcher(source_at(server))):
        until(lambda: uids() == [5, 30_000, 4_000_000_000, 4_294_967_295])


def test_a_folder_without_lasting_numbers_is_not_guessed_at(server: BadImap) -> None:
    server.uidvalidity = None
    server.put(mail(1))
    with watched(imap_watcher(source_at(server))):
        until(lambda: "UIDVALIDITY" in error())
    assert not IncomingMail.objects.exists()


def test_an_older_state_put_back_under_the_same_numbers_loses_no_mail(server: BadImap) -> None:
    for number in range(1, 5):
        server.put(mail(number))
    source = source_at(server)
    with watched(imap_watcher(source)):
        until(lambda: FolderCursor.objects.filter(last_uid=4).exists())
    for uid in (3, 4):
        del server.mails[uid]
    new = mail(30)
    server.put(new)
    with watched(imap_watcher(source)):
        until(lambda: new in bodies())


def test_a_long_way_is_shown_as_it_is_gone(server: BadImap) -> None:
    for number in range(1, 311):
        server.put(mail(number))
    with watched(imap_watcher(source_at(server))) as watcher:
        until(lambda: FolderCursor.objects.filter(backlog=310, fetched__gte=100).exists())
        watcher.stop.set()
    with watched(imap_watcher(Source.objects.get())):
        until(lambda: FolderCursor.objects.filter(backlog=0, fetched=0, last_uid=310).exists())
    assert IncomingMail.objects.count() == 310


@pytest.mark.parametrize(
    ("command", "how"),
    [
        *((command, "drop") for command in ("LOGIN", "LIST", "EXAMINE", "SEARCH", "FETCH", "IDLE")),
        *((command, "stall") for command in ("LOGIN", "SEARCH", "FETCH")),
        *((command, "* (((((\r\n{tag} OK") for command in ("LIST", "EXAMINE", "SEARCH", "FETCH", "IDLE")),
        *((command, "flood") for command in ("EXAMINE", "IDLE")),
        ("FETCH", "{tag} BAD no"),
        ("SEARCH", "* SEARCH one two\r\n{tag} OK"),
    ],
)
def test_a_server_that_loses_its_mind_is_left_and_found_again(
    server: BadImap, settings: Settings, command: str, how: str
) -> None:
    settings.POSTROOM_MAX_MAIL_BYTES = 1_000_000
    server.put(mail(1))
    server.instead[command] = how
    with watched(imap_watcher(source_at(server))):
        until(lambda: sum(command in line for line in server.said) >= (2 if how in ("stall", "drop") else 1))
        server.instead.clear()
        FetchTrouble.objects.update(next_try_at=clock.now())
        server.put(mail(2))
        until(lambda: 2 in uids())
        FetchTrouble.objects.filter(next_try_at__isnull=False).update(next_try_at=clock.now())
        until(lambda: uids() == [1, 2])


def test_a_server_without_idle_is_asked_now_and_then(server: BadImap) -> None:
    server.capabilities = "IMAP4rev1"
    with watched(imap_watcher(source_at(server))):
        until(lambda: Source.objects.get().last_ok_at)
        server.put(mail(1))
        until(lambda: uids() == [1])
    assert not any("IDLE" in line for line in server.said)


def test_a_server_that_offers_idle_and_refuses_it_is_asked_now_and_then(server: BadImap) -> None:
    server.instead["IDLE"] = "{tag} NO not today"
    with watched(imap_watcher(source_at(server))):
        until(lambda: any("IDLE" in line for line in server.said))
        server.put(mail(1))
        until(lambda: uids() == [1])
    assert sum("IDLE" in line for line in server.said) == 1


@pytest.mark.parametrize(
    ("capabilities", "instead"),
    [
        ("IMAP4rev1", {}),
        ("IMAP4rev1 STARTTLS", {"STARTTLS": "{tag} NO not today"}),
        ("IMAP4rev1 STARTTLS", {"STARTTLS": "{tag} BAD what"}),
        ("IMAP4rev1 STARTTLS", {"STARTTLS": "{tag} OK go on\r\n* OK [ALERT] in clear text\r\n"}),
        ("IMAP4rev1 STARTTLS", {"STARTTLS": "drop"}),
    ],
)
def test_no_password_is_sent_when_starttls_does_not_come_about(
    server: BadImap, capabilities: str, instead: dict[str, str]
) -> None:
    server.capabilities, server.instead = capabilities, instead
    with watched(imap_watcher(source_at(server, security=STARTTLS))):
        until(error)
    assert server.signed_in_with == []


def test_a_greeting_that_skips_the_sign_in_does_not_skip_tls(server: BadImap) -> None:
    server.greeting = "* PREAUTH welcome"
    server.capabilities = "IMAP4rev1 STARTTLS"
    server.put(mail(1))
    with watched(imap_watcher(source_at(server, security=STARTTLS))):
        until(error)
    assert not IncomingMail.objects.exists()


def test_starttls_is_used_before_the_password_is_sent(
    server: BadImap, certificate: Certificates, settings: Settings
) -> None:
    settings.POSTROOM_CA_FILE = str(certificate.authority)
    server.capabilities, server.certificates = "IMAP4rev1 STARTTLS", certificate
    server.put(mail(1))
    with watched(imap_watcher(source_at(server, security=STARTTLS))):
        until(lambda: uids() == [1])
    assert [line.split()[1] for line in server.said][:4] == ["CAPABILITY", "STARTTLS", "CAPABILITY", "LOGIN"]
