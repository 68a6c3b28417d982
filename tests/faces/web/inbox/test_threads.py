"""Why a mail is where it is, and moving it, by HTTP as the pages do it."""

import json

import pytest

from postroom.core.accounts.models import Mailbox, Membership, User
from postroom.core.conversations.actions.receive import Person, receive
from postroom.core.conversations.actions.reply import reply
from postroom.core.conversations.evidence import ANSWERS, FORWARD, STRANGER
from postroom.core.conversations.models import MERGED, OPEN, Conversation, Message
from tests.faces.web.answer import Answer
from tests.faces.web.inbox.conftest import Inbox, write
from tests.incoming import incoming
from tests.people import ANN, MALLORY

HTMX = {"HX-Request": "true", "HX-Current-URL": "http://testserver/conversations/1?in=open"}
VERBS = ("joining", "separation", "offer")
TOM = Person("Tom", "tom@customers.example")


def _mail(inbox: Inbox, **fields: object) -> Message:
    """File one more mail in the inbox's conversation."""
    return receive(mailbox=inbox.mailbox, mail=incoming(**fields), conversation=inbox.conversation)  # type: ignore[arg-type]


def _now(message: Message) -> Message:
    return Message.objects.select_related("conversation").get(pk=message.pk)


def _toast(answer: Answer) -> dict[str, object]:
    toast: dict[str, object] = json.loads(answer["HX-Trigger"])["postroom:toast"]
    return toast


def _offered(inbox: Inbox, *, by: str = STRANGER) -> Message:
    """Return Mallory's mail, which quotes the inbox's conversation."""
    offered = incoming(sender=MALLORY, subject="Re: Order 118", rfc_id="<m@x>")
    message = receive(mailbox=inbox.mailbox, mail=offered)
    Message.objects.filter(pk=message.pk).update(offered_id=inbox.conversation.pk, offered_by=by)
    return _now(message)


@pytest.mark.parametrize("noun", VERBS)
def test_nobody_without_access_can_move_a_message(inbox: Inbox, noun: str) -> None:
    message = _mail(inbox, sender=TOM)
    for method in ("post", "delete"):
        form = {"into": str(inbox.conversation.pk)} if method == "post" else None
        assert getattr(inbox.charlie, method)(f"/messages/{message.pk}/{noun}", form).status_code == 404
        assert getattr(inbox.anonymous, method)(f"/messages/{message.pk}/{noun}", form).status_code == 302
    assert _now(message).conversation_id == inbox.conversation.pk


@pytest.mark.parametrize("noun", ["evidence", "joining"])
def test_only_the_mailboxs_people_see_why(inbox: Inbox, noun: str) -> None:
    address = f"/messages/{Message.objects.get().pk}/{noun}"
    assert inbox.alice.get(address).status_code == inbox.bob.get(address).status_code == 200
    assert inbox.charlie.get(address).status_code == 404
    assert inbox.anonymous.get(address).status_code == 302


def test_a_message_says_why_it_is_here(inbox: Inbox, alice: User) -> None:
    sent = reply(inbox.conversation, by=alice, html="<p>Yes.</p>")
    back = _mail(inbox, rfc_id="<2@x>", joined_by=ANSWERS, joined_detail=str(sent.pk))
    said = inbox.alice.get(f"/messages/{back.pk}/evidence").content.decode()
    assert "It answers Alice’s reply of" in said
    assert "its sender takes part here" in said
    first = inbox.alice.get(f"/messages/{Message.objects.order_by('pk')[0].pk}/evidence").content.decode()
    assert "It began this conversation." in first


def test_the_reason_is_said_in_the_readers_language(inbox: Inbox, bob: User, alice: User) -> None:
    back = _mail(inbox, rfc_id="<2@x>", joined_by=ANSWERS, joined_detail="1")
    bob.language = "fr"
    bob.save()
    english = inbox.alice.get(f"/messages/{back.pk}/evidence")
    french = inbox.bob.get(f"/messages/{back.pk}/evidence")
    assert (english["Content-Language"], french["Content-Language"]) == ("en", "fr")


def test_a_mail_is_taken_out_and_put_back(inbox: Inbox) -> None:
    message = _mail(inbox, sender=TOM)
    answer = inbox.alice.post(f"/messages/{message.pk}/separation", headers=HTMX)
    made = _now(message).conversation
    assert made.pk != inbox.conversation.pk
    assert json.loads(answer["HX-Location"])["path"] == f"{inbox.url()}?in=open"
    assert f"#{made.pk}" in str(_toast(answer)["text"])
    assert _toast(answer)["undo"] == {"method": "DELETE", "url": f"/messages/{message.pk}/separation"}
    page = inbox.alice.get(inbox.url()).content.decode()
    assert f"took a mail out of here; it is conversation #{made.pk} now" in page
    inbox.alice.delete(f"/messages/{message.pk}/separation", headers=HTMX)
    assert _now(message).conversation_id == inbox.conversation.pk


def test_a_mail_that_is_alone_is_refused_in_a_sentence(inbox: Inbox) -> None:
    answer = inbox.alice.post(f"/messages/{Message.objects.get().pk}/separation", headers=HTMX)
    assert (answer.status_code, _toast(answer)["kind"]) == (409, "danger")
    assert "a conversation of its own already" in str(_toast(answer)["text"])


def test_an_undo_that_comes_twice_is_refused_in_a_sentence(inbox: Inbox) -> None:
    message = _mail(inbox, sender=TOM)
    inbox.alice.post(f"/messages/{message.pk}/separation")
    assert inbox.alice.delete(f"/messages/{message.pk}/separation").status_code == 302
    assert inbox.alice.delete(f"/messages/{message.pk}/separation").status_code == 409


def test_a_stranger_is_offered_and_can_be_let_in(inbox: Inbox) -> None:
    message = _offered(inbox)
    old = message.conversation
    page = inbox.alice.get(f"/conversations/{old.pk}").content.decode()
    number = inbox.conversation.pk
    assert f"This mail answers conversation #{number}, but Mallory takes no part there." in page
    answer = inbox.alice.post(f"/messages/{message.pk}/joining", {"into": str(number)}, headers=HTMX)
    assert json.loads(answer["HX-Location"])["path"] == f"{inbox.url()}?in=open"
    assert _now(message).conversation_id == number
    assert Conversation.objects.get(pk=old.pk).status == MERGED
    undo = _toast(answer)["undo"]
    assert undo == {"method": "DELETE", "url": f"/conversations/{old.pk}/merger"}
    inbox.alice.delete(f"/conversations/{old.pk}/merger", headers=HTMX)
    assert Conversation.objects.get(pk=old.pk).status == OPEN


def test_an_offer_can_be_put_away_and_brought_back(inbox: Inbox) -> None:
    message = _offered(inbox, by=FORWARD)
    address = f"/conversations/{message.conversation_id}"
    assert "This mail forwards something" in inbox.alice.get(address).content.decode()
    answer = inbox.alice.delete(f"/messages/{message.pk}/offer", headers=HTMX)
    assert "This mail forwards something" not in inbox.alice.get(address).content.decode()
    assert _toast(answer)["undo"] == {"method": "POST", "url": f"/messages/{message.pk}/offer"}
    inbox.alice.post(f"/messages/{message.pk}/offer", headers=HTMX)
    assert "This mail forwards something" in inbox.alice.get(address).content.decode()


def test_a_conversation_that_the_reader_may_not_see_is_never_offered(inbox: Inbox, charlie: User, alice: User) -> None:
    secret = Mailbox.objects.create(name="Secret", address="secret@velo.example")
    hidden = write(secret)
    message = _offered(inbox)
    Message.objects.filter(pk=message.pk).update(offered_id=hidden.pk)
    page = inbox.alice.get(f"/conversations/{message.conversation_id}").content.decode()
    assert f"#{hidden.pk}" not in page
    assert "takes no part there" not in page


def test_a_conversation_of_another_mailbox_is_not_there_or_refused(inbox: Inbox, alice: User) -> None:
    message = _mail(inbox, sender=TOM)
    secret = Mailbox.objects.create(name="Secret", address="secret@velo.example")
    hidden = write(secret)
    form = {"into": str(hidden.pk)}
    answer = inbox.alice.post(f"/messages/{message.pk}/joining", form, headers=HTMX)
    assert (answer.status_code, _now(message).conversation_id) == (404, inbox.conversation.pk)
    assert inbox.alice.post(f"{inbox.url()}/merger", form, headers=HTMX).status_code == 404
    Membership.objects.create(mailbox=secret, user=alice)
    answer = inbox.alice.post(f"/messages/{message.pk}/joining", form, headers=HTMX)
    assert (answer.status_code, _now(message).conversation_id) == (409, inbox.conversation.pk)


@pytest.mark.parametrize("number", ["", "x", "-1", "9" * 30, "١٢", "999999"])
def test_a_number_that_is_none_moves_nothing(inbox: Inbox, number: str) -> None:
    message = _mail(inbox, sender=TOM)
    assert inbox.alice.post(f"/messages/{message.pk}/joining", {"into": number}).status_code == 404
    assert _now(message).conversation_id == inbox.conversation.pk


def test_the_choice_is_the_customers_other_conversations(inbox: Inbox) -> None:
    other = write(inbox.mailbox, subject="The wheel", rfc_id="<w@x>")
    write(inbox.mailbox, sender=TOM, subject="Boats")
    gone = write(inbox.mailbox, subject="Gone")
    message = _mail(inbox)
    inbox.alice.post(f"/conversations/{gone.pk}/merger", {"into": str(other.pk)})
    page = inbox.alice.get(f"/messages/{message.pk}/joining").content.decode()
    assert ("The wheel" in page, "Boats" in page, "Gone" in page) == (True, False, False)
    inbox.alice.post(f"/messages/{message.pk}/joining", {"into": f"#{other.pk}"})
    assert _now(message).conversation_id == other.pk


def test_the_whole_conversation_goes_when_that_is_asked(inbox: Inbox) -> None:
    other = write(inbox.mailbox, subject="The wheel", rfc_id="<w@x>")
    message = _mail(inbox)
    inbox.alice.post(f"/messages/{message.pk}/joining", {"into": str(other.pk), "whole": "1"})
    assert (inbox.now().status, inbox.now().merged_into_id) == (MERGED, other.pk)


def test_a_merged_conversations_address_leads_to_the_other(inbox: Inbox) -> None:
    other = write(inbox.mailbox, sender=ANN, subject="The wheel", rfc_id="<w@x>")
    inbox.alice.post(f"{inbox.url()}/merger", {"into": str(other.pk)})
    answer = inbox.alice.get(f"{inbox.url()}?in=open")
    assert (answer.status_code, answer["Location"]) == (302, f"/conversations/{other.pk}?in=open")
    assert inbox.charlie.get(inbox.url()).status_code == 404
    head = inbox.alice.get(f"{inbox.url()}/head").content.decode()
    assert f"Go to #{other.pk}" in head
    for noun in ("closure", "pending", "spam"):
        inbox.alice.post(inbox.url(noun))
        inbox.alice.delete(inbox.url(noun))
    assert inbox.now().status == MERGED


def test_a_reply_into_a_merged_conversation_is_refused_and_the_draft_stays(inbox: Inbox) -> None:
    other = write(inbox.mailbox, subject="The wheel", rfc_id="<w@x>")
    inbox.alice.post(f"{inbox.url()}/merger", {"into": str(other.pk)})
    answer = inbox.alice.post(inbox.url("replies"), {"html": "<p>Yes.</p>"})
    assert answer.status_code in (409, 422, 400)
    assert f"joined to #{other.pk}" in answer.content.decode()
