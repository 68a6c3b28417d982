"""What is due is sent once; how each try ends is on the message."""

from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest

from postroom.core.conversations.actions.refusals import AlreadySent
from postroom.core.conversations.actions.reply import reply
from postroom.core.conversations.actions.unsend import unsend
from postroom.core.conversations.models import Message
from postroom.core.conversations.models.message import DEFERRED, LEASED, QUEUED, REFUSED, SENDING, SENT, UNCERTAIN
from postroom.core.events.models import Event
from postroom.core.outbox.deliver import LEASE, deliver_next, give_up_lost
from postroom.core.outbox.outcomes import Deferred, Handed, NotSent, Refused, Uncertain
from postroom.core.outbox.patience import GIVE_UP_AFTER, wait_before
from postroom.lib import clock
from tests.core.conftest import Desk


class Postman:
    """A way out that does what it is told and remembers what it carried."""

    def __init__(self, outcome: NotSent | None = None) -> None:
        self.outcome = outcome
        self.carried: list[int] = []
        self.gone: list[int] = []
        self.seen_state = ""

    def send(self, message: Message, *, to: Sequence[str], before_data: Callable[[], None]) -> Handed:
        before_data()
        self.carried.append(message.pk)
        self.seen_state = Message.objects.get(pk=message.pk).delivery
        if self.outcome:
            raise self.outcome
        return Handed("250 2.0.0 taken")

    def left(self, message: Message) -> None:
        self.gone.append(message.pk)


def queued(desk: Desk) -> Message:
    return reply(desk.conversation(), by=desk.alice, html="<p>Hello</p>")


def test_nothing_leaves_before_the_undo_window_is_over(desk: Desk) -> None:
    message = queued(desk)
    postman = Postman()
    assert not deliver_next(postman)
    with clock.at(clock.now() + timedelta(minutes=1)):
        assert deliver_next(postman)
        assert not deliver_next(postman)
    message.refresh_from_db()
    assert (message.delivery, message.delivery_words) == (SENT, "250 2.0.0 taken")
    assert postman.carried == postman.gone == [message.pk]
    assert postman.seen_state == SENDING
    with pytest.raises(AlreadySent):
        unsend(message, by=desk.alice)


@pytest.mark.parametrize(
    ("outcome", "state", "kind"),
    [
        (Deferred("451 try later"), DEFERRED, "reply.deferred"),
        (Refused("550 no such user"), REFUSED, "reply.refused"),
        (Uncertain("gone after DATA"), UNCERTAIN, "reply.uncertain"),
    ],
)
def test_how_a_try_ended_is_on_the_message_in_the_servers_words(
    desk: Desk, outcome: NotSent, state: str, kind: str
) -> None:
    message = queued(desk)
    with clock.at(clock.now() + timedelta(minutes=1)):
        assert deliver_next(Postman(outcome))
        message.refresh_from_db()
        assert (message.delivery, message.delivery_words) == (state, str(outcome))
        assert Event.objects.filter(kind=kind, message_id=message.pk).count() == 1
        assert not deliver_next(Postman())


def test_a_deferred_reply_goes_round_by_itself(desk: Desk) -> None:
    message = queued(desk)
    with clock.at(clock.now() + timedelta(minutes=1)):
        deliver_next(Postman(Deferred("busy")))
    with clock.at(clock.now() + timedelta(minutes=10)):
        assert deliver_next(Postman())
    message.refresh_from_db()
    assert (message.delivery, message.attempts) == (SENT, 2)


def test_an_uncertain_reply_is_never_sent_again_by_itself(desk: Desk) -> None:
    queued(desk)
    with clock.at(clock.now() + timedelta(minutes=1)):
        deliver_next(Postman(Uncertain("gone")))
    with clock.at(clock.now() + timedelta(days=30)):
        assert not deliver_next(Postman())


def test_a_worker_that_died_before_the_mail_left_loses_only_its_lease(desk: Desk) -> None:
    message = queued(desk)
    dead = clock.now() + timedelta(seconds=20)
    Message.objects.filter(pk=message.pk).update(delivery=LEASED, leased_until=dead + LEASE)
    with clock.at(dead + timedelta(minutes=1)):
        assert not deliver_next(Postman())
    with clock.at(dead + LEASE + timedelta(minutes=1)):
        assert deliver_next(Postman())
    message.refresh_from_db()
    assert message.delivery == SENT


def test_a_worker_that_died_while_sending_leaves_a_question_not_a_double(desk: Desk) -> None:
    message = queued(desk)
    dead = clock.now()
    Message.objects.filter(pk=message.pk).update(delivery=SENDING, leased_until=dead)
    with clock.at(dead + timedelta(minutes=1)):
        assert give_up_lost() == 1
        assert not deliver_next(Postman())
    message.refresh_from_db()
    assert message.delivery == UNCERTAIN
    assert "Nobody knows" in message.delivery_words


def test_a_reply_that_another_worker_took_over_is_not_begun(desk: Desk) -> None:
    message = queued(desk)

    class Slow(Postman):
        def send(self, message: Message, *, to: Sequence[str], before_data: Callable[[], None]) -> Handed:
            Message.objects.filter(pk=message.pk).update(delivery=QUEUED, leased_until=None)
            return super().send(message, to=to, before_data=before_data)

    slow = Slow()
    with clock.at(clock.now() + timedelta(minutes=1)):
        deliver_next(slow)
    assert slow.carried == []
    message.refresh_from_db()
    assert message.delivery == QUEUED


def test_patience_grows_and_ends() -> None:
    waits = [wait_before(attempt) for attempt in range(1, GIVE_UP_AFTER)]
    assert all(waits)
    assert waits == sorted(waits, key=lambda wait: wait or timedelta())
    assert wait_before(GIVE_UP_AFTER) is None
