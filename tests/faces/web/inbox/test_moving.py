"""To another mailbox, to another customer, joined, linked and split: what the pages ask and what they do."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from postroom.core.accounts.models import Mailbox, User
from postroom.core.conversations.actions.receive import Person, receive
from postroom.core.conversations.models import Conversation
from tests.faces.web.answer import Answer
from tests.faces.web.inbox.conftest import Inbox, write
from tests.incoming import incoming
from tests.people import put_on

HTMX = {"HX-Request": "true"}
TOM = Person("Tom", "tom@customers.example")


def _toast(answer: Answer) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(answer.headers["HX-Trigger"])["postroom:toast"]
    return found


@pytest.fixture
def orders(inbox: Inbox, alice: User) -> Mailbox:
    made = Mailbox.objects.create(name="Orders", address="orders@velo.example")
    put_on(made, alice)
    return made


def _undo(client: Client, answer: Answer) -> Answer:
    back = _toast(answer)["undo"]
    method: Callable[..., Answer] = getattr(client, back["method"].lower())
    return method(back["url"], headers=HTMX)


def test_the_question_says_who_will_not_see_it_any_more(inbox: Inbox, orders: Mailbox) -> None:
    shown = inbox.alice.get(inbox.url("mailbox"), headers=HTMX).text
    assert "orders@velo.example" in shown
    assert "Bob will not see it any more." in shown
    assert "There is no other mailbox" in inbox.bob.get(inbox.url("mailbox"), headers=HTMX).text
    assert "<html" in inbox.alice.get(inbox.url("mailbox")).text


def test_it_is_moved_and_moved_back(inbox: Inbox, orders: Mailbox) -> None:
    assert inbox.bob.post(inbox.url("mailbox"), {"to": orders.pk}, headers=HTMX).status_code == 404
    answer = inbox.alice.post(inbox.url("mailbox"), {"to": orders.pk}, headers=HTMX)
    assert _toast(answer)["text"] == f"#{inbox.conversation.pk} is in Orders now."
    assert inbox.bob.get(inbox.url()).status_code == 404
    _undo(inbox.alice, answer)
    assert inbox.now().mailbox == inbox.mailbox
    assert inbox.bob.get(inbox.url()).status_code == 200


def test_another_customer_and_back(inbox: Inbox) -> None:
    assert "Now with ann@customers.example" in inbox.alice.get(inbox.url("contact"), headers=HTMX).text
    answer = inbox.alice.post(inbox.url("contact"), {"email": "tom@customers.example", "name": "Tom"}, headers=HTMX)
    assert _toast(answer)["text"] == "This conversation is with Tom now."
    assert "tom@customers.example" in inbox.alice.get(inbox.url("panel")).text
    _undo(inbox.alice, answer)
    assert inbox.now().contact.email == "ann@customers.example"
    refused = inbox.alice.post(inbox.url("contact"), {"email": "nobody"}, headers=HTMX)
    assert (refused.status_code, "is not a mail address" in refused.text) == (409, True)


def test_others_are_offered_by_number_by_words_and_by_customer(inbox: Inbox, orders: Mailbox) -> None:
    same = write(inbox.mailbox, subject="The bell", rfc_id="<2@customers.example>")
    toms = write(inbox.mailbox, subject="Boats", sender=TOM, rfc_id="<3@customers.example>")
    far = write(orders, subject="Boats elsewhere", sender=TOM, rfc_id="<4@customers.example>")

    def offered(noun: str, typed: str) -> set[int]:
        answer = inbox.alice.get(inbox.url(noun), {"q": typed}, headers={**HTMX, "HX-Target": "pick-list"})
        return {one.pk for one in (same, toms, far, inbox.conversation) if f'value="{one.pk}"' in answer.text}

    assert offered("merging", "") == {same.pk}
    assert offered("merging", f"#{toms.pk}") == {toms.pk}
    assert offered("merging", "contact:tom@customers.example") == {toms.pk}
    assert offered("links", "contact:tom@customers.example") == {toms.pk, far.pk}
    assert offered("links", str(inbox.conversation.pk)) == set()
    assert offered("links", 'subject:"') <= {same.pk, toms.pk, far.pk}


def test_linked_ones_stand_in_the_panel_of_both(inbox: Inbox, orders: Mailbox) -> None:
    far = write(orders, subject="Boats elsewhere", sender=TOM, rfc_id="<4@customers.example>")
    answer = inbox.alice.post(inbox.url("links"), {"into": far.pk}, headers=HTMX)
    assert _toast(answer)["text"] == f"Linked with #{far.pk}."
    assert "Boats elsewhere" in inbox.alice.get(inbox.url("panel")).text
    assert "Boats elsewhere" not in inbox.bob.get(inbox.url("panel")).text
    assert str(inbox.conversation.pk) in inbox.alice.get(f"/conversations/{far.pk}/panel").text
    assert inbox.bob.post(inbox.url("links"), {"into": far.pk}, headers=HTMX).status_code == 409
    _undo(inbox.alice, answer)
    assert "Boats elsewhere" not in inbox.alice.get(inbox.url("panel")).text


def test_several_messages_are_split_off_and_put_back(inbox: Inbox) -> None:
    for number in range(2):
        mail = incoming(sender=TOM, text=f"Boats {number}", rfc_id=f"<t{number}@customers.example>")
        receive(mailbox=inbox.mailbox, mail=mail, conversation=inbox.conversation)
    toms = list(inbox.conversation.messages.filter(from_email=TOM.email).values_list("pk", flat=True))
    asked = inbox.alice.get(inbox.url("split"), {"with": toms[0]}, headers=HTMX).text
    assert f'value="{toms[0]}" checked' in asked
    assert inbox.alice.post(inbox.url("split"), {}, headers=HTMX).status_code == 409
    answer = inbox.alice.post(inbox.url("split"), {"messages": toms}, headers=HTMX)
    made = Conversation.objects.order_by("-pk")[0]
    assert _toast(answer)["text"] == f"Taken out. They are conversation #{made.pk} now."
    assert (made.message_count, inbox.now().message_count) == (2, 1)
    assert f"it is conversation #{made.pk}" not in inbox.bob.get(inbox.url()).text
    assert f"they are conversation #{made.pk} now" in inbox.bob.get(inbox.url()).text
    _undo(inbox.alice, answer)
    assert inbox.now().message_count == 3
