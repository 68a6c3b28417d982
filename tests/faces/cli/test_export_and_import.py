"""Everything out and in by hand: files, exit codes, and what is said."""

import io
import os
import signal
import sys
import zipfile
from pathlib import Path

import pytest

from postroom.channels.mail.models.history import DONE, FAILED, PAUSED, READY, RUNNING, History
from postroom.core.accounts.models import Mailbox
from postroom.core.conversations.models import CLOSED, OPEN, Conversation, Message
from postroom.core.storage import blobs
from postroom.faces.cli.export_mailbox import export_mailbox
from postroom.faces.cli.import_history import import_history
from postroom.lib import clock
from tests.channels.mail.letters import filed, letter
from tests.servers.dovecot import PASSWORD, Dovecot
from tests.servers.postroom import Installation

SUPPORT = "support@velo.example"


@pytest.fixture
def old(tmp_path: Path) -> Path:
    path = tmp_path / "old.mbox"
    mails = (letter(message_id=f"<{number}@customers.example>", subject=f"Old {number}") for number in range(4))
    path.write_bytes(b"\n".join(b"From ann@x Mon Jan  2 03:04:05 2023\n" + raw for raw in mails))
    return path


@pytest.mark.parametrize("form", ["mbox", "zip"])
def test_a_mailbox_is_written_to_a_file_that_only_its_owner_reads(mailbox: Mailbox, tmp_path: Path, form: str) -> None:
    filed(letter(), mailbox=mailbox)
    path = tmp_path / f"all.{form}"
    assert export_mailbox(SUPPORT, form=form, to=str(path)) == 0
    assert zipfile.is_zipfile(path) if form == "zip" else path.read_bytes().startswith(b"From ann@")
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_what_cannot_be_written_leaves_nothing_behind(
    mailbox: Mailbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    filed(letter(), mailbox=mailbox)
    path = tmp_path / "all.zip"
    path.write_bytes(b"the one before")
    assert export_mailbox("nobody@velo.example", form="zip", to=str(path)) == 67
    assert export_mailbox(SUPPORT, form="zip", to=str(tmp_path / "no" / "all.zip")) == 73

    def full(_file: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    assert export_mailbox(SUPPORT, form="zip", to=str(path)) == 74
    assert "No space left on device" in capsys.readouterr().err
    assert path.read_bytes() == b"the one before"
    assert list(tmp_path.iterdir()) == [path]


def test_it_is_shown_then_taken_in_then_known(
    mailbox: Mailbox, old: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("no\n"))
    assert import_history(str(old), to=SUPPORT, awake=False, yes=False) == 0
    said = capsys.readouterr().out
    assert "old.mbox: 4 mails" in said
    assert "Ann Peeters: Old 0" in said
    assert History.objects.get().state == READY
    monkeypatch.setattr(sys, "stdin", io.StringIO("y\n"))
    assert import_history(str(old), to=SUPPORT, awake=False, yes=False) == 0
    assert "4 taken in" in capsys.readouterr().out
    assert Conversation.objects.filter(status=CLOSED).count() == 4
    assert import_history(str(old), to=SUPPORT, awake=False, yes=True) == 0
    assert "0 taken in, 4 known already" in capsys.readouterr().out
    assert Message.objects.count() == 4


def test_awake_it_is_as_if_it_came_today(mailbox: Mailbox, old: Path) -> None:
    assert import_history(str(old), to=SUPPORT, awake=True, yes=True) == 0
    assert Conversation.objects.filter(status=OPEN).count() == 4


def test_ctrl_c_pauses_and_the_same_command_goes_on(
    mailbox: Mailbox, old: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    rounds = "postroom.channels.mail.transports.history"
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    assert import_history(str(old), to=SUPPORT, awake=False, yes=False) == 0
    monkeypatch.setattr(f"{rounds}.killpoint", lambda _place: signal.raise_signal(signal.SIGINT))
    assert import_history(str(old), to=SUPPORT, awake=False, yes=True) == 130
    assert "the same command goes on" in capsys.readouterr().out
    history = History.objects.get()
    assert (history.state, history.taken, history.leased_until) == (PAUSED, 1, None)
    monkeypatch.undo()
    assert import_history(str(old), to=SUPPORT, awake=False, yes=True) == 0
    history.refresh_from_db()
    assert (history.state, history.taken, history.known) == (DONE, 4, 0)


def test_a_full_disk_is_a_sentence_and_the_same_command_goes_on(
    mailbox: Mailbox, old: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(_store: object, _data: bytes) -> tuple[str, bool]:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(type(blobs()), "put_new", full)
    assert import_history(str(old), to=SUPPORT, awake=False, yes=True) == 75
    assert "No space left on device" in capsys.readouterr().err
    assert History.objects.get().state == FAILED
    monkeypatch.undo()
    assert import_history(str(old), to=SUPPORT, awake=False, yes=True) == 0
    assert Message.objects.count() == 4


def test_what_is_no_archive_and_nobodys_mailbox_are_refused(
    mailbox: Mailbox, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "x").write_bytes(b"hello")
    assert import_history(str(tmp_path / "x"), to=SUPPORT, awake=False, yes=True) == 66
    assert import_history(str(tmp_path / "nowhere"), to=SUPPORT, awake=False, yes=True) == 66
    assert import_history(str(tmp_path), to="nobody@velo.example", awake=False, yes=True) == 67
    for source in ("imaps://host.example", "imaps://@host", "imaps://a@b:99999", "imaps://a:secret@b"):
        assert import_history(source, to=SUPPORT, awake=False, yes=True) == 64
    assert not History.objects.exists()


def test_a_single_mail_is_taken_in(mailbox: Mailbox, tmp_path: Path) -> None:
    (tmp_path / "one.eml").write_bytes(letter())
    assert import_history(str(tmp_path / "one.eml"), to=SUPPORT, awake=False, yes=True) == 0
    assert Message.objects.count() == 1


@pytest.mark.dovecot
def test_an_account_is_taken_in_with_the_password_of_the_environment(
    installation: Installation, mailbox: Mailbox, dovecot: Dovecot
) -> None:
    user = f"c{clock.now().timestamp()}"
    dovecot.append(user, letter())
    source = f"imaps://{user}@localhost:{dovecot.tls_port}"
    words = ("import", source, "--to", SUPPORT, "--yes")
    wrong = installation.command(
        *words, POSTROOM_CA_FILE=str(dovecot.authority), POSTROOM_INTERNAL_PASSWORD="not this one"
    )
    assert (wrong.returncode, b"refused" in wrong.stderr) == (75, True)
    right = installation.command(*words, POSTROOM_CA_FILE=str(dovecot.authority), POSTROOM_INTERNAL_PASSWORD=PASSWORD)
    assert (right.returncode, right.stderr) == (0, b"")
    assert b"1 taken in" in right.stdout
    assert History.objects.get().sealed_password == ""
    assert installation.command(*words).returncode == 64


def test_a_command_beside_a_worker_brings_nothing_twice(
    installation: Installation, mailbox: Mailbox, old: Path, tmp_path: Path
) -> None:
    installation.start("worker", POSTROOM_LMTP_PORT="0")
    done = installation.command("import", str(old), "--to", SUPPORT, "--yes")
    assert done.returncode == 0, done
    history = History.objects.get()
    assert (history.state, history.taken + history.known, Message.objects.count()) == (DONE, 4, 4)
    out = installation.command("export", SUPPORT, "--format", "mbox", "--to", "-")
    assert (out.returncode, out.stdout.count(b"\nSubject: Old ")) == (0, 4)
    assert RUNNING not in History.objects.values_list("state", flat=True)
