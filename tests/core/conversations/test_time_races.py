"""A customer's answer in the very instant in which a snooze ends or a reply leaves: one of the two, and nothing lost.

Real threads on real connections; who comes first is chance, and both orders have to be right.
"""

import threading
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial

import pytest
from django.db import OperationalError, connection

from postroom.core.conversations.actions.reply import reply
from postroom.core.conversations.actions.snooze import snooze, wake_due
from postroom.core.conversations.actions.trash import trash
from postroom.core.conversations.models import OPEN, Conversation, Message
from postroom.core.conversations.models.message import CANCELLED, SENT
from postroom.core.events.models import Event
from postroom.core.outbox.deliver import deliver_next
from postroom.core.outbox.outcomes import Handed
from postroom.lib import clock
from tests.core.conftest import Desk

pytestmark = pytest.mark.django_db(transaction=True)

TIMES = 8


class Counting:
    """A server that takes everything, and knows what it was given."""

    def __init__(self) -> None:
        self.taken: list[int] = []

    def send(self, message: Message, *, to: Sequence[str], before_data: Callable[[], None]) -> Handed:
        del to
        before_data()
        self.taken.append(message.pk)
        return Handed("250 OK")

    def left(self, message: Message) -> None:
        """Nothing follows."""


def _at_once(*acts: Callable[[], object]) -> None:
    """Do them all in the same instant, and raise what one of them raised."""
    gate, failures = threading.Barrier(len(acts)), []

    def go(act: Callable[[], object]) -> None:
        try:
            gate.wait(10)
            _patiently(act)
        except Exception as failure:  # noqa: BLE001  (raised below)
            failures.append(failure)
        finally:
            connection.close()

    threads = [threading.Thread(target=go, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    if failures:
        raise failures[0]


def _patiently(act: Callable[[], object]) -> None:
    """As the worker's rounds do: a database that is busy is asked again."""
    for _time in range(20):
        try:
            act()
        except OperationalError:
            connection.close()
        else:
            return
    raise AssertionError("The database stayed busy.")


def test_an_answer_and_the_alarm_clock_wake_it_once(desk: Desk) -> None:
    for number in range(TIMES):
        conversation = desk.conversation()
        with clock.at(clock.now() - timedelta(hours=1)):
            snooze(conversation, until=clock.now() + timedelta(minutes=1), by=desk.alice)
        ask = partial(desk.mail, "Any news?", conversation=conversation, rfc_id=f"<r{number}@c>")
        _at_once(wake_due, ask, wake_due)
        now = Conversation.objects.get(pk=conversation.pk)
        assert (now.status, now.snoozed_until, now.message_count) == (OPEN, None, 2)
        events = Event.objects.filter(conversation_id=conversation.pk)
        woke = events.filter(kind="conversation.woke").count()
        reopened = [e.data["reopened"] for e in events.filter(kind="message.received")][1]
        assert woke + reopened == 1


def test_an_answer_and_the_worker_that_sends(desk: Desk) -> None:
    server = Counting()
    for number in range(TIMES):
        conversation = desk.conversation()
        message = reply(
            conversation, by=desk.alice, html="<p>Hello</p>", send_after=clock.now(), cancel_if_answered=True
        )
        _at_once(
            lambda: deliver_next(server),
            partial(desk.mail, "Never mind.", conversation=conversation, rfc_id=f"<s{number}@c>"),
            lambda: deliver_next(server),
        )
        state = Message.objects.values_list("delivery", flat=True).get(pk=message.pk)
        told = Event.objects.filter(conversation_id=conversation.pk, kind="reply.overtaken").count()
        gone = Event.objects.filter(conversation_id=conversation.pk, kind="reply.sent").count()
        assert (state, server.taken.count(message.pk), told, gone) in {(SENT, 1, 0, 1), (CANCELLED, 0, 1, 0)}
        assert Conversation.objects.get(pk=conversation.pk).waiting_since is not None, "The customer waits either way."


def test_the_trash_and_the_worker_that_sends(desk: Desk) -> None:
    server = Counting()
    for _number in range(TIMES):
        conversation = desk.conversation()
        at = clock.now() + timedelta(hours=1)
        message = reply(conversation, by=desk.alice, html="<p>Hello</p>", send_after=at)

        def send_in_an_hour(at: object = at) -> None:
            with clock.at(clock.now() + timedelta(hours=2)):
                deliver_next(server)

        _at_once(send_in_an_hour, partial(trash, conversation, by=desk.bob))
        state = Message.objects.values_list("delivery", flat=True).get(pk=message.pk)
        assert (state, server.taken.count(message.pk)) in {(SENT, 1), (CANCELLED, 0)}
