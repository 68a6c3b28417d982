"""A mail that lies in the wrong conversation, in Alice's hands."""

import pytest
from playwright.sync_api import Page, Route, expect

from postroom.core.accounts.models import Mailbox, User
from postroom.core.conversations.actions.receive import Person, receive
from postroom.core.conversations.evidence import STRANGER
from postroom.core.conversations.models import Conversation, Message
from tests.browser.conftest import Open
from tests.incoming import incoming
from tests.people import MALLORY
from tests.servers.postroom import Installation, Running

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def conversation(mailbox: Mailbox) -> Conversation:
    """Ann's, with a mail of Tom's in it."""
    found = receive(mailbox=mailbox, mail=incoming()).conversation
    tom = incoming(sender=Person("Tom", "tom@customers.example"), text="Do you sell boats?", rfc_id="<t@x>")
    receive(mailbox=mailbox, mail=tom, conversation=found)
    return found


@pytest.fixture
def running(installation: Installation, conversation: Conversation) -> Running:
    return installation.run()


def _menu(page: Page, message: Message) -> None:
    page.locator(f"#message-{message.pk} .message-menu > summary").click()
    expect(page.locator(f"#evidence-{message.pk}")).to_contain_text("Why it is here")


def test_a_mail_is_taken_out_and_put_back_by_two_clicks(
    opened: Open, conversation: Conversation, alice: User, bob: User
) -> None:
    message = conversation.messages.order_by("-pk")[0]
    page, beside = (opened(user, f"/conversations/{conversation.pk}") for user in (alice, bob))
    expect(beside.locator(f"#message-{message.pk}")).to_be_visible()
    _menu(page, message)
    page.get_by_role("button", name="Take it out").click()
    expect(page.locator(".toast")).to_contain_text("Taken out. It is conversation #")
    expect(page.locator(f"#message-{message.pk}")).to_have_count(0)
    expect(page.locator("#timeline")).to_contain_text("took a mail out of here")
    expect(page.locator("#rows .line")).to_have_count(2)
    expect(beside.locator(f"#message-{message.pk}")).to_have_count(0)
    page.locator("[data-undo-toast]").first.click()
    expect(page.locator(f"#message-{message.pk}")).to_be_visible()
    expect(page.locator("#rows .line")).to_have_count(1)
    expect(beside.locator(f"#message-{message.pk}")).to_be_visible()


def test_a_mail_is_joined_to_another_conversation_by_its_number(
    opened: Open, mailbox: Mailbox, conversation: Conversation, alice: User
) -> None:
    boats = receive(mailbox=mailbox, mail=incoming(subject="Boats", rfc_id="<b@x>")).conversation
    message = conversation.messages.order_by("-pk")[0]
    page = opened(alice, f"/conversations/{conversation.pk}")
    _menu(page, message)
    page.get_by_role("button", name="Join it elsewhere").click()
    page.get_by_label("Another conversation’s number").fill("99999")
    page.locator(".joining-number button").click()
    expect(page.locator(".toast-danger")).to_contain_text("There is no conversation #99999")
    page.get_by_label("Another conversation’s number").fill(f"#{boats.pk}")
    page.locator(".joining-number button").click()
    expect(page.locator(".toast").last).to_contain_text(f"The mail is in #{boats.pk} now.")
    expect(page.locator(f"#message-{message.pk}")).to_have_count(0)
    assert Message.objects.get(pk=message.pk).conversation_id == boats.pk


def test_a_stranger_is_offered_and_let_in(
    opened: Open, mailbox: Mailbox, conversation: Conversation, alice: User
) -> None:
    message = receive(mailbox=mailbox, mail=incoming(sender=MALLORY, rfc_id="<m@x>", text="Let me in."))
    Message.objects.filter(pk=message.pk).update(offered_id=conversation.pk, offered_by=STRANGER)
    page = opened(alice, f"/conversations/{message.conversation_id}?in=open")
    offer = page.locator(f"#offer-{message.pk}")
    expect(offer).to_contain_text(
        f"This mail answers conversation #{conversation.pk}, but Mallory takes no part there."
    )
    offer.get_by_role("button", name="Not that").click()
    expect(offer).to_have_count(0)
    page.locator("[data-undo-toast]").first.click()
    expect(offer).to_be_visible()
    offer.get_by_role("button", name="Join there").click()
    expect(page.locator("#conversation")).to_have_attribute("data-id", str(conversation.pk))
    expect(page.locator(f"#message-{message.pk}")).to_contain_text("Let me in.")
    expect(page.locator("#rows .line")).to_have_count(1)


def test_an_offer_that_is_put_back_is_there_though_the_page_was_drawn_before(
    opened: Open, mailbox: Mailbox, conversation: Conversation, alice: User
) -> None:
    message = receive(mailbox=mailbox, mail=incoming(sender=MALLORY, rfc_id="<m@x>", text="Let me in.")).pk
    Message.objects.filter(pk=message).update(offered_id=conversation.pk, offered_by=STRANGER)
    own = Message.objects.get(pk=message).conversation_id
    page = opened(alice, f"/conversations/{own}?in=open")
    held: list[Route] = []
    page.route(f"**/conversations/{own}?in=open", lambda route: held.append(route), times=1)  # noqa: PLW0108  (it is marked)
    offer = page.locator(f"#offer-{message}")
    with page.expect_request(f"**/conversations/{own}?in=open"):
        offer.get_by_role("button", name="Not that").click()
    expect(offer).to_have_count(0)
    drawn_before = held[0].fetch()
    with page.expect_response("**/offer"):
        page.locator("[data-undo-toast]").first.click()
    expect(offer).to_be_visible()
    held[0].fulfill(response=drawn_before)
    expect(page.locator("#timeline")).to_contain_text("may belong to")
    expect(offer).to_be_visible()
