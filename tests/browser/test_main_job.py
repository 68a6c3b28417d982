"""The newcomer's path: from the set-up link to a customer's mail answered, and the answer's answer in its place."""

import re
from email.message import EmailMessage
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from postroom.core.accounts.actions.join import let_in
from postroom.core.accounts.actions.people import add_person
from postroom.core.accounts.models import Mailbox, User
from postroom.core.conversations.models import Conversation
from tests.people import PASSWORD
from tests.servers import dovecot as imap
from tests.servers import smtp_sink as smtp
from tests.servers.chromium import NewWindow
from tests.servers.dovecot import Dovecot
from tests.servers.postroom import Installation, Running
from tests.servers.smtp_sink import SmtpSink

pytestmark = [pytest.mark.browser, pytest.mark.dovecot]

ACCOUNT = "support.main.job"


def ann_writes(text: str, *, answers: EmailMessage | None = None) -> bytes:
    mail = EmailMessage()
    mail["From"] = "Ann Peeters <ann@customers.example>"
    mail["To"] = "support@velo.example"
    mail["Subject"] = f"Re: {answers['Subject']}" if answers else "Where is my bicycle?"
    mail["Message-ID"] = f"<{abs(hash(text))}@customers.example>"
    if answers:
        mail["In-Reply-To"] = answers["Message-ID"]
        mail["References"] = f"{answers['References'] or ''} {answers['Message-ID']}".strip()
    mail.set_content(text)
    return mail.as_bytes()


def trusting(dovecot: Dovecot, sink: SmtpSink, folder: Path) -> str:
    both = folder / "authorities.pem"
    both.write_text(dovecot.authority.read_text() + sink.authority.read_text())
    return str(both)


def set_up_team(page: Page, running: Running, dovecot: Dovecot, sink: SmtpSink) -> None:
    link = re.search(r"http://\S+/setup/\S+", running.output)
    assert link
    page.goto(link[0])
    page.get_by_role("link", name="Set up my team").click()
    page.get_by_label("Your name").fill("Alice Martin")
    page.get_by_label("Your own mail address").fill("alice@team.example")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Address", exact=True).fill("support@velo.example")
    page.get_by_label("What you call it").fill("Support")
    page.get_by_role("button", name="Continue").click()
    server(page, "incoming", port=dovecot.tls_port, user=ACCOUNT, password="wrong")
    page.get_by_role("button", name="Test it now").locator("visible=true").click()
    expect(page.locator("#incoming-verdict")).to_contain_text("password")
    server(page, "incoming", port=dovecot.tls_port, user=ACCOUNT, password=imap.PASSWORD)
    page.get_by_role("button", name="Test it now").locator("visible=true").click()
    expect(page.locator("#incoming-verdict .notice-good")).to_be_visible()
    page.get_by_role("button", name="Continue").click()
    server(page, "outgoing", port=sink.tls_port, user=smtp.USER, password=smtp.PASSWORD)
    page.get_by_role("button", name="Open my Postroom").click()
    expect(page.locator("#list")).to_be_visible()


def server(page: Page, prefix: str, *, port: int, user: str, password: str) -> None:
    page.locator(f"[name={prefix}-host]").fill("localhost")
    page.locator(f"[name={prefix}-security]").select_option("tls")
    page.locator(f"[name={prefix}-port]").fill(str(port))
    page.locator(f"[name={prefix}-username]").fill(user)
    page.locator(f"[name={prefix}-password]").fill(password)


def bob_signs_in(page: Page, running: Running) -> None:
    alice = User.objects.get(email="alice@team.example")
    bob = add_person(name="Bob Claes", email="bob@team.example", password=PASSWORD, by=alice)
    let_in(Mailbox.objects.get(), user=bob, by=alice)
    page.goto(running.url)
    page.get_by_label("address").fill("bob@team.example")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.locator("#list")).to_be_visible()


def test_a_strangers_mail_becomes_a_colleagues_answer(
    installation: Installation, dovecot: Dovecot, smtp_sink: SmtpSink, window: NewWindow, tmp_path: Path
) -> None:
    dovecot.append(ACCOUNT, ann_writes("This lay here before and stays there."))
    running = installation.run(POSTROOM_CA_FILE=trusting(dovecot, smtp_sink, tmp_path), POSTROOM_UNDO_SECONDS="2")
    alice, bob = window(), window()
    set_up_team(alice, running, dovecot, smtp_sink)
    bob_signs_in(bob, running)
    for page in (alice, bob):
        page.goto(f"{running.url}/folders/unassigned")
        page.evaluate("window.neverReloaded = true")

    # A customer writes; both see it come in.
    dovecot.append(ACCOUNT, ann_writes("I ordered it three weeks ago. Is anything wrong?"))
    for page in (alice, bob):
        expect(page.locator("#rows .line", has_text="Ann Peeters")).to_have_count(1, timeout=20_000)

    # Both open it; Alice answers, and Bob sees her answer.
    for page in (alice, bob):
        page.locator("#rows .line-link", has_text="Where is my bicycle?").click()
        expect(page.locator("#timeline")).to_contain_text("three weeks ago")
    alice.keyboard.press("r")
    alice.locator("post-composer [data-editor]").click()
    alice.keyboard.type("It left this morning, Ann.")
    alice.get_by_role("button", name="Send and close").click()
    expect(bob.locator("#timeline .message-out")).to_contain_text("It left this morning")
    expect(bob.locator("#conversation-head")).to_contain_text("Alice Martin")
    expect(bob.locator("#conversation-head .chip-closed")).to_be_visible()
    expect(bob.locator("#panel .waits")).to_have_count(0)

    # It leaves once, as a proper mail.
    (sent,) = smtp_sink.wait_for(1)
    assert sent.recipients == ("ann@customers.example",)
    assert (sent.encrypted, sent.user) == (True, smtp.USER)
    plain, rich = sent.message.get_body(("plain",)), sent.message.get_body(("html",))
    assert plain
    assert rich
    assert "It left this morning, Ann." in plain.get_content()
    assert "> I ordered it three weeks ago." in plain.get_content()
    assert sent.message["In-Reply-To"] in sent.message["References"]
    assert sent.message["From"] == "Alice Martin <support@velo.example>"
    expect(bob.locator("#timeline .message-out .delivery-sent")).to_be_visible()

    # The customer's answer comes back into the same conversation and opens it.
    dovecot.append(ACCOUNT, ann_writes("Wonderful, thank you!", answers=sent.message))
    expect(bob.locator("#timeline")).to_contain_text("Wonderful, thank you!", timeout=20_000)
    expect(bob.locator("#conversation-head .chip-open")).to_be_visible()
    conversation = Conversation.objects.get()
    assert conversation.message_count == 3
    assert len(smtp_sink.received) == 1
    for page in (alice, bob):
        assert page.evaluate("window.neverReloaded")
