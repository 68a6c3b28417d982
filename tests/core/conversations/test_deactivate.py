"""Going: the work is given on in the same step, and every door closes."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from postroom.core.accounts.actions.owners import LastOwner
from postroom.core.accounts.models import ADMIN, OWNER, SEEING, Mailbox, Membership, Session, Team, User
from postroom.core.audit.models import AuditEntry
from postroom.core.conversations.actions.assign import assign
from postroom.core.conversations.actions.close import close
from postroom.core.conversations.actions.deactivate import CannotDeactivate, deactivate, open_work, reactivate
from postroom.core.conversations.actions.pend import mark_pending
from postroom.core.conversations.actions.reply import reply
from postroom.core.conversations.models import Conversation
from postroom.core.conversations.models.message import SENT
from postroom.core.conversations.models.named_person import NamedPerson
from postroom.core.events.actor import SYSTEM
from postroom.core.events.models import Event
from postroom.core.outbox.deliver import deliver_next
from postroom.core.outbox.outcomes import Handed
from postroom.lib import clock
from tests.core.conftest import Desk


class _Out:
    """A way out that takes everything."""

    def send(self, *_message: object, before_data: object, **_options: object) -> Handed:
        before_data()  # type: ignore[operator]
        return Handed("250 taken")

    def left(self, message: object) -> None:
        """Nothing is kept."""


def _of(person: User, desk: Desk, *, subject: str = "Order") -> Conversation:
    made = Conversation.objects.get(pk=desk.mail(subject=subject).conversation_id)
    assign(made, to=person, by=SYSTEM)
    return made


def _owner(conversation: Conversation) -> tuple[User | None, Team | None]:
    conversation.refresh_from_db()
    return conversation.assignee, conversation.team


@pytest.fixture
def boss(desk: Desk) -> User:
    """Charlie runs the place, and is on no mailbox."""
    desk.charlie.role = OWNER
    desk.charlie.save()
    return desk.charlie


def test_open_work_is_given_on_and_what_is_done_keeps_its_name(desk: Desk, boss: User) -> None:
    first, waiting, done = (_of(desk.alice, desk, subject=name) for name in ("one", "two", "three"))
    mark_pending(waiting, by=SYSTEM)
    close(done, by=SYSTEM)
    others = _of(desk.bob, desk)
    assert [(work.mailbox, work.count) for work in open_work(desk.alice)] == [(desk.mailbox, 2)]
    assert deactivate(desk.alice, hand_to=desk.bob, by=boss)
    assert not deactivate(desk.alice, hand_to=None, by=boss)
    assert _owner(first) == _owner(waiting) == _owner(others) == (desk.bob, None)
    assert _owner(done) == (desk.alice, None)
    told = Event.objects.filter(kind="conversation.assigned", actor_id=boss.pk)
    assert set(told.values_list("conversation_id", flat=True)) == {first.pk, waiting.pk}
    entry = AuditEntry.objects.get(action="person.deactivated")
    assert (entry.before, entry.after["given_to"], entry.after["open_conversations"]) == ({"active": True}, "Bob", 2)


def test_to_a_team_to_nobody_and_to_somebody_who_cannot_answer(desk: Desk, boss: User) -> None:
    team = Team.objects.create(name="Workshop")
    theirs = _of(desk.alice, desk)
    deactivate(desk.alice, hand_to=team, by=boss)
    assert _owner(theirs) == (None, team)
    assert reactivate(desk.alice, by=boss)
    assign(theirs, to=desk.alice, by=SYSTEM)
    Membership.objects.filter(user=desk.bob).update(level=SEEING)
    deactivate(desk.alice, hand_to=desk.bob, by=boss)
    assert _owner(theirs) == (None, None)


def test_a_sensitive_conversation_goes_only_to_somebody_who_is_named_in_it(desk: Desk, boss: User) -> None:
    named, secret = _of(desk.alice, desk), _of(desk.alice, desk)
    Conversation.objects.filter(pk__in=(named.pk, secret.pk)).update(sensitive_since=clock.now())
    NamedPerson.objects.create(conversation=named, user=desk.bob)
    NamedPerson.objects.create(conversation=secret, user=desk.bob, until=clock.now() - timedelta(minutes=1))
    deactivate(desk.alice, hand_to=desk.bob, by=boss)
    assert _owner(named) == (desk.bob, None)
    assert _owner(secret) == (None, None)


def test_every_door_closes_at_once_and_what_waits_still_leaves(desk: Desk, boss: User) -> None:
    conversation = _of(desk.alice, desk)
    message = reply(conversation, by=desk.alice, html="<p>Soon.</p>", send_after=clock.now())
    now = clock.now()
    Session.objects.create(digest="d" * 64, user=desk.alice, expire_date=now, first_seen=now, last_seen=now)
    deactivate(desk.alice, hand_to=None, by=boss)
    assert not Session.objects.filter(user=desk.alice).exists()
    assert not Conversation.objects.visible_to(User.objects.get(pk=desk.alice.pk)).exists()
    assert deliver_next(_Out())
    message.refresh_from_db()
    assert (message.delivery, message.author) == (SENT, desk.alice)


def test_what_wakes_later_is_free_to_take(desk: Desk, boss: User) -> None:
    done = _of(desk.alice, desk)
    close(done, by=SYSTEM)
    deactivate(desk.alice, hand_to=desk.bob, by=boss)
    desk.mail("And the other one?", conversation=done, rfc_id="<2@customers.example>")
    assert _owner(done) == (None, None)


def test_a_reactivated_person_finds_what_they_could_see(desk: Desk, boss: User) -> None:
    conversation = _of(desk.alice, desk)
    deactivate(desk.alice, hand_to=None, by=boss)
    assert reactivate(desk.alice, by=boss)
    assert not reactivate(desk.alice, by=boss)
    assert Conversation.objects.visible_to(User.objects.get(pk=desk.alice.pk)).filter(pk=conversation.pk).exists()


def test_the_last_owner_oneself_and_somebody_who_may_more_stay(desk: Desk, boss: User) -> None:
    desk.bob.role = ADMIN
    desk.bob.save()
    with pytest.raises(CannotDeactivate, match="allows more"):
        deactivate(boss, hand_to=None, by=desk.bob) if _second_owner(desk) else None
    with pytest.raises(CannotDeactivate, match="themselves"):
        deactivate(desk.bob, hand_to=None, by=desk.bob)
    User.objects.filter(name="Alice").update(role="agent")
    with pytest.raises(LastOwner):
        deactivate(boss, hand_to=None, by=SYSTEM)
    assert User.objects.filter(is_active=True).count() == 3


def _second_owner(desk: Desk) -> bool:
    return bool(User.objects.filter(pk=desk.alice.pk).update(role=OWNER))


@pytest.mark.django_db(transaction=True)
def test_of_two_owners_who_let_each_other_go_one_stays(mailbox: Mailbox, alice: User, bob: User) -> None:
    bob.role = OWNER
    bob.save()
    done: list[bool] = []

    def go(whom: User, by: User) -> None:
        try:
            done.append(deactivate(whom, hand_to=None, by=by))
        except (CannotDeactivate, LastOwner):
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=go, args=pair) for pair in ((alice, bob), (bob, alice))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert done == [True]
    assert User.objects.filter(role=OWNER, is_active=True).count() == 1
