"""Mails and conversations go to where they belong, and come back."""

import pytest

from postroom.core.accounts.models import Mailbox
from postroom.core.conversations.actions.close import close
from postroom.core.conversations.actions.join import join, move_back
from postroom.core.conversations.actions.merge import merge, unmerge
from postroom.core.conversations.actions.moving import (
    AloneAlready,
    MovedSince,
    NotAMail,
    OtherMailbox,
    SameConversation,
)
from postroom.core.conversations.actions.note import add_note
from postroom.core.conversations.actions.read import mark_read
from postroom.core.conversations.actions.receive import File, Person
from postroom.core.conversations.actions.refusals import ConversationGone
from postroom.core.conversations.actions.reply import reply
from postroom.core.conversations.actions.spam import mark_spam
from postroom.core.conversations.actions.tag import tag
from postroom.core.conversations.actions.take_out import take_out
from postroom.core.conversations.evidence import BY_HAND, TAKEN_OUT
from postroom.core.conversations.folders import EVERYONE, Folder, folder_counts
from postroom.core.conversations.models import CLOSED, MERGED, OPEN, Conversation, Message
from postroom.core.conversations.queries import list_page
from postroom.core.events.models import Event
from tests.core.conftest import Desk

TOM = Person("Tom", "tom@customers.example")
PICTURE = File(name="wheel.jpg", content_type="image/jpeg", size=3, digest="0" * 64)


def _again(conversation: Conversation) -> Conversation:
    return Conversation.objects.select_related("contact").get(pk=conversation.pk)


def _people(conversation: Conversation) -> set[str]:
    return set(conversation.participants.values_list("email", flat=True))


def _kinds(conversation: Conversation) -> list[str]:
    events = Event.objects.filter(conversation_id=conversation.pk).exclude(kind="message.received").order_by("pk")
    return list(events.values_list("kind", flat=True))


@pytest.fixture
def mixed(desk: Desk) -> Message:
    """Tom's mail, which has nothing to do with Ann's conversation that it lies in."""
    ann = desk.mail()
    return desk.mail("Do you sell boats?", conversation=ann.conversation, sender=TOM, files=(PICTURE,))


def test_a_mail_that_is_taken_out_begins_a_conversation(desk: Desk, mixed: Message) -> None:
    old = _again(mixed.conversation)
    made = take_out(mixed, by=desk.alice)
    assert (made.contact.email, made.message_count, made.status) == ("tom@customers.example", 1, OPEN)
    assert (made.snippet, made.last_from, made.has_attachments) == ("Do you sell boats?", "Tom", True)
    assert made.waiting_since == mixed.created_at
    message = Message.objects.get(pk=mixed.pk)
    assert (message.joined_by, message.joined_detail) == (TAKEN_OUT, "Alice")
    assert message.attachments.get().conversation_id == made.pk
    assert (_kinds(old), _kinds(made)) == (["message.taken_out"], ["conversation.begun_by_hand"])


def test_what_is_left_behind_is_as_if_it_had_never_been_there(desk: Desk, mixed: Message) -> None:
    take_out(mixed, by=desk.alice)
    old = _again(Conversation.objects.order_by("pk")[0])
    assert (old.message_count, old.snippet, old.last_from) == (1, "Where is my bicycle?", "Ann Peeters")
    assert (old.has_attachments, old.last_message_id) == (False, old.messages.get().pk)
    assert _people(old) == {"ann@customers.example"}


def test_who_began_it_is_not_its_customer_any_more_when_that_mail_is_gone(desk: Desk) -> None:
    first = desk.mail(sender=TOM)
    desk.mail(conversation=first.conversation)
    take_out(first, by=desk.alice)
    left = Conversation.objects.order_by("pk")[0]
    assert left.contact.email == "ann@customers.example"


def test_taking_out_can_be_undone(desk: Desk, mixed: Message) -> None:
    before = _again(mixed.conversation)
    made = take_out(mixed, by=desk.alice)
    move_back(mixed, by=desk.alice)
    after, gone = _again(before), _again(made)
    fields = ("message_count", "snippet", "last_from", "last_message_id", "has_attachments", "waiting_since", "status")
    assert [getattr(after, name) for name in fields] == [getattr(before, name) for name in fields]
    assert _people(after) == {"ann@customers.example", "tom@customers.example"}
    assert (gone.status, gone.merged_into_id, gone.message_count) == (MERGED, before.pk, 0)
    assert (mixed.joined_by, mixed.joined_detail) == ("", "")
    with pytest.raises(MovedSince):
        move_back(mixed, by=desk.alice)


def test_the_only_mail_cannot_be_taken_out(desk: Desk) -> None:
    with pytest.raises(AloneAlready):
        take_out(desk.mail(), by=desk.alice)


def test_our_own_words_cannot_be_taken_out(desk: Desk) -> None:
    conversation = desk.conversation()
    for written in (
        reply(conversation, by=desk.alice, html="<p>Yes.</p>"),
        add_note(conversation, by=desk.alice, html="<p>Hm.</p>"),
    ):
        with pytest.raises(NotAMail):
            take_out(written, by=desk.alice)


def test_one_mail_joins_another_conversation(desk: Desk, mixed: Message) -> None:
    boats = desk.mail(sender=TOM, subject="Boats").conversation
    close(boats, by=desk.alice)
    old = mixed.conversation
    assert join(mixed, into=boats, by=desk.alice).pk == boats.pk
    boats = _again(boats)
    assert (boats.message_count, boats.status, boats.has_attachments) == (2, OPEN, True)
    message = Message.objects.get(pk=mixed.pk)
    assert (message.conversation_id, message.joined_by, message.joined_detail) == (boats.pk, BY_HAND, "Alice")
    assert (_kinds(old), _kinds(boats)[1:]) == (["message.left"], ["message.joined"])
    move_back(mixed, by=desk.bob)
    assert (_again(boats).message_count, _again(old).message_count) == (1, 2)


def test_a_conversation_goes_with_its_only_mail(desk: Desk) -> None:
    target, source = desk.conversation(), desk.mail(sender=TOM)
    join(source, into=target, by=desk.alice)
    gone = Conversation.objects.order_by("pk")[1]
    assert (gone.status, gone.merged_into_id) == (MERGED, target.pk)


def test_a_merged_conversation_is_in_no_list_and_no_count(desk: Desk) -> None:
    target, source = desk.conversation(), desk.conversation()
    merge(source, into=target, by=desk.alice)
    rows = list_page(desk.alice, Folder(EVERYONE)).rows
    assert [(row.id, row.message_count) for row in rows] == [(target.pk, 2)]
    assert folder_counts(desk.alice).of("open") == 1
    assert (_again(source).message_count, _people(source)) == (0, set())


def test_merging_brings_all_that_belongs_to_it(desk: Desk) -> None:
    target, source = desk.conversation(), desk.mail(sender=TOM, files=(PICTURE,)).conversation
    tag(source, name="boats", by=desk.alice)
    sent = reply(source, by=desk.alice, html="<p>Yes.</p>")
    merge(source, into=target, by=desk.bob)
    merged = _again(target)
    assert (merged.message_count, merged.assignee, merged.has_attachments) == (3, desk.alice, True)
    assert [one.name for one in merged.tags.all()] == ["boats"]
    assert _people(merged) == {"ann@customers.example", "tom@customers.example"}
    assert Message.objects.get(pk=sent.pk).conversation_id == target.pk


def test_merging_can_be_undone(desk: Desk) -> None:
    target, source = desk.conversation(), desk.mail(sender=TOM).conversation
    close(target, by=desk.alice)
    merge(source, into=target, by=desk.alice)
    assert _again(target).status == OPEN
    later = desk.mail("One more thing", conversation=target)
    unmerge(source, by=desk.alice)
    assert (_again(source).status, _again(source).message_count, _again(source).merged_into) == (OPEN, 1, None)
    assert (_again(target).status, _again(target).message_count) == (CLOSED, 2)
    assert Message.objects.get(pk=later.pk).conversation_id == target.pk
    with pytest.raises(MovedSince):
        unmerge(source, by=desk.alice)


def test_what_leads_to_a_merged_one_leads_on_to_the_last(desk: Desk) -> None:
    one, two, three = desk.conversation(), desk.conversation(), desk.conversation()
    merge(one, into=two, by=desk.alice)
    merge(two, into=three, by=desk.alice)
    assert _again(one).merged_into_id == three.pk
    four = desk.conversation()
    assert merge(four, into=one, by=desk.alice).pk == three.pk


def test_nothing_is_merged_with_itself_or_over_mailboxes(desk: Desk) -> None:
    conversation = desk.conversation()
    with pytest.raises(SameConversation):
        merge(conversation, into=conversation, by=desk.alice)
    sales = Mailbox.objects.create(name="Sales", address="sales@velo.example")
    other = Conversation.objects.create(mailbox=sales, contact=conversation.contact)
    with pytest.raises(OtherMailbox):
        merge(conversation, into=other, by=desk.alice)
    with pytest.raises(OtherMailbox):
        join(desk.mail(conversation=conversation), into=other, by=desk.alice)


def test_who_has_read_both_has_read_it_all(desk: Desk) -> None:
    target, source = desk.conversation(), desk.conversation()
    for one in (target, source):
        mark_read(one, by=desk.alice, message_id=one.last_message_id or 0)
    mark_read(target, by=desk.bob, message_id=target.last_message_id or 0)
    merge(source, into=target, by=desk.alice)
    assert [list_page(one, Folder(EVERYONE)).rows[0].unread for one in (desk.alice, desk.bob)] == [False, True]


def test_nobody_writes_into_an_emptied_conversation(desk: Desk) -> None:
    target, source = desk.conversation(), desk.conversation()
    merge(source, into=target, by=desk.alice)
    source.refresh_from_db()
    for write in (reply, add_note):
        with pytest.raises(ConversationGone, match=f"#{target.pk}"):
            write(source, by=desk.bob, html="<p>Yes.</p>")
    assert not mark_spam(source, by=desk.bob)
    assert _again(source).status == MERGED


def test_a_mail_for_an_emptied_conversation_is_filed_where_it_went(desk: Desk) -> None:
    target, source = desk.conversation(), desk.conversation()
    stale = Conversation.objects.get(pk=source.pk)
    merge(source, into=target, by=desk.alice)
    assert desk.mail("And now?", conversation=stale).conversation_id == target.pk
