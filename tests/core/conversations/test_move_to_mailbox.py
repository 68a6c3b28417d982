"""A conversation goes to another mailbox: who may, who sees it then, and what goes along."""

import pytest

from postroom.core.accounts.models import SEEING, Mailbox
from postroom.core.conversations.actions.assign import assign
from postroom.core.conversations.actions.mailbox_naming import name_in_new_ones
from postroom.core.conversations.actions.merge import merge, unmerge
from postroom.core.conversations.actions.move_to_mailbox import NobodyThere, ReplyUnderWay, move_to_mailbox
from postroom.core.conversations.actions.reply import reply
from postroom.core.conversations.actions.sensitive import mark_sensitive
from postroom.core.conversations.allowed import NotAllowed
from postroom.core.conversations.folders import folder_counts
from postroom.core.conversations.models import Conversation, FormerMailbox, Message
from postroom.core.conversations.models.message import SENDING
from postroom.core.conversations.naming import sees
from postroom.core.events.models import Event
from tests.core.conftest import Desk
from tests.people import put_on


@pytest.fixture
def orders(desk: Desk) -> Mailbox:
    """Alice and Charlie are on it; Bob is not."""
    made = Mailbox.objects.create(name="Orders", address="orders@velo.example")
    for person in (desk.alice, desk.charlie):
        put_on(made, person)
    return made


def _again(conversation: Conversation) -> Conversation:
    return Conversation.objects.select_related("mailbox").get(pk=conversation.pk)


def test_whoever_is_not_on_the_other_mailbox_sees_it_no_more(desk: Desk, orders: Mailbox) -> None:
    conversation = desk.conversation()
    assert move_to_mailbox(conversation, mailbox=orders, by=desk.alice)
    assert not move_to_mailbox(conversation, mailbox=orders, by=desk.alice)
    assert [sees(one, conversation) for one in (desk.alice, desk.bob, desk.charlie)] == [True, False, True]
    counts = folder_counts(desk.alice)
    assert (counts.of("open", desk.mailbox.pk), counts.of("open", orders.pk)) == (0, 1)
    told = Event.objects.filter(kind__in=("conversation.moved", "mailbox.fewer_seen")).order_by("pk")
    place = list(told.values_list("kind", "mailbox_id", "conversation_id"))
    assert place == [
        ("conversation.moved", orders.pk, conversation.pk),
        ("mailbox.fewer_seen", desk.mailbox.pk, None),
    ]
    assert move_to_mailbox(_again(conversation), mailbox=desk.mailbox, by=desk.alice)
    assert list(FormerMailbox.objects.values_list("mailbox_id", flat=True)) == [orders.pk]


def test_the_mover_needs_rights_in_both(desk: Desk, orders: Mailbox) -> None:
    conversation = desk.conversation()
    put_on(orders, desk.bob, level=SEEING)
    for person in (desk.bob, desk.charlie):
        with pytest.raises(NotAllowed, match="Nothing was changed"):
            move_to_mailbox(conversation, mailbox=orders, by=person)
    assert _again(conversation).mailbox == desk.mailbox


def test_it_leaves_an_owner_who_cannot_answer_there(desk: Desk, orders: Mailbox) -> None:
    bobs, own = desk.conversation(), desk.conversation()
    assign(bobs, to=desk.bob, by=desk.alice)
    assign(own, to=desk.alice, by=desk.alice)
    for one in (bobs, own):
        move_to_mailbox(one, mailbox=orders, by=desk.alice)
    assert (_again(bobs).assignee, _again(own).assignee) == (None, desk.alice)
    assert Event.objects.filter(kind="conversation.unassigned", conversation_id=bobs.pk).count() == 1


def test_what_was_joined_to_it_goes_along_and_can_be_parted_there(desk: Desk, orders: Mailbox) -> None:
    target, source = desk.conversation(), desk.conversation()
    merge(source, into=target, by=desk.alice)
    move_to_mailbox(target, mailbox=orders, by=desk.alice)
    assert unmerge(_again(source), by=desk.charlie).mailbox == orders


def test_a_sensitive_one_goes_only_where_one_of_its_people_is(desk: Desk, orders: Mailbox) -> None:
    conversation = desk.conversation()
    mark_sensitive(conversation, people=[desk.bob], by=desk.alice)
    assert move_to_mailbox(_again(conversation), mailbox=orders, by=desk.alice)
    assert [sees(one, conversation) for one in (desk.alice, desk.bob, desk.charlie)] == [True, False, False]
    other = desk.conversation()
    mark_sensitive(other, people=[desk.bob], by=desk.bob)
    with pytest.raises(NobodyThere):
        move_to_mailbox(_again(other), mailbox=orders, by=desk.alice)


def test_where_new_ones_are_sensitive_what_is_moved_there_is_too(desk: Desk, orders: Mailbox) -> None:
    name_in_new_ones(orders, people=[desk.charlie], by=desk.alice)
    conversation = desk.conversation()
    move_to_mailbox(conversation, mailbox=orders, by=desk.alice)
    assert [sees(one, conversation) for one in (desk.alice, desk.charlie)] == [False, True]


def test_it_waits_for_a_reply_that_is_being_sent(desk: Desk, orders: Mailbox) -> None:
    conversation = desk.conversation()
    sent = reply(conversation, by=desk.alice, html="<p>Yes.</p>")
    Message.objects.filter(pk=sent.pk).update(delivery=SENDING)
    with pytest.raises(ReplyUnderWay):
        move_to_mailbox(conversation, mailbox=orders, by=desk.alice)
