"""One verb for many conversations: whole, counted, refused where it has to be, and taken back."""

from collections.abc import Iterable
from datetime import timedelta

import pytest

from postroom.core.accounts.models import SEEING, Mailbox, User
from postroom.core.conversations.actions.assign import assign
from postroom.core.conversations.actions.close import close, reopen
from postroom.core.conversations.actions.pend import mark_pending
from postroom.core.conversations.actions.read import mark_read
from postroom.core.conversations.actions.sensitive import mark_sensitive
from postroom.core.conversations.actions.snooze import snooze
from postroom.core.conversations.actions.tag import tag, untag
from postroom.core.conversations.bulk.jobs import NothingPicked, start, start_whole, stop, take_back
from postroom.core.conversations.bulk.scope import NoSuchList, scope_of
from postroom.core.conversations.bulk.verbs import VERBS
from postroom.core.conversations.bulk.wanted import Picked, Wanted
from postroom.core.conversations.bulk.work import bulk_next, carry_out
from postroom.core.conversations.models import (
    CLOSED,
    OPEN,
    PENDING,
    SNOOZED,
    BulkJob,
    Conversation,
    ReadMark,
)
from postroom.core.events.models import Event
from postroom.lib import clock
from tests.core.conftest import Desk
from tests.people import put_on


def _picked(conversations: Iterable[Conversation]) -> list[Picked]:
    return [Picked(one.pk, one.last_message_id or 0) for one in conversations]


def _do(verb: str, conversations: Iterable[Conversation], *, by: User, **more: object) -> BulkJob:
    wanted = Wanted(verb=verb, **more)  # type: ignore[arg-type]
    return carry_out(start(wanted, picked=_picked(conversations), by=by))


def _back(job: BulkJob, *, by: User) -> BulkJob:
    return carry_out(take_back(job, by=by))


def _why(job: BulkJob) -> set[str]:
    return {step["why"] for step in job.steps.filter(changed=False).values_list("before", flat=True)}


def _stands(conversation: Conversation) -> dict[str, object]:
    fields = ("status", "closed_at", "waiting_since", "snoozed_until", "wakes_on_answer", "status_before", "trashed_at")
    more = ("assignee_id", "team_id", "priority", "mailbox_id")
    found = Conversation.objects.values(*fields, *more).get(pk=conversation.pk)
    tags = sorted(conversation.tags.values_list("name", flat=True))
    read = ReadMark.objects.filter(conversation=conversation).values_list("message_id", flat=True).first()
    return {**found, "tags": tags, "read": read}


@pytest.fixture
def five(desk: Desk) -> list[Conversation]:
    """Open, pending, closed, snoozed, and one of Bob's."""
    made = [desk.conversation() for _ in range(5)]
    mark_pending(made[1], by=desk.bob)
    close(made[2], by=desk.bob)
    snooze(made[3], until=clock.now() + timedelta(days=1), by=desk.bob)
    assign(made[4], to=desk.bob, by=desk.bob)
    tag(made[4], name="late", by=desk.bob)
    mark_read(made[4], by=desk.alice, message_id=made[4].last_message_id or 0)
    return [Conversation.objects.get(pk=one.pk) for one in made]


def test_every_verb_is_taken_back_whole(desk: Desk, five: list[Conversation]) -> None:
    orders = Mailbox.objects.create(name="Orders", address="orders@velo.example")
    put_on(orders, desk.alice)
    put_on(orders, desk.bob)
    more: dict[str, dict[str, object]] = {
        "assign": {"user_id": desk.alice.pk},
        "tag": {"tag": "Boats"},
        "untag": {"tag": "late"},
        "priority": {"priority": 2},
        "move": {"mailbox_id": orders.pk},
        "snooze": {"until": clock.now() + timedelta(days=2)},
    }
    changed = {}
    for verb in VERBS:
        before = [_stands(one) for one in five]
        job = _do(verb, five, by=desk.alice, **more.get(verb, {}))
        changed[verb] = job.done
        assert (job.total, job.done + job.refused, job.state) == (5, 5, "done"), verb
        assert _back(job, by=desk.alice).done == job.done, verb
        assert [_stands(one) for one in five] == before, verb
    none = {verb for verb, count in changed.items() if not count}
    assert none == {"not_spam", "restore"}
    assert changed["close"] == 4


def test_what_somebody_changed_since_is_left_as_it_is(desk: Desk, five: list[Conversation]) -> None:
    job = _do("close", five[:2], by=desk.alice)
    reopen(five[0], by=desk.bob)
    close(five[0], by=desk.bob)
    back = _back(job, by=desk.alice)
    assert (back.done, back.refused, _why(back)) == (1, 1, {"changed"})
    assert [_stands(one)["status"] for one in five[:2]] == [CLOSED, PENDING]
    tagged = _do("tag", five[:2], by=desk.alice, tag="boats")
    untag(five[0], name="boats", by=desk.bob)
    tag(five[0], name="boats", by=desk.bob)
    tag(five[1], name="another", by=desk.bob)
    assert _back(tagged, by=desk.alice).done == 1
    assert _stands(five[0])["tags"] == ["boats"]


def test_taking_back_twice_is_once(desk: Desk, five: list[Conversation]) -> None:
    job = _do("close", five[:2], by=desk.alice)
    back = _back(job, by=desk.alice)
    assert _back(job, by=desk.alice).pk == back.pk
    assert Event.objects.filter(kind="conversation.reopened").count() == 1


def test_what_may_not_be_seen_or_answered_is_not_changed(desk: Desk, five: list[Conversation]) -> None:
    other = Mailbox.objects.create(name="Orders", address="orders@velo.example")
    put_on(other, desk.charlie, level=SEEING)
    Conversation.objects.filter(pk=five[0].pk).update(mailbox=other)
    mark_sensitive(five[1], people=[], by=desk.bob)
    put_on(desk.mailbox, desk.charlie)
    before = [_stands(one) for one in five]
    job = _do("tag", five, by=desk.charlie, tag="mine")
    assert (job.total, job.done, job.refused, _why(job)) == (5, 3, 2, {"barred"})
    assert [_stands(one) for one in five[:2]] == before[:2]
    assert not Event.objects.filter(kind="conversation.tagged", conversation_id__in=[five[0].pk, five[1].pk]).exists()


def test_a_customer_who_wrote_meanwhile_is_not_put_out_of_sight(desk: Desk, five: list[Conversation]) -> None:
    picked = _picked(five[:2])
    desk.mail("And where is the bell?", conversation=five[0])
    job = carry_out(start(Wanted("close"), picked=picked, by=desk.alice))
    assert (job.done, _why(job)) == (1, {"newer"})
    assert _stands(five[0])["status"] == OPEN
    assert carry_out(start(Wanted("priority", priority=1), picked=picked, by=desk.alice)).done == 2


def test_a_whole_list_is_the_workers(desk: Desk, five: list[Conversation]) -> None:
    job = start_whole(Wanted("close"), within_list="open", by=desk.alice)
    late = desk.conversation()
    for nonsense in ("everything", scope_of("is:nothing")):
        with pytest.raises(NoSuchList):
            start_whole(Wanted("close"), within_list=nonsense, by=desk.alice)
    while bulk_next():
        pass
    job.refresh_from_db()
    assert (job.state, job.total, job.done, job.refused) == ("done", 2, 2, 0)
    assert [_stands(one)["status"] for one in (*five, late)] == [CLOSED, PENDING, CLOSED, SNOOZED, CLOSED, OPEN]
    back = _back(job, by=desk.alice)
    assert (back.state, back.done) == ("done", 2)


def test_a_condition_is_as_good_as_a_list(desk: Desk, five: list[Conversation]) -> None:
    start_whole(Wanted("priority", priority=2), within_list=scope_of("tag:late"), by=desk.alice)
    while bulk_next():
        pass
    assert [one.priority for one in Conversation.objects.order_by("pk")] == [0, 0, 0, 0, 2]


def test_one_that_was_stopped_goes_no_further_and_can_be_taken_back(desk: Desk, five: list[Conversation]) -> None:
    job = start_whole(Wanted("close"), within_list="open", by=desk.alice)
    assert stop(job)
    assert not bulk_next()
    assert not stop(job)
    assert _stands(five[0])["status"] == OPEN
    assert _back(job, by=desk.alice).done == 0


def test_a_job_that_lost_its_worker_is_taken_up_when_its_lease_has_run_out(
    desk: Desk, five: list[Conversation]
) -> None:
    job = start(Wanted("close"), picked=_picked(five), by=desk.alice)
    assert not bulk_next()
    BulkJob.objects.update(leased_until=clock.now())
    while bulk_next():
        pass
    job.refresh_from_db()
    assert (job.state, job.done, _why(job)) == ("done", 4, {"already"})


def test_whose_lease_was_taken_over_writes_nothing_down(desk: Desk, five: list[Conversation]) -> None:
    job = start(Wanted("close"), picked=_picked(five), by=desk.alice)
    BulkJob.objects.update(leased_until=clock.now() + timedelta(minutes=1))
    carry_out(job)
    assert (job.done, _stands(five[0])["status"]) == (0, OPEN)


def test_browsers_are_told_of_all_at_once(desk: Desk, five: list[Conversation]) -> None:
    job = _do("priority", five, by=desk.alice, priority=1)
    single = Event.objects.filter(kind="conversation.priority", bulk_id=None)
    assert single.count() == 1
    assert Event.objects.filter(kind="conversation.priority", bulk_id=job.pk).count() == 4
    assert list(Event.objects.filter(kind="bulk.went_on").values_list("mailbox_id", "conversation_id")) == [
        (desk.mailbox.pk, None)
    ]


def test_nothing_selected_is_said(desk: Desk) -> None:
    with pytest.raises(NothingPicked, match="Nothing is selected"):
        start(Wanted("close"), picked=[], by=desk.alice)


def test_what_was_deleted_for_good_since_is_counted_as_left(desk: Desk, five: list[Conversation]) -> None:
    job = _do("trash", five, by=desk.alice)
    Conversation.objects.filter(pk=five[0].pk).delete()
    back = _back(job, by=desk.alice)
    assert (back.total, back.done, back.refused) == (job.done, job.done - 1, 1)
