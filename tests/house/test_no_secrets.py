"""What was typed as a secret is in no log, page, export or entry, whatever goes wrong with it."""

import io
import logging
import zipfile
from collections.abc import Callable

import pytest
from django.core import serializers
from django.test import Client

from postroom.channels.mail.history.export import export
from postroom.channels.mail.models import Route, Source
from postroom.core.accounts.models import MANAGING, Grant, Mailbox, Membership, User
from postroom.core.audit.models import AuditEntry
from postroom.core.events.models import Event
from tests.servers import processes

SECRET = "Marmalade-Trombone-8841"


@pytest.fixture
def browser(alice: User, mailbox: Mailbox, sign_in: Callable[[User], Client]) -> Client:
    """Alice's, who manages the mailbox."""
    Grant.objects.filter(user=alice).update(level=MANAGING)
    Membership.objects.filter(user=alice).update(level=MANAGING)
    return sign_in(alice)


def _typed(prefix: str, **more: str) -> dict[str, str]:
    fields = {
        "host": "127.0.0.1",
        "port": str(processes.free_port()),
        "security": "tls",
        "username": "support@velo.example",
        "password": SECRET,
        "anyway": "yes",
    }
    return {f"{prefix}-{name}": value for name, value in (fields | more).items()}


def test_a_mailboxs_password_is_nowhere_but_sealed(
    browser: Client, mailbox: Mailbox, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    place = f"/settings/mailboxes/{mailbox.pk}"
    said = [
        browser.post(f"{place}/incoming", _typed("incoming", way="imap", protocol="imap", folder="INBOX")),
        browser.post(f"{place}/outgoing", _typed("outgoing", way="smtp")),
        browser.post(f"{place}/incoming/test", _typed("incoming", way="imap", protocol="imap", folder="INBOX")),
        browser.post(f"{place}/outgoing/test", _typed("outgoing", way="smtp")),
        browser.get(place),
        browser.get("/settings/audit"),
    ]
    assert Source.objects.get().sealed_password
    assert Route.objects.get().sealed_password
    for answer in said:
        assert SECRET not in answer.content.decode(), answer.request["PATH_INFO"]
    assert SECRET not in caplog.text
    rows = [*Source.objects.all(), *Route.objects.all(), *AuditEntry.objects.all(), *Event.objects.all()]
    assert SECRET not in serializers.serialize("json", rows)
    assert SECRET not in "".join(map(repr, rows))
    with zipfile.ZipFile(io.BytesIO(b"".join(export(mailbox, form="zip")))) as whole:
        assert whole.namelist()
        assert not [name for name in whole.namelist() if SECRET.encode() in whole.read(name)]


def test_what_a_person_types_to_sign_in_is_nowhere(
    client: Client, alice: User, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    answer = client.post("/sign-in", {"email": alice.email, "password": SECRET})
    # Typed into the wrong field, as happens to everybody once.
    other = client.post("/sign-in", {"email": SECRET, "password": "x"})
    assert SECRET not in answer.content.decode()
    assert SECRET not in caplog.text
    assert SECRET not in serializers.serialize("json", [*AuditEntry.objects.all(), *Event.objects.all()])
    assert other.status_code in (401, 429)


def test_a_fault_of_ours_shows_no_secret(
    browser: Client, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_args: object, **_options: object) -> object:
        raise RuntimeError("something of ours broke")

    monkeypatch.setattr("postroom.faces.web.views.mailbox_settings.fetch_from", broken)
    browser.raise_request_exception = False
    typed = _typed("incoming", way="imap", protocol="imap", folder="INBOX")
    answer = browser.post(f"/settings/mailboxes/{mailbox.pk}/incoming", typed)
    assert answer.status_code == 500
    assert SECRET not in answer.content.decode()
    assert SECRET not in caplog.text
