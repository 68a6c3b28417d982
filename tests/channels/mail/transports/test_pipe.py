import io
from pathlib import Path

import pytest
from pytest_django import Settings

from postroom.channels.mail.models import IncomingMail
from postroom.channels.mail.transports import pipe
from postroom.channels.mail.transports.pipe import deliver_from_pipe
from postroom.core.accounts.models import Mailbox
from tests.channels.mail.letters import letter


def test_a_mail_for_a_named_mailbox_is_stored(mailbox: Mailbox) -> None:
    assert deliver_from_pipe(letter(to="someone@else.example"), recipient="support+x@velo.example") == pipe.STORED
    assert IncomingMail.objects.get().mailbox == mailbox


@pytest.mark.parametrize(
    "raw",
    [
        letter(to="Velo <support@velo.example>"),
        letter(to="x@y.example", Cc="support@velo.example"),
        letter(to="list@y.example", Delivered_To="support@velo.example"),
        letter(to="list@y.example", X_Original_To="support@velo.example"),
    ],
    ids=["To", "Cc", "Delivered-To", "X-Original-To"],
)
def test_the_mailbox_is_found_in_the_headers(mailbox: Mailbox, raw: bytes) -> None:
    assert deliver_from_pipe(raw) == pipe.STORED


@pytest.mark.parametrize("recipient", [None, "nobody@velo.example"])
def test_a_mail_for_nobody_here_is_said(mailbox: Mailbox, recipient: str | None) -> None:
    said = io.StringIO()
    assert deliver_from_pipe(letter(to="x@y.example"), recipient=recipient, errors=said) == pipe.NO_SUCH_MAILBOX
    assert said.getvalue().strip()


def test_nothing_on_standard_input_is_a_slip_of_usage(db: None) -> None:
    assert deliver_from_pipe(b"\n", errors=io.StringIO()) == pipe.USAGE


def test_a_disk_that_refuses_means_try_again(mailbox: Mailbox, settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "blobs").write_text("")
    settings.POSTROOM_DATA = tmp_path
    said = io.StringIO()
    assert deliver_from_pipe(letter(), errors=said) == pipe.TRY_AGAIN
    assert "Send it again later" in said.getvalue()
