"""A mailbox's history in an owner's hands: brought, looked at, taken in; and everything out again."""

import zipfile
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import expect

from postroom.core.accounts.models import Mailbox, User
from postroom.core.conversations.models import CLOSED, Conversation, Message
from tests.browser.conftest import Open
from tests.channels.mail.letters import letter
from tests.servers.postroom import Installation, Running

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MAILS = 30


@pytest.fixture
def running(installation: Installation, mailbox: Mailbox) -> Running:
    return installation.run()


@pytest.fixture
def old(tmp_path: Path) -> Path:
    path = tmp_path / "old.mbox"
    mails = (letter(message_id=f"<{number}@customers.example>", subject=f"Old {number}") for number in range(MAILS))
    path.write_bytes(b"\n".join(b"From ann@x Mon Jan  2 03:04:05 2023\n" + raw for raw in mails))
    return path


def test_an_archive_is_uploaded_looked_at_and_taken_in(opened: Open, alice: User, mailbox: Mailbox, old: Path) -> None:
    page = opened(alice, f"/settings/mailboxes/{mailbox.pk}")
    page.get_by_role("link", name="Open").last.click()
    page.get_by_label("A file").set_input_files(old)
    page.get_by_role("button", name="Upload and count").click()
    line = page.locator(".history")
    expect(line).to_contain_text("old.mbox")
    # The preview comes by itself.
    expect(line.get_by_role("button", name=f"Take in {MAILS} mails")).to_be_visible()
    expect(line).to_contain_text("Old 0")
    assert not Message.objects.exists()
    line.get_by_role("button", name=f"Take in {MAILS} mails").click()
    expect(page.locator(".history")).to_contain_text("All is in")
    expect(page.locator(".history")).to_contain_text(f"{MAILS} taken in")
    assert Conversation.objects.filter(status=CLOSED).count() == MAILS
    assert list((settings.POSTROOM_DATA / "history").iterdir()) == []


def test_everything_is_downloaded(opened: Open, alice: User, mailbox: Mailbox, old: Path, tmp_path: Path) -> None:
    page = opened(alice, f"/settings/mailboxes/{mailbox.pk}/history")
    page.get_by_label("A file").set_input_files(old)
    page.get_by_role("button", name="Upload and count").click()
    page.get_by_role("button", name="Take in").click()
    expect(page.locator(".history")).to_contain_text("All is in", timeout=60_000)
    with page.expect_download() as given:
        page.get_by_role("link", name="Download the zip").click()
    given.value.save_as(tmp_path / "all.zip")
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        assert archive.testzip() is None
        assert sum(name.endswith(".eml") for name in archive.namelist()) == MAILS


def test_a_file_that_is_too_large_is_not_even_sent(opened: Open, alice: User, mailbox: Mailbox, tmp_path: Path) -> None:
    page = opened(alice, f"/settings/mailboxes/{mailbox.pk}/history")
    large = tmp_path / "large.mbox"
    with large.open("wb") as file:
        file.truncate(settings.POSTROOM_MAX_UPLOAD_BYTES + 1)
    field = page.get_by_label("A file")
    field.set_input_files(large)
    assert "too large" in str(field.evaluate("input => input.validationMessage"))
    page.get_by_role("button", name="Upload and count").click()
    expect(page).to_have_url(page.url)
    expect(page.locator(".history")).to_have_count(0)
