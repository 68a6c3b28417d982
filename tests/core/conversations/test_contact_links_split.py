"""Whom a conversation is with, what it has to do with others, and several messages that go out of it together."""

import pytest

from postroom.core.accounts.models import Mailbox
from postroom.core.conversations.actions.addressing import recipients
from postroom.core.conversations.actions.change_contact import NoAddress, OwnAddress, change_contact
from postroom.core.conversations.actions.link import LinkedWithItself, link, unlink
from postroom.core.conversations.actions.merge import merge, unmerge
from postroom.core.conversations.actions.moving import MovedSince, NotAMail
from postroom.core.conversations.actions.note import add_note
from postroom.core.conversations.actions.receive import Person
from postroom.core.conversations.actions.reply import reply
from postroom.core.conversations.actions.sensitive import mark_sensitive
from postroom.core.conversations.actions.split import NothingGoes, NothingStays, split, unsplit
from postroom.core.conversations.allowed import NotAllowed
from postroom.core.conversations.evidence import TAKEN_OUT
from postroom.core.conversations.links import links_of
from postroom.core.conversations.models import MERGED, Conversation, Message
from postroom.core.conversations.naming import sees
from postroom.core.events.models import Event
from tests.core.conftest import Desk
from tests.people import put_on

TOM = Person("Tom", "tom@customers.example")


def _again(conversation: Conversation) -> Conversation:
    return Conversation.objects.select_related("contact", "mailbox").get(pk=conversation.pk)


def test_later_replies_go_to_the_new_customer_and_never_to_the_one_before(desk: Desk) -> None:
    conversation = desk.conversation()
    assert recipients(_again(conversation)) == ["ann@customers.example"]
    assert change_contact(conversation, email=" Tom@Customers.example ", name="Tom", by=desk.alice)
    assert not change_contact(_again(conversation), email="tom@customers.example", by=desk.alice)
    assert recipients(_again(conversation)) == ["tom@customers.example"]
    assert str(_again(conversation).contact) == "Tom"
    change_contact(_again(conversation), email="ann@customers.example", by=desk.alice)
    assert recipients(_again(conversation)) == ["ann@customers.example"]


def test_the_chosen_customer_stays_when_messages_come_and_go(desk: Desk) -> None:
    target, source = desk.conversation(), desk.conversation()
    change_contact(target, email="tom@customers.example", by=desk.alice)
    merge(source, into=target, by=desk.alice)
    assert _again(target).contact.email == "tom@customers.example"
    unmerge(_again(source), by=desk.alice)
    assert _again(target).contact.email == "tom@customers.example"
    assert recipients(_again(target)) == ["tom@customers.example"]
    assert target.participants.filter(email="tom@customers.example", dropped_at=None).exists()
    assert target.participants.filter(email="ann@customers.example", dropped_at__isnull=False).exists()


def test_what_is_no_customers_address_is_refused(desk: Desk) -> None:
    conversation = desk.conversation()
    with pytest.raises(NoAddress, match="is not a mail address"):
        change_contact(conversation, email="Tom", by=desk.alice)
    with pytest.raises(OwnAddress):
        change_contact(conversation, email="SUPPORT@velo.example", by=desk.alice)


def test_a_link_shows_in_both_to_who_sees_both(desk: Desk) -> None:
    orders = Mailbox.objects.create(name="Orders", address="orders@velo.example")
    put_on(orders, desk.alice)
    one, other = desk.conversation(), desk.conversation()
    Conversation.objects.filter(pk=other.pk).update(mailbox=orders)
    with pytest.raises(NotAllowed):
        link(one, to=_again(other), by=desk.bob)
    assert link(one, to=_again(other), by=desk.alice)
    assert not link(_again(other), to=one, by=desk.alice)
    assert [found.pk for found in links_of(one, user=desk.alice)] == [other.pk]
    assert [found.pk for found in links_of(_again(other), user=desk.alice)] == [one.pk]
    assert links_of(one, user=desk.bob) == []
    told = Event.objects.filter(kind="conversation.linked").order_by("pk")
    assert list(told.values_list("conversation_id", "mailbox_id")) == [
        (one.pk, desk.mailbox.pk),
        (other.pk, orders.pk),
    ]
    with pytest.raises(LinkedWithItself):
        link(one, to=one, by=desk.alice)
    assert unlink(_again(other), to=one, by=desk.alice)
    assert not unlink(one, to=other, by=desk.alice)
    assert links_of(one, user=desk.alice) == []


@pytest.fixture
def mixed(desk: Desk) -> list[Message]:
    """Ann's mail, then Tom's, our answer to him, a note, and Ann again."""
    first = desk.mail()
    conversation = first.conversation
    toms = desk.mail("Do you sell boats?", conversation=conversation, sender=TOM)
    answer = reply(_again(conversation), by=desk.alice, html="<p>No.</p>", to=["tom@customers.example"])
    note = add_note(_again(conversation), by=desk.alice, html="<p>Boats?</p>")
    last = desk.mail("And where is the bell?", conversation=conversation)
    return [first, toms, answer, note, last]


def test_several_messages_go_out_together_and_come_back(desk: Desk, mixed: list[Message]) -> None:
    source = _again(mixed[0].conversation)
    made = split(source, messages=[one.pk for one in mixed[1:4]], by=desk.alice)
    assert (made.contact.email, made.message_count) == ("tom@customers.example", 3)
    assert (_again(source).message_count, _again(source).snippet) == (2, "And where is the bell?")
    assert set(made.messages.values_list("joined_by", flat=True)) == {TAKEN_OUT}
    assert set(source.participants.values_list("email", flat=True)) == {"ann@customers.example"}
    assert unsplit(made, by=desk.bob).pk == source.pk
    assert _again(source).message_count == 5
    assert (_again(made).status, _again(made).merged_into_id) == (MERGED, source.pk)
    assert set(Message.objects.values_list("joined_by", flat=True)) == {""}
    with pytest.raises(MovedSince):
        unsplit(_again(made), by=desk.alice)


def test_what_came_to_it_since_stays_on_its_own(desk: Desk, mixed: list[Message]) -> None:
    source = _again(mixed[0].conversation)
    made = split(source, messages=[mixed[1].pk], by=desk.alice)
    desk.mail("And oars?", conversation=_again(made), sender=TOM)
    unsplit(made, by=desk.alice)
    assert (_again(source).message_count, _again(made).message_count, _again(made).status) == (5, 1, "open")


def test_something_stays_something_goes_and_a_mail_is_among_it(desk: Desk, mixed: list[Message]) -> None:
    source = _again(mixed[0].conversation)
    for chosen, refusal in (
        ([one.pk for one in mixed], NothingStays),
        ([], NothingGoes),
        ([mixed[2].pk, mixed[3].pk], NotAMail),
        ([mixed[1].pk, 99999], MovedSince),
    ):
        with pytest.raises(refusal):
            split(source, messages=chosen, by=desk.alice)


def test_what_is_split_off_a_sensitive_one_is_as_sensitive(desk: Desk, mixed: list[Message]) -> None:
    source = _again(mixed[0].conversation)
    mark_sensitive(source, people=[], by=desk.alice)
    made = split(_again(source), messages=[mixed[1].pk], by=desk.alice)
    assert [sees(one, made) for one in (desk.alice, desk.bob)] == [True, False]
