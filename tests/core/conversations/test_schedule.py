"""A reply that leaves later leaves then, or was cancelled before: never both, and never lost."""

from datetime import timedelta

import pytest

from postroom.core.conversations.actions.join import join
from postroom.core.conversations.actions.merge import merge
from postroom.core.conversations.actions.receive import Person
from postroom.core.conversations.actions.refusals import AlreadySent
from postroom.core.conversations.actions.reply import reply
from postroom.core.conversations.actions.schedule import cancel_when_answered, reschedule, send_now
from postroom.core.conversations.actions.spam import mark_spam, not_spam
from postroom.core.conversations.actions.trash import restore, trash
from postroom.core.conversations.actions.unsend import unsend
from postroom.core.conversations.models import Conversation, Message
from postroom.core.conversations.models.message import CANCELLED, DEFERRED, LEASED, QUEUED, SENDING, SENT
from postroom.core.conversations.moments import PassedMoment
from postroom.core.conversations.scheduled import is_scheduled, scheduled
from postroom.core.conversations.timeline import messages_of
from postroom.core.events.models import Event
from postroom.core.outbox.claiming import begin, claim
from postroom.core.outbox.outcomes import Deferred
from postroom.lib import clock
from tests.core.conftest import Desk

HELLO = "<p>It leaves tomorrow.</p>"
DAY = timedelta(days=1)


def _later(desk: Desk, conversation: Conversation, *, overtake: bool = False) -> Message:
    at = clock.now() + DAY
    return reply(conversation, by=desk.alice, html=HELLO, send_after=at, cancel_if_answered=overtake)


def _kinds(conversation: Conversation) -> list[str]:
    events = Event.objects.filter(conversation_id=conversation.pk, kind__startswith="reply.").order_by("pk")
    return list(events.values_list("kind", flat=True))


def _delivery(message: Message) -> str:
    return Message.objects.values_list("delivery", flat=True).get(pk=message.pk)


def test_it_is_listed_until_it_is_due_and_then_claimed(desk: Desk) -> None:
    conversation = desk.conversation()
    message, soon = _later(desk, conversation), reply(conversation, by=desk.bob, html=HELLO)
    assert list(scheduled()) == [message]
    assert (is_scheduled(message), is_scheduled(soon)) == (True, False)
    with clock.at(clock.now() + timedelta(minutes=1)):
        assert claim() == soon
        assert claim() is None
    with clock.at(clock.now() + DAY + timedelta(seconds=1)):
        assert not scheduled().exists()
        assert claim() == message


def test_its_moment_is_changed_and_it_can_leave_at_once(desk: Desk) -> None:
    message = _later(desk, desk.conversation())
    at = clock.now() + 2 * DAY
    assert reschedule(message, at=at, by=desk.bob)
    assert not reschedule(message, at=at, by=desk.bob)
    assert Message.objects.get(pk=message.pk).send_after == at
    with pytest.raises(PassedMoment):
        reschedule(message, at=clock.now() - DAY, by=desk.bob)
    assert cancel_when_answered(message, wanted=True, by=desk.bob)
    assert not cancel_when_answered(message, wanted=True, by=desk.bob)
    assert send_now(message, by=desk.bob)
    assert not send_now(message, by=desk.bob)
    assert claim() == message
    with pytest.raises(AlreadySent):
        reschedule(message, at=at, by=desk.bob)
    with pytest.raises(AlreadySent):
        cancel_when_answered(message, wanted=False, by=desk.bob)


def test_it_is_cancelled_when_they_answer_first_and_its_words_are_kept(desk: Desk) -> None:
    conversation = desk.conversation()
    message, stays = _later(desk, conversation, overtake=True), _later(desk, conversation)
    desk.mail("Never mind, I found it.", conversation=conversation, rfc_id="<2@customers.example>")
    assert (_delivery(message), _delivery(stays)) == (CANCELLED, QUEUED)
    assert _kinds(conversation)[-1] == "reply.overtaken"
    assert Message.objects.get(pk=message.pk).text == "It leaves tomorrow."
    assert not unsend(message, by=desk.bob), "Its draft is given whoever asks, as after an Undo."
    now = Conversation.objects.get(pk=conversation.pk)
    assert now.message_count == messages_of(conversation).count() == 3
    assert now.snippet == "Never mind, I found it."
    assert now.waiting_since is not None


def test_an_ordinary_reply_in_its_undo_window_too(desk: Desk) -> None:
    conversation = desk.conversation()
    message = reply(conversation, by=desk.alice, html=HELLO, cancel_if_answered=True)
    desk.mail("Never mind.", conversation=conversation, rfc_id="<2@customers.example>")
    assert _delivery(message) == CANCELLED


def test_machines_and_our_own_mail_cancel_nothing(desk: Desk) -> None:
    conversation = desk.conversation()
    message = _later(desk, conversation, overtake=True)
    desk.mail("I am away.", conversation=conversation, rfc_id="<2@customers.example>", automatic="away")
    assert _delivery(message) == QUEUED


@pytest.mark.parametrize(
    ("state", "left"), [(LEASED, CANCELLED), (DEFERRED, CANCELLED), (SENDING, SENDING), (SENT, SENT)]
)
def test_what_the_server_was_not_told_of_can_still_be_cancelled(desk: Desk, state: str, left: str) -> None:
    conversation = desk.conversation()
    message = _later(desk, conversation, overtake=True)
    Message.objects.filter(pk=message.pk).update(delivery=state)
    desk.mail("Never mind.", conversation=conversation, rfc_id="<2@customers.example>")
    assert _delivery(message) == left


def test_a_worker_that_holds_it_is_told_before_the_server_is(desk: Desk) -> None:
    conversation = desk.conversation()
    message = _later(desk, conversation, overtake=True)
    with clock.at(clock.now() + DAY + timedelta(seconds=1)):
        held = claim()
        assert held == message
        desk.mail("Never mind.", conversation=conversation, rfc_id="<2@customers.example>")
        assert held is not None
        with pytest.raises(Deferred):
            begin(held)
    assert _delivery(message) == CANCELLED


@pytest.mark.parametrize("place", ["trash", "spam"])
def test_from_the_trash_and_the_junk_nothing_leaves_and_in_time_it_is_put_back(desk: Desk, place: str) -> None:
    away, back = {"trash": (trash, restore), "spam": (mark_spam, not_spam)}[place]
    conversation = desk.conversation()
    later, soon = _later(desk, conversation), reply(conversation, by=desk.bob, html=HELLO)
    away(conversation, by=desk.bob)
    assert (_delivery(later), _delivery(soon)) == (CANCELLED, QUEUED)
    back(conversation, by=desk.bob)
    assert _delivery(later) == QUEUED
    away(conversation, by=desk.bob)
    with clock.at(clock.now() + DAY + timedelta(hours=1)):
        back(conversation, by=desk.bob)
    assert _delivery(later) == CANCELLED, "Its moment has passed: nobody expects it any more."
    assert _kinds(conversation)[2:] == ["reply.held_back", "reply.put_back", "reply.held_back"]


def test_it_goes_along_when_its_conversation_is_merged(desk: Desk) -> None:
    source, target = desk.conversation(), desk.conversation()
    message = _later(desk, source, overtake=True)
    merge(source, into=target, by=desk.bob)
    message.refresh_from_db()
    assert (message.conversation_id, message.delivery) == (target.pk, QUEUED)
    desk.mail("Never mind.", conversation=source, rfc_id="<2@customers.example>")
    assert _delivery(message) == CANCELLED


def test_an_answer_that_came_as_a_new_conversation_counts_when_it_is_merged(desk: Desk) -> None:
    asked = desk.conversation()
    message, stays = _later(desk, asked, overtake=True), _later(desk, asked)
    answer = desk.mail("Never mind.", rfc_id="<2@customers.example>")
    merge(answer.conversation, into=asked, by=desk.bob)
    assert (_delivery(message), _delivery(stays)) == (CANCELLED, QUEUED)


def test_and_when_the_one_mail_is_moved(desk: Desk) -> None:
    asked = desk.conversation()
    message = _later(desk, asked, overtake=True)
    other = desk.mail("A boat?", sender=Person("Tom", "tom@customers.example"), rfc_id="<2@customers.example>")
    answer = desk.mail("Never mind.", conversation=other.conversation, rfc_id="<3@customers.example>")
    join(answer, into=asked, by=desk.bob)
    assert _delivery(message) == CANCELLED
