"""New conversations, names in notes, and following."""

import pytest

from postroom.core.accounts.models import User
from postroom.core.conversations.actions.begin import FirstMail, NewFile, begin
from postroom.core.conversations.actions.follow import follow, unfollow
from postroom.core.conversations.actions.forward import Parcel, forward
from postroom.core.conversations.actions.mention import mentionable, named_in_text
from postroom.core.conversations.actions.note import add_note
from postroom.core.conversations.actions.refusals import EmptyReply, IsOurselves, NoRecipient
from postroom.core.conversations.actions.sensitive import mark_sensitive
from postroom.core.conversations.models import OPEN, Contact, Conversation, Following, Mention, Message
from postroom.core.conversations.models.conversation import Participant
from postroom.core.events.models import Event
from postroom.followers.notifications.models import Notification
from postroom.followers.notifications.react import react
from postroom.lib import clock
from tests.core.conftest import Desk

HELLO = "<p>May we ask you something?</p>"


def _told(desk: Desk) -> set[tuple[str, str]]:
    """Let the follower see all that happened, and return who was told for which reason."""
    Notification.objects.all().delete()
    for event in Event.objects.order_by("pk"):
        react(event)
    return {(one.user.name, one.reason) for one in Notification.objects.select_related("user")}


def test_a_conversation_begins_with_our_mail(desk: Desk) -> None:
    mail = FirstMail(
        "Your order", HELLO, ["Eve <Eve@customers.example>"], cc=["tom@customers.example"], client_token="t"
    )
    message = begin(desk.mailbox, mail, by=desk.alice)
    assert begin(desk.mailbox, mail, by=desk.alice) == message
    conversation = Conversation.objects.get()
    assert (conversation.status, conversation.assignee, conversation.subject) == (OPEN, desk.alice, "Your order")
    assert (conversation.contact.email, conversation.contact.name) == ("eve@customers.example", "Eve")
    assert conversation.waiting_since is None
    assert (message.in_reply_to, message.references) == ("", "")
    assert set(Participant.objects.values_list("email", flat=True)) == {
        "eve@customers.example",
        "tom@customers.example",
    }
    assert list(Event.objects.order_by("pk").values_list("kind", flat=True)) == ["conversation.begun", "reply.queued"]


def test_files_go_along_and_a_known_customer_keeps_their_name(desk: Desk) -> None:
    Contact.objects.create(email="eve@customers.example", name="Eve Martin")
    files = [NewFile("a.txt", "text/plain", b"a")]
    message = begin(desk.mailbox, FirstMail("", "", ["E <eve@customers.example>"], files=files), by=desk.alice)
    assert message.attachments.get().name == "a.txt"
    assert Contact.objects.get().name == "Eve Martin"


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"to": []}, NoRecipient),
        ({"to": [], "cc": ["eve@customers.example"]}, NoRecipient),
        ({"to": ["eve@customers.example"], "html": "<p> </p>"}, EmptyReply),
        ({"to": ["eve@customers.example"], "cc": ["Support@velo.example"]}, IsOurselves),
    ],
)
def test_a_mail_that_cannot_be_begins_nothing(desk: Desk, fields: dict[str, object], why: type[Exception]) -> None:
    with pytest.raises(why):
        begin(desk.mailbox, FirstMail(**{"subject": "x", "html": HELLO, **fields}), by=desk.alice)  # type: ignore[arg-type]
    assert not Conversation.objects.exists()
    assert not Contact.objects.exists()


def test_a_note_names_those_who_see_it_and_nobody_else(desk: Desk) -> None:
    conversation = desk.conversation()
    note = add_note(conversation, by=desk.alice, html="<p>@Bob, ask @Charlie and @Alice. Mail bob@Bob.example.</p>")
    assert [one.user for one in Mention.objects.filter(message=note)] == [desk.bob]
    assert Following.objects.filter(user=desk.bob, conversation=conversation).exists()
    assert ("Bob", "mentioned") in {(who, reason) for who, reason in _told(desk)}
    assert "Charlie" not in {who for who, _reason in _told(desk)}


def test_in_a_sensitive_conversation_only_the_named_can_be_named(desk: Desk) -> None:
    conversation = desk.conversation()
    mark_sensitive(conversation, people=[desk.alice], by=desk.alice)
    conversation.refresh_from_db()
    assert mentionable(conversation) == [desk.alice]
    add_note(conversation, by=desk.alice, html="<p>@Bob must not know</p>")
    assert not Mention.objects.exists()


def test_names_are_read_as_people_write_them() -> None:
    ann, anna, annb, zoe = (
        User(pk=n, name=name) for n, name in enumerate(("Ann Lee", "Anna Lee", "Ann Bo", "Zoé d'Or"), 1)
    )
    people = [ann, anna, annb, zoe]

    def named(text: str) -> list[str]:
        return [one.name for one in named_in_text(text, people=people)]

    assert named("@Ann\u00a0Lee and @anna lee, again @ANN LEE") == ["Ann Lee", "Anna Lee"]
    assert named("@Anna please") == ["Anna Lee"]
    # Two of them are called so.
    assert named("@Ann please") == []
    assert named("(@Zoé d'Or)") == ["Zoé d'Or"]
    assert named("x@Anna @Annabel @@Anna me@anna.example") == []


def test_who_follows_hears_of_it_and_who_lost_sight_does_not(desk: Desk) -> None:
    conversation = desk.conversation()
    assert follow(conversation, by=desk.bob)
    assert not follow(conversation, by=desk.bob)
    follow(conversation, by=desk.charlie)
    add_note(conversation, by=desk.alice, html="<p>careful</p>")
    assert ("Bob", "followed") in _told(desk)
    assert "Charlie" not in {who for who, _reason in _told(desk)}
    assert unfollow(conversation, by=desk.bob)
    assert not unfollow(conversation, by=desk.bob)
    assert "Bob" not in {who for who, _reason in _told(desk)}


def test_the_owner_the_writer_and_followers_hear_of_a_third_partys_answer(desk: Desk) -> None:
    message = desk.mail()
    conversation = Conversation.objects.get(pk=message.conversation_id)
    passed = forward(message, Parcel("<p>Yours?</p>", to=["sam@supplier.example"]), by=desk.bob)
    Conversation.objects.filter(pk=conversation.pk).update(assignee=desk.alice)
    Event.objects.all().delete()
    answer = Message.objects.create(conversation=conversation, kind="in", side_thread=passed.side_thread)
    Event.objects.create(
        kind="side.answered",
        conversation_id=conversation.pk,
        mailbox_id=desk.mailbox.pk,
        message_id=answer.pk,
        actor_kind="contact",
        at=clock.now(),
        data={"email": "sam@supplier.example"},
    )
    assert _told(desk) == {("Alice", "answered"), ("Bob", "answered")}
