"""The conversation's page: what is shown, what is folded, and what it costs."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from postroom.core.accounts.models import User
from postroom.core.conversations.actions.assign import assign
from postroom.core.conversations.actions.close import close
from postroom.core.conversations.actions.note import add_note
from postroom.core.conversations.actions.read import mark_read
from postroom.core.conversations.actions.receive import IncomingMessage, receive
from postroom.core.conversations.actions.reply import reply
from postroom.core.conversations.models import Message
from postroom.core.conversations.models.message import DEFERRED, REFUSED, SENT, UNCERTAIN
from postroom.core.events.models import Event
from postroom.faces.web.timeline import MOST
from postroom.lib import clock
from tests.faces.web.inbox.conftest import Inbox, write
from tests.people import ANN


def _more(inbox: Inbox, times: int = 1) -> None:
    for number in range(times):
        mail = IncomingMessage(sender=ANN, subject="Re: Order 118", text=f"And another thing, number {number}.")
        receive(mailbox=inbox.mailbox, mail=mail, conversation=inbox.now())


def _page(inbox: Inbox) -> str:
    return inbox.alice.get(inbox.url()).content.decode()


def test_the_page_tells_the_story(inbox: Inbox, alice: User, bob: User) -> None:
    assign(inbox.conversation, to=bob, by=alice)
    add_note(inbox.conversation, by=bob, html="<div>Ask the workshop.</div>")
    close(inbox.conversation, by=bob)
    page = _page(inbox)
    for said in (
        "Where is my bicycle?",
        "gave this conversation to Bob",
        "Ask the workshop.",
        "closed this conversation",
    ):
        assert said in page
    assert page.index("gave this conversation") < page.index("Ask the workshop.") < page.index("closed this conv")


def test_who_takes_a_conversation_gives_it_to_nobody(inbox: Inbox, alice: User) -> None:
    assign(inbox.conversation, to=alice, by=alice)
    assert "took this conversation" in _page(inbox)


def test_old_messages_are_folded_and_new_ones_are_not(inbox: Inbox, alice: User) -> None:
    _more(inbox, 5)
    mark_read(inbox.conversation, by=alice, message_id=Message.objects.order_by("pk")[2].pk)
    page = _page(inbox)
    assert page.count("is-folded") == 3
    assert page.count('id="new-line"') == 1
    assert page.index('id="new-line"') < page.index("number 2")


def test_a_very_long_conversation_shows_its_newest_part_first(inbox: Inbox) -> None:
    _more(inbox, MOST + 10)
    assert "Show 11 earlier messages" in _page(inbox)
    whole = inbox.alice.get(inbox.url("messages")).content.decode()
    assert whole.count('data-kind="in"') == MOST + 11


def test_an_open_page_fetches_only_what_is_new(inbox: Inbox, bob: User) -> None:
    after = Message.objects.latest("pk").pk
    since = Event.objects.latest("pk").pk
    assign(inbox.conversation, to=bob, by=bob)
    add_note(inbox.conversation, by=bob, html="<div>Mine now.</div>")
    fresh = inbox.alice.get(f"{inbox.url('messages')}?after={after}&since={since}").content.decode()
    assert "Mine now." in fresh
    assert "took this conversation" in fresh
    assert "Where is my bicycle?" not in fresh
    nothing = f"{inbox.url('messages')}?after={Message.objects.latest('pk').pk}&since={Event.objects.latest('pk').pk}"
    assert "message-note" not in inbox.alice.get(nothing).content.decode()


@pytest.mark.parametrize(
    ("delivery", "said", "word"),
    [
        (SENT, "Sent", ""),
        (DEFERRED, "Not sent yet.", "Try now"),
        (REFUSED, "The mail server refused this reply.", "Try again"),
        (UNCERTAIN, "Perhaps sent.", "Send it again"),
    ],
)
def test_a_reply_says_how_far_it_is_in_the_servers_own_words(
    inbox: Inbox, alice: User, delivery: str, said: str, word: str
) -> None:
    message = reply(inbox.conversation, by=alice, html="<div>Tomorrow.</div>")
    words = "550 5.1.1 No such <user> here"
    left = None if delivery == DEFERRED else clock.now()
    Message.objects.filter(pk=message.pk).update(
        delivery=delivery, delivery_words=words, sent_at=left, send_after=clock.now(), attempts=1
    )
    shown = inbox.alice.get(f"/messages/{message.pk}").content.decode()
    assert said in shown
    assert word in shown
    assert "No such &lt;user&gt; here" in shown


def test_a_reply_that_waits_can_be_taken_back(inbox: Inbox, alice: User) -> None:
    message = reply(inbox.conversation, by=alice, html="<div>Tomorrow.</div>")
    shown = inbox.alice.get(f"/messages/{message.pk}").content.decode()
    assert f'data-unsend="/messages/{message.pk}/sending"' in shown
    assert "data-countdown" in shown


def test_the_panel_shows_what_else_the_customer_wrote_and_this_person_may_see(inbox: Inbox) -> None:
    write(inbox.mailbox, subject="A bell for my daughter")
    hidden = type(inbox.mailbox).objects.create(name="Board", address="board@velo.example")
    write(hidden, subject="In confidence")
    page = inbox.alice.get(inbox.url(), headers={"HX-Request": "true", "HX-Target": "conversation"}).content.decode()
    assert "A bell for my daughter" in page
    assert "In confidence" not in page


def test_a_conversation_costs_the_same_however_long_it_is(inbox: Inbox, alice: User) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert inbox.alice.get(inbox.url()).status_code == 200
        return len(queries)

    add_note(inbox.conversation, by=alice, html="<div>One.</div>")
    # The first opening writes that it was read.
    reading = cost()
    few = cost()
    assert reading == few + 1
    _more(inbox, 20)
    for _time in range(5):
        add_note(inbox.conversation, by=alice, html="<div>More.</div>")
    assert cost() == few
    # What is drawn around it included: folders, views, drafts, who is here.
    assert few <= 42
