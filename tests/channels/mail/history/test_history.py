"""History comes in quietly, once, and goes on where it stopped."""

import secrets
from pathlib import Path

import pytest
from pytest_django import Settings

from postroom.channels.mail.actions.history import bring_account, bring_file, drop, go_on, let_in, pause
from postroom.channels.mail.history.kinds import kind_of
from postroom.channels.mail.history.progress import end_leases
from postroom.channels.mail.models import TLS, IncomingMail
from postroom.channels.mail.models.history import DONE, FAILED, PAUSED, READY, RUNNING, History
from postroom.channels.mail.receive import file_next
from postroom.channels.mail.server_settings import ServerSettings
from postroom.channels.mail.transports.history import history_next
from postroom.core.accounts.models import Mailbox, User
from postroom.core.conversations.models import CLOSED, MERGED, OPEN, Conversation, Message
from postroom.core.conversations.models.message import IN, OUT
from postroom.core.events.actor import SYSTEM
from postroom.core.events.models import Event
from tests.channels.mail.letters import ANN, filed, letter
from tests.servers import dovecot as dovecot_server
from tests.servers.dovecot import Dovecot

BARE = letter(message_id="", subject="Bare")
DATE = "Mon, 02 Jan 2023 03:04:05 +0000"


def old(number: int, *, sender: str = ANN, to: str = "support@velo.example", answers: str = "") -> bytes:
    headers = {"In_Reply_To": answers} if answers else {}
    name = f"<old{number}@customers.example>"
    subject = "Re: Old 1" if answers else f"Old {number}"
    raw = letter(message_id=name, subject=subject, sender=sender, to=to, files=(), **headers)
    return raw.replace(raw.partition(b"Date: ")[2].partition(b"\n")[0], DATE.encode())


def brought(mailbox: Mailbox, folder: Path, *mails: bytes) -> History:
    for number, raw in enumerate(mails):
        (folder / f"{number}.eml").write_bytes(raw)
    return bring_file(mailbox, kind=kind_of(folder), path=folder, name="old", by=SYSTEM)


def run() -> None:
    while history_next() or file_next():
        pass


def test_it_is_counted_first_and_shows_what_it_is(mailbox: Mailbox, tmp_path: Path) -> None:
    history = brought(mailbox, tmp_path, old(1), old(2))
    run()
    history.refresh_from_db()
    assert (history.state, history.found) == (READY, 2)
    assert history.first_at
    assert history.first_at.year == 2023
    assert [sample["subject"] for sample in history.samples] == ["Old 1", "Old 2"]
    assert not Message.objects.exists()


def test_it_comes_in_quietly_with_its_own_dates(mailbox: Mailbox, alice: User, tmp_path: Path) -> None:
    history = brought(mailbox, tmp_path, old(1), old(2, answers="<old1@customers.example>"))
    run()
    assert let_in(history, by=alice)
    run()
    history.refresh_from_db()
    assert (history.state, history.taken, history.known) == (DONE, 2, 0)
    conversation = Conversation.objects.exclude(status=MERGED).get()
    assert (conversation.status, conversation.message_count) == (CLOSED, 2)
    assert conversation.last_activity_at.year == 2023
    assert all(event.data["quiet"] for event in Event.objects.filter(kind="message.received"))


def test_awake_it_is_as_if_it_came_today(mailbox: Mailbox, alice: User, tmp_path: Path) -> None:
    history = brought(mailbox, tmp_path, old(1))
    run()
    let_in(history, awake=True, by=alice)
    run()
    assert Conversation.objects.get().status == OPEN


def test_a_second_run_brings_no_doubles(mailbox: Mailbox, alice: User, tmp_path: Path) -> None:
    outcomes = []
    for _ in range(2):
        history = brought(mailbox, tmp_path, old(1), old(2), BARE)
        run()
        let_in(history, by=alice)
        run()
        history.refresh_from_db()
        outcomes.append((history.taken, history.known))
    assert outcomes == [(3, 0), (0, 3)]
    assert Message.objects.count() == 3


def test_what_came_by_another_way_is_known(mailbox: Mailbox, alice: User, tmp_path: Path) -> None:
    filed(old(1), mailbox=mailbox)
    # The archive has other line ends, and one more header of its own.
    history = brought(mailbox, tmp_path, b"X-Mozilla-Status: 0001\n" + old(1), old(2))
    run()
    let_in(history, by=alice)
    run()
    history.refresh_from_db()
    assert (history.taken, history.known) == (1, 1)


def test_two_mails_with_one_id_are_two(mailbox: Mailbox, alice: User, tmp_path: Path) -> None:
    history = brought(mailbox, tmp_path, old(1), old(1).replace(b"Old 1", b"Something else"))
    run()
    let_in(history, by=alice)
    run()
    assert Message.objects.count() == 2


def test_what_the_mailbox_itself_wrote_is_an_answer(mailbox: Mailbox, alice: User, tmp_path: Path) -> None:
    ours = old(2, sender=f"Support <{mailbox.address}>", to="ann@customers.example", answers="<old1@customers.example>")
    history = brought(mailbox, tmp_path, old(1), ours)
    run()
    let_in(history, by=alice)
    run()
    assert {message.rfc_id[1:5]: message.kind for message in Message.objects.all()} == {"old1": IN, "old2": OUT}
    assert Conversation.objects.exclude(status=MERGED).count() == 1


def test_it_goes_on_where_it_was_paused(
    mailbox: Mailbox, alice: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    history = brought(mailbox, tmp_path, *(old(number) for number in range(4)))
    run()
    let_in(history, by=alice)
    # One mail a turn.
    monkeypatch.setattr("postroom.channels.mail.transports.history._TURN", 0.0)
    history_next()
    assert pause(history)
    assert not history_next()
    history.refresh_from_db()
    assert (history.state, history.taken) == (PAUSED, 1)
    assert go_on(history)
    run()
    history.refresh_from_db()
    assert (history.state, history.taken, history.known) == (DONE, 4, 0)


def test_whoever_was_so_slow_that_another_took_over_says_nothing_more(
    mailbox: Mailbox, alice: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    history = brought(mailbox, tmp_path, *(old(number) for number in range(4)))
    run()
    let_in(history, by=alice)
    rounds = "postroom.channels.mail.transports.history"

    def overtaken(_place: str) -> None:
        monkeypatch.setattr(f"{rounds}.killpoint", lambda _place: None)
        end_leases()
        assert history_next()

    monkeypatch.setattr(f"{rounds}._TURN", 0.0)
    monkeypatch.setattr(f"{rounds}.killpoint", overtaken)
    assert history_next()
    history.refresh_from_db()
    # The second one's word, who met the first one's mail.
    assert (history.taken, history.known, history.leased_until) == (0, 1, None)
    run()
    assert Message.objects.count() == 4


def test_a_file_that_is_gone_says_so_and_can_go_on(mailbox: Mailbox, alice: User, tmp_path: Path) -> None:
    path = tmp_path / "old.mbox"
    path.write_bytes(b"From x Mon Jan  2 03:04:05 2023\n" + old(1))
    history = bring_file(mailbox, kind=kind_of(path), path=path, name="old.mbox", by=alice)
    kept = path.read_bytes()
    path.unlink()
    run()
    history.refresh_from_db()
    assert history.state == FAILED
    assert "No such file" in history.trouble
    path.write_bytes(kept)
    assert go_on(history)
    run()
    history.refresh_from_db()
    assert (history.state, history.found) == (READY, 1)


def test_an_upload_goes_when_it_is_in_or_dropped(mailbox: Mailbox, alice: User, tmp_path: Path) -> None:
    for end in (let_in, drop):
        path = tmp_path / "old.mbox"
        path.write_bytes(b"From x Mon Jan  2 03:04:05 2023\n" + old(1))
        history = bring_file(mailbox, kind=kind_of(path), path=path, name="old.mbox", ours=True, by=alice)
        run()
        assert let_in(history, by=alice) if end is let_in else drop(history)
        run()
        assert not path.exists()


def test_nobody_drops_what_is_under_way(mailbox: Mailbox, alice: User, tmp_path: Path) -> None:
    history = brought(mailbox, tmp_path, old(1))
    run()
    let_in(history, by=alice)
    assert not drop(history)
    assert History.objects.get().state == RUNNING


@pytest.mark.dovecot
def test_a_whole_account_comes_in_but_for_junk_and_trash(
    mailbox: Mailbox, alice: User, dovecot: Dovecot, settings: Settings
) -> None:
    settings.POSTROOM_CA_FILE = str(dovecot.authority)
    user = f"h{secrets.token_hex(4)}"
    for number, folder in enumerate(("INBOX", "Work &- Co", "Trash", "Junk", "Sent")):
        dovecot.append(user, old(number), mailbox=f'"{folder}"')
    server = ServerSettings("localhost", dovecot.tls_port, TLS, user, dovecot_server.PASSWORD)
    history = bring_account(mailbox, server=server, by=alice)
    run()
    history.refresh_from_db()
    assert (history.state, history.found, history.trouble) == (READY, 3, "")
    let_in(history, by=alice)
    run()
    history.refresh_from_db()
    assert (history.state, history.taken) == (DONE, 3)
    assert history.sealed_password == ""
    assert IncomingMail.objects.filter(outgoing=True).count() == 1


@pytest.mark.dovecot
def test_an_account_with_a_wrong_password_is_a_sentence(
    mailbox: Mailbox, alice: User, dovecot: Dovecot, settings: Settings
) -> None:
    settings.POSTROOM_CA_FILE = str(dovecot.authority)
    server = ServerSettings("localhost", dovecot.tls_port, TLS, "h", "wrong")
    history = bring_account(mailbox, server=server, by=alice)
    run()
    history.refresh_from_db()
    assert history.state == FAILED
    assert "refused the user name or password" in history.trouble
