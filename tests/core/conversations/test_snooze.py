"""What is snoozed comes back: at its moment, when the customer answers, once, and to somebody who is there."""

from datetime import timedelta

import pytest

from postroom.core.accounts.models import User
from postroom.core.conversations.actions.assign import assign
from postroom.core.conversations.actions.close import close, reopen
from postroom.core.conversations.actions.merge import merge, unmerge
from postroom.core.conversations.actions.pend import mark_pending
from postroom.core.conversations.actions.read import mark_read, mark_unread
from postroom.core.conversations.actions.snooze import NeverWakes, snooze, unsnooze, wake_due
from postroom.core.conversations.actions.spam import mark_spam
from postroom.core.conversations.actions.trash import restore, trash
from postroom.core.conversations.folders import Folder, folder_counts
from postroom.core.conversations.models import CLOSED, OPEN, PENDING, SNOOZED, SPAM, TRASH, Conversation
from postroom.core.conversations.moments import PassedMoment
from postroom.core.conversations.queries import list_page
from postroom.core.events.models import Event
from postroom.lib import clock
from tests.core.conftest import Desk

HOUR = timedelta(hours=1)


def _again(conversation: Conversation) -> Conversation:
    return Conversation.objects.get(pk=conversation.pk)


def _kinds(conversation: Conversation) -> list[str]:
    events = Event.objects.filter(conversation_id=conversation.pk).exclude(kind="message.received")
    return list(events.order_by("pk").values_list("kind", flat=True))


def test_it_is_out_of_sight_until_its_moment_and_then_on_top(desk: Desk) -> None:
    first, second = desk.conversation(), desk.conversation()
    assert snooze(first, until=clock.now() + HOUR, by=desk.alice)
    assert [row.id for row in list_page(desk.alice, Folder("open")).rows] == [second.pk]
    assert [row.id for row in list_page(desk.bob, Folder(SNOOZED)).rows] == [first.pk]
    assert folder_counts(desk.alice).of(SNOOZED) == 1
    assert not wake_due(), "Nothing is due yet."
    with clock.at(clock.now() + HOUR):
        assert wake_due()
        assert not wake_due()
        assert [row.id for row in list_page(desk.alice, Folder("open")).rows] == [first.pk, second.pk]
    woken = _again(first)
    assert (woken.status, woken.snoozed_until, woken.status_before, woken.wakes_on_answer) == (OPEN, None, None, None)
    assert _kinds(first) == ["conversation.snoozed", "conversation.woke"]


def test_an_answer_wakes_it_unless_it_is_to_stay(desk: Desk) -> None:
    light, deep, waiting = desk.conversation(), desk.conversation(), desk.conversation()
    until = clock.now() + HOUR
    snooze(light, until=until, by=desk.alice)
    snooze(deep, until=until, wakes_on_answer=False, by=desk.alice)
    snooze(waiting, until=None, by=desk.alice)
    for number, one in enumerate((light, deep, waiting)):
        desk.mail("Any news?", conversation=one, rfc_id=f"<a{number}@customers.example>")
    assert [_again(one).status for one in (light, deep, waiting)] == [OPEN, SNOOZED, OPEN]
    assert _again(deep).snoozed_until == until
    with clock.at(until):
        assert wake_due()
    assert _again(deep).status == OPEN
    assert "conversation.woke" not in _kinds(light)


def test_a_machines_mail_wakes_nothing(desk: Desk) -> None:
    conversation = desk.conversation()
    snooze(conversation, until=None, by=desk.alice)
    desk.mail("I am away.", conversation=conversation, rfc_id="<away@customers.example>", automatic="away")
    assert _again(conversation).status == SNOOZED


def test_the_moment_is_changed_once_and_undone_to_what_was(desk: Desk) -> None:
    conversation = desk.conversation()
    mark_pending(conversation, by=desk.alice)
    until = clock.now() + HOUR
    assert snooze(conversation, until=until, by=desk.alice)
    assert not snooze(conversation, until=until, by=desk.bob)
    assert snooze(conversation, until=until + HOUR, by=desk.bob)
    assert snooze(conversation, until=None, by=desk.bob)
    assert not snooze(conversation, until=None, by=desk.bob)
    assert unsnooze(conversation, by=desk.alice)
    assert not unsnooze(conversation, by=desk.alice)
    assert (_again(conversation).status, _again(conversation).snoozed_until) == (PENDING, None)


def test_what_cannot_be_is_refused(desk: Desk) -> None:
    conversation = desk.conversation()
    with pytest.raises(PassedMoment):
        snooze(conversation, until=clock.now(), by=desk.alice)
    with pytest.raises(NeverWakes):
        snooze(conversation, until=None, wakes_on_answer=False, by=desk.alice)
    for verb in (mark_spam, trash):
        verb(conversation, by=desk.alice)
        assert not snooze(conversation, until=None, by=desk.alice)


@pytest.mark.parametrize(
    ("verb", "status"), [(close, CLOSED), (reopen, OPEN), (mark_pending, PENDING), (mark_spam, SPAM)]
)
def test_other_verbs_end_a_snooze(desk: Desk, verb: object, status: str) -> None:
    conversation = desk.conversation()
    snooze(conversation, until=clock.now() + HOUR, by=desk.alice)
    assert callable(verb)
    assert verb(conversation, by=desk.alice)
    now = _again(conversation)
    assert (now.status, now.snoozed_until, now.wakes_on_answer, now.status_before) == (status, None, None, None)
    with clock.at(clock.now() + HOUR):
        assert not wake_due()


def test_a_closed_one_can_be_snoozed_and_goes_back_to_closed(desk: Desk) -> None:
    conversation = desk.conversation()
    close(conversation, by=desk.alice)
    assert snooze(conversation, until=clock.now() + HOUR, by=desk.alice)
    assert _again(conversation).closed_at is None
    assert unsnooze(conversation, by=desk.alice)
    assert _again(conversation).status == CLOSED
    assert _again(conversation).closed_at is not None


def test_it_wakes_free_to_take_when_its_owner_is_gone(desk: Desk) -> None:
    conversation = desk.conversation()
    assign(conversation, to=desk.bob, by=desk.alice)
    snooze(conversation, until=clock.now() + HOUR, by=desk.bob)
    User.objects.filter(pk=desk.bob.pk).update(is_active=False)
    with clock.at(clock.now() + HOUR):
        wake_due()
    assert (_again(conversation).status, _again(conversation).assignee) == (OPEN, None)


def test_the_trash_gives_back_what_it_was_given(desk: Desk) -> None:
    one = desk.conversation()
    until = clock.now() + HOUR
    for lay, status in ((lambda: None, OPEN), (lambda: mark_pending(one, by=desk.alice), PENDING)):
        lay()
        assert trash(one, by=desk.alice)
        assert not trash(one, by=desk.bob)
        assert (_again(one).status, _again(one).trashed_at is not None) == (TRASH, True)
        assert not close(one, by=desk.alice)
        assert not mark_pending(one, by=desk.alice)
        assert restore(one, by=desk.bob)
        assert not restore(one, by=desk.bob)
        assert (_again(one).status, _again(one).trashed_at) == (status, None)
    snooze(one, until=until, by=desk.alice)
    trash(one, by=desk.alice)
    with clock.at(until):
        assert not wake_due(), "In the trash nothing wakes by itself."
    restore(one, by=desk.alice)
    assert (_again(one).status, _again(one).snoozed_until) == (SNOOZED, until)
    mark_spam(one, by=desk.alice)
    trash(one, by=desk.alice)
    restore(one, by=desk.alice)
    assert _again(one).status == SPAM


def test_a_customers_words_are_not_lost_in_the_trash(desk: Desk) -> None:
    conversation = desk.conversation()
    trash(conversation, by=desk.alice)
    desk.mail("Are you there?", conversation=conversation, rfc_id="<2@customers.example>")
    now = _again(conversation)
    assert (now.status, now.trashed_at, now.status_before) == (OPEN, None, None)


def test_merging_keeps_what_is_to_be_done_in_sight(desk: Desk) -> None:
    asleep, done = desk.conversation(), desk.conversation()
    snooze(asleep, until=clock.now() + HOUR, by=desk.alice)
    close(done, by=desk.alice)
    merge(asleep, into=done, by=desk.alice)
    assert _again(done).status == OPEN
    with clock.at(clock.now() + HOUR):
        assert not wake_due(), "What was merged away does not wake."
    unmerge(asleep, by=desk.alice)
    assert _again(asleep).status == SNOOZED
    awake = desk.conversation()
    merge(awake, into=asleep, by=desk.alice)
    assert (_again(asleep).status, _again(asleep).snoozed_until) == (OPEN, None)


def test_unread_is_each_persons_own(desk: Desk) -> None:
    conversation = desk.conversation()
    for person in (desk.alice, desk.bob):
        mark_read(conversation, by=person, message_id=conversation.last_message_id or 0)
    mark_unread(conversation, by=desk.alice)
    assert [list_page(one, Folder("open")).rows[0].unread for one in (desk.alice, desk.bob)] == [True, False]
