"""Roles: who gives which, and that there is always an owner."""

import threading

import pytest
from django.db import connection, connections

from postroom.core.accounts.actions.owners import LastOwner
from postroom.core.accounts.actions.roles import RoleRefused, add_role, change_role, delete_role, give_role
from postroom.core.accounts.models import ADMIN, AGENT, CUSTOM, OBSERVER, OWNER, SUPERVISOR, Mailbox, Role, User
from postroom.core.accounts.permissions import ANSWER, NOTE, PEOPLE, PERMISSIONS, may, outranks, permissions_of
from postroom.core.audit.models import AuditEntry
from postroom.core.events.actor import SYSTEM
from postroom.core.events.models import Event


def test_an_owner_makes_an_administrator_and_it_is_written_down(alice: User, bob: User) -> None:
    assert give_role(bob, role=ADMIN, by=alice)
    assert not give_role(bob, role=ADMIN, by=alice)
    bob.refresh_from_db()
    assert may(bob, PEOPLE)
    entry = AuditEntry.objects.get(action="role.changed")
    assert (entry.subject, entry.before, entry.after) == (f"person:{bob.pk}", {"role": AGENT}, {"role": ADMIN})
    assert Event.objects.get(kind="person.role_given").data["role"] == ADMIN


def test_only_an_owner_makes_or_unmakes_owners(alice: User, bob: User, charlie: User) -> None:
    give_role(bob, role=ADMIN, by=alice)
    bob.refresh_from_db()
    for attempt in ((charlie, OWNER), (bob, OWNER), (alice, AGENT)):
        with pytest.raises((RoleRefused, LastOwner)):
            give_role(attempt[0], role=attempt[1], by=bob)
    give_role(charlie, role=OWNER, by=alice)
    with pytest.raises(RoleRefused):
        give_role(charlie, role=AGENT, by=bob)
    assert set(User.objects.filter(role=OWNER)) == {alice, charlie}


def test_nobody_gives_more_than_they_have(alice: User, bob: User, charlie: User) -> None:
    staff = add_role(name="Staff office", permissions=[PEOPLE, NOTE], by=alice)
    give_role(bob, role=CUSTOM, custom_role=staff, by=alice)
    bob.refresh_from_db()
    assert permissions_of(bob) == {PEOPLE, NOTE}
    for role in (SUPERVISOR, ADMIN, OWNER):
        with pytest.raises(RoleRefused):
            give_role(charlie, role=role, by=bob)
    with pytest.raises(RoleRefused):
        # Charlie answers, Bob does not: what Charlie has is not Bob's to take.
        give_role(charlie, role=OBSERVER, by=bob)
    with pytest.raises(RoleRefused):
        add_role(name="All", permissions=list(PERMISSIONS), by=bob)
    with pytest.raises(RoleRefused):
        change_role(staff, name="Staff office", permissions=[PEOPLE, NOTE, ANSWER], by=bob)
    assert outranks(alice, other=bob)
    assert not outranks(bob, other=alice)


def test_nobody_raises_themself_even_with_an_old_copy_of_who_they_were(alice: User, bob: User) -> None:
    give_role(bob, role=ADMIN, by=alice)
    old = User.objects.get(pk=bob.pk)
    give_role(bob, role=AGENT, by=alice)
    with pytest.raises(RoleRefused):
        give_role(bob, role=ADMIN, by=old)


def test_the_last_owner_stays_one(alice: User, bob: User) -> None:
    with pytest.raises(LastOwner, match="Alice"):
        give_role(alice, role=AGENT, by=alice)
    assert not give_role(alice, role=OWNER, by=alice)
    bob.role, bob.is_active = OWNER, False
    bob.save()
    with pytest.raises(LastOwner):
        give_role(alice, role=AGENT, by=SYSTEM)
    give_role(bob, role=AGENT, by=SYSTEM)
    assert User.objects.get(role=OWNER) == alice


@pytest.mark.django_db(transaction=True)
def test_of_two_owners_who_demote_each_other_at_once_one_stays(alice: User, bob: User) -> None:
    User.objects.filter(pk=bob.pk).update(role=OWNER)
    bob.refresh_from_db()
    together, refused = threading.Barrier(2), []

    def demote(person: User, by: User) -> None:
        together.wait()
        try:
            give_role(person, role=AGENT, by=by)
        except (LastOwner, RoleRefused) as refusal:
            refused.append(refusal)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=demote, args=pair) for pair in ((alice, bob), (bob, alice))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1
    assert User.objects.filter(role=OWNER, is_active=True).count() == 1
    assert connection.vendor in ("sqlite", "postgresql")


def test_a_role_of_ones_own_is_made_changed_and_deleted_when_nobody_has_it(alice: User, bob: User) -> None:
    role = add_role(name=" Night  shift ", permissions=[NOTE, "no such thing"], by=alice)
    assert (role.name, role.permissions) == ("Night shift", [NOTE])
    with pytest.raises(RoleRefused, match="already"):
        add_role(name="Night shift", permissions=[], by=alice)
    give_role(bob, role=CUSTOM, custom_role=role, by=alice)
    assert not change_role(role, name="Night shift", permissions=[NOTE], by=alice)
    assert change_role(role, name="Nights", permissions=[NOTE, ANSWER], by=alice)
    assert permissions_of(User.objects.get(pk=bob.pk)) == {NOTE, ANSWER}
    with pytest.raises(RoleRefused, match="Somebody has this role"):
        delete_role(role, by=alice)
    give_role(bob, role=AGENT, by=alice)
    delete_role(role, by=alice)
    assert not Role.objects.exists()
    actions = AuditEntry.objects.filter(subject=f"role:{role.pk}").order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["role.added", "role.redefined", "role.deleted"]


def test_a_role_that_is_none_is_not_given(alice: User, bob: User, mailbox: Mailbox) -> None:
    del mailbox
    for role in ("emperor", "", CUSTOM):
        with pytest.raises(RoleRefused):
            give_role(bob, role=role, by=alice)
