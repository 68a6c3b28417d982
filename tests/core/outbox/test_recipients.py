"""A reply to several people: each has it once, and who has it is known."""

from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest

from postroom.core.conversations.actions.refusals import AlreadySent
from postroom.core.conversations.actions.reply import reply
from postroom.core.conversations.actions.send_again import HasIt, send_again_to
from postroom.core.conversations.actions.unsend import retry, unsend
from postroom.core.conversations.models import Delivery, Message
from postroom.core.conversations.models.delivery import BOUNCED, DELIVERED, TAKEN, TURNED_AWAY, WAITING
from postroom.core.conversations.models.message import DEFERRED, QUEUED, REFUSED, SENT, UNCERTAIN
from postroom.core.events.models import Event
from postroom.core.outbox.deliver import deliver_next
from postroom.core.outbox.outcomes import Answer, Deferred, Handed, Held, NotSent, Refused, Uncertain
from postroom.core.outbox.patience import GIVE_UP_AFTER
from postroom.lib import clock
from tests.core.conftest import Desk

ANN, TOM, BOSS = "ann@customers.example", "Tom@x.example", "boss@velo.example"
End = Handed | NotSent


class Postman:
    """A way out that ends each try as it is told, and remembers whom it was sent to."""

    def __init__(self, *ends: End) -> None:
        self.ends = list(ends)
        self.rounds: list[list[str]] = []

    def send(self, message: Message, *, to: Sequence[str], before_data: Callable[[], None]) -> Handed:
        self.rounds.append(list(to))
        end = self.ends.pop(0) if self.ends else Handed("250 OK")
        if isinstance(end, Held):
            raise end
        before_data()
        if isinstance(end, NotSent):
            raise end
        return end

    def left(self, message: Message) -> None:
        """Nothing is to be done."""


@pytest.fixture
def message(desk: Desk) -> Message:
    """Alice's answer to Ann, Tom and, hidden, the boss."""
    return reply(
        desk.conversation(),
        by=desk.alice,
        html="<p>Hello</p>",
        to=[f"Ann <{ANN}>"],
        cc=[TOM],
        bcc=[BOSS],
        send_after=clock.now(),
    )


def _try(message: Message, postman: Postman) -> Message:
    message.refresh_from_db()
    moment = max(clock.now(), message.send_after or clock.now())
    with clock.at(moment + timedelta(seconds=1)):
        assert deliver_next(postman)
    message.refresh_from_db()
    return message


def _states(message: Message) -> dict[str, str]:
    return dict(message.deliveries.values_list("email", "state"))


def _turned(email: str, state: str = TURNED_AWAY) -> Answer:
    return Answer(email, state, "5.1.1", "550 5.1.1 No such person")


def test_who_has_it_is_known_for_each(message: Message) -> None:
    postman = Postman(Handed("250 OK", (_turned(TOM),)))
    assert _try(message, postman).delivery == SENT
    assert _states(message) == {ANN: TAKEN, "tom@x.example": TURNED_AWAY, BOSS: TAKEN}
    row = message.deliveries.get(email="tom@x.example")
    assert (row.status, row.words) == ("5.1.1", "550 5.1.1 No such person")
    assert postman.rounds == [[ANN, TOM, BOSS]]
    assert Event.objects.filter(kind="reply.sent_partly", message_id=message.pk).count() == 1


def test_one_who_was_put_off_is_tried_again_alone(message: Message) -> None:
    postman = Postman(Handed("250 OK", (_turned(TOM, WAITING),)), Deferred("away"))
    assert _try(message, postman).delivery == DEFERRED
    assert message.sent_at
    with pytest.raises(AlreadySent):
        unsend(message, by=message.author)  # type: ignore[arg-type]
    assert _try(message, postman).delivery == DEFERRED
    assert _try(message, postman).delivery == SENT
    assert postman.rounds == [[ANN, TOM, BOSS], [TOM], [TOM]]
    assert set(_states(message).values()) == {TAKEN}


def test_patience_with_one_ends_and_the_others_have_it(message: Message) -> None:
    postman = Postman(Handed("250 OK", (_turned(TOM, WAITING),)), Deferred("away"))
    _try(message, postman)
    Message.objects.update(attempts=GIVE_UP_AFTER - 1)
    assert _try(message, postman).delivery == SENT
    assert _states(message)["tom@x.example"] == TURNED_AWAY
    assert message.deliveries.get(email="tom@x.example").words == "away"


def test_a_refusal_of_the_rest_leaves_it_sent(message: Message) -> None:
    postman = Postman(Handed("250 OK", (_turned(TOM, WAITING),)), Refused("no"))
    _try(message, postman)
    assert _try(message, postman).delivery == SENT
    assert _states(message)["tom@x.example"] == TURNED_AWAY


def test_uncertain_for_the_rest_is_never_tried_by_itself_and_never_for_the_others(desk: Desk, message: Message) -> None:
    postman = Postman(Handed("250 OK", (_turned(TOM, WAITING),)), Uncertain("gone"))
    _try(message, postman)
    assert _try(message, postman).delivery == UNCERTAIN
    with clock.at(clock.now() + timedelta(days=9)):
        assert not deliver_next(postman)
    assert retry(message, by=desk.alice)
    assert _try(message, postman).delivery == SENT
    assert postman.rounds[1:] == [[TOM], [TOM]]


def test_sent_again_goes_to_those_who_do_not_have_it_only(desk: Desk, message: Message) -> None:
    postman = Postman(Handed("250 OK", (_turned(TOM), _turned(BOSS))))
    _try(message, postman)
    rfc_id = message.rfc_id
    with pytest.raises(HasIt, match=ANN):
        send_again_to(message, [ANN], by=desk.alice)
    with pytest.raises(HasIt):
        send_again_to(message, [TOM, "mallory@elsewhere.example"], by=desk.alice)
    message.refresh_from_db()
    assert message.delivery == SENT
    assert send_again_to(message, ["TOM@x.example "], by=desk.alice)
    assert not send_again_to(message, [TOM], by=desk.alice), "It is on its way."
    assert _try(message, postman).delivery == SENT
    assert postman.rounds[-1] == [TOM]
    assert (message.rfc_id, _states(message)[BOSS]) == (rfc_id, TURNED_AWAY)
    assert Event.objects.filter(kind="reply.sent_again").count() == 1


def test_one_whose_mail_came_back_can_be_sent_it_again(desk: Desk, message: Message) -> None:
    postman = Postman()
    _try(message, postman)
    Delivery.objects.filter(email=ANN).update(state=BOUNCED)
    assert send_again_to(message, [ANN], by=desk.alice)
    assert _try(message, postman).delivery == SENT
    assert postman.rounds[-1] == [ANN]


def test_a_reply_that_never_left_is_not_sent_again_to_some(desk: Desk, message: Message) -> None:
    _try(message, Postman(Refused("no", answers=(_turned(ANN), _turned(TOM), _turned(BOSS)))))
    assert (message.delivery, message.sent_at) == (REFUSED, None)
    assert not send_again_to(message, [ANN], by=desk.alice)
    assert retry(message, by=desk.alice)
    postman = Postman()
    assert _try(message, postman).delivery == SENT
    assert postman.rounds == [[ANN, TOM, BOSS]]


def test_a_report_that_was_quicker_than_our_own_note_is_kept(message: Message) -> None:
    class Quick(Postman):
        def send(self, message: Message, *, to: Sequence[str], before_data: Callable[[], None]) -> Handed:
            Delivery.objects.create(message=message, email=ANN, state=DELIVERED, at=clock.now())
            return super().send(message, to=to, before_data=before_data)

    _try(message, Quick())
    assert _states(message) == {ANN: DELIVERED, "tom@x.example": TAKEN, BOSS: TAKEN}


def test_nobody_left_to_send_to_sends_nothing(message: Message) -> None:
    for email in (ANN, "tom@x.example", BOSS):
        Delivery.objects.create(message=message, email=email, state=DELIVERED, at=clock.now())
    postman = Postman()
    assert _try(message, postman).delivery == SENT
    assert postman.rounds == []


def test_a_reply_that_waits_for_its_turn_says_so_once_and_makes_no_try(message: Message) -> None:
    until = clock.now() + timedelta(minutes=5)
    postman = Postman(Held("Wait.", until=until), Held("Wait.", until=until + timedelta(minutes=1)))
    assert _try(message, postman).delivery == DEFERRED
    assert (message.send_after, message.attempts) == (until, 0)
    _try(message, postman)
    assert Event.objects.filter(kind="reply.held").count() == 1
    assert _try(message, postman).delivery == SENT


def test_two_who_ask_to_send_it_again_send_it_once(desk: Desk, message: Message) -> None:
    postman = Postman(Handed("250 OK", (_turned(TOM),)))
    _try(message, postman)
    asked = [send_again_to(message, [TOM], by=who) for who in (desk.alice, desk.bob)]
    assert asked == [True, False]
    assert Message.objects.get(pk=message.pk).delivery == QUEUED
