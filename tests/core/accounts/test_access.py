"""Grants and teams: what a person may do in a mailbox, why, and that it follows at once."""

import threading

import pytest
from django.db import connections, transaction

from postroom.core.accounts.actions.access import grant, settle, settle_person
from postroom.core.accounts.actions.join import take_out
from postroom.core.accounts.actions.teams import TeamRefused, add_team, delete_team, rename_team, set_members
from postroom.core.accounts.models import (
    ADMIN,
    ANSWERING,
    MANAGING,
    NONE,
    OBSERVER,
    SEEING,
    SUPERVISOR,
    Mailbox,
    Membership,
    Team,
    User,
)
from postroom.core.accounts.permissions import level_on, may_answer, may_manage, may_note
from postroom.core.accounts.rights import answerers_on, kept_by, managers_of, rights_in
from postroom.core.accounts.why import why_in, why_of
from postroom.core.audit.models import AuditEntry
from postroom.core.conversations.actions.assign import assign
from postroom.core.conversations.actions.disband import disband
from postroom.core.conversations.models import Conversation
from postroom.core.events.models import Event
from tests.faces.web.inbox.conftest import write
from tests.people import put_on


@pytest.fixture
def workshop(alice: User, mailbox: Mailbox) -> Team:
    """A team without members that may see the mailbox."""
    team = add_team(name="Workshop", by=alice)
    grant(mailbox, team=team, level=SEEING, by=alice)
    return team


def test_whoever_comes_into_a_team_sees_what_it_sees_and_whoever_goes_does_not(
    alice: User, charlie: User, mailbox: Mailbox, workshop: Team
) -> None:
    assert level_on(charlie, mailbox.pk) == NONE
    set_members(workshop, members=[charlie], by=alice)
    assert level_on(charlie, mailbox.pk) == SEEING
    grant(mailbox, team=workshop, level=MANAGING, by=alice)
    assert may_manage(charlie, mailbox.pk)
    set_members(workshop, members=[], by=alice)
    assert level_on(charlie, mailbox.pk) == NONE
    joined = Event.objects.filter(kind="mailbox.member_joined", data__user_id=charlie.pk)
    left = Event.objects.filter(kind="mailbox.member_left", data__user_id=charlie.pk)
    assert (joined.count(), left.count()) == (1, 1)
    assert AuditEntry.objects.filter(action="team.members").count() == 2


def test_a_persons_own_grant_goes_before_their_teams_and_the_highest_team_counts(
    alice: User, charlie: User, mailbox: Mailbox, workshop: Team
) -> None:
    set_members(workshop, members=[charlie], by=alice)
    office = add_team(name="Office", members=[charlie], by=alice)
    grant(mailbox, team=office, level=ANSWERING, by=alice)
    assert level_on(charlie, mailbox.pk) == ANSWERING
    (why,) = why_of(charlie)
    assert (why.own, why.teams) == (None, (("Office", ANSWERING), ("Workshop", SEEING)))
    grant(mailbox, user=charlie, level=NONE, by=alice)
    assert level_on(charlie, mailbox.pk) == NONE
    assert Conversation.objects.visible_to(charlie).count() == 0
    grant(mailbox, user=charlie, level=None, by=alice)
    assert level_on(charlie, mailbox.pk) == ANSWERING
    # Taken out of the mailbox, they stay out although two teams are let in.
    assert take_out(mailbox, user=charlie, by=alice)
    assert next(one.own for one in why_in(mailbox) if one.person == charlie) == NONE


def test_a_deactivated_person_is_in_no_mailbox_and_back_where_they_were_afterwards(
    alice: User, bob: User, mailbox: Mailbox
) -> None:
    for active, level in ((False, NONE), (True, ANSWERING)):
        User.objects.filter(pk=bob.pk).update(is_active=active)
        bob.refresh_from_db()
        with transaction.atomic():
            settle_person(bob, by=alice)
        assert Membership.objects.filter(user=bob, level=level).exists() == active
        assert level_on(bob, mailbox.pk) == level


def test_a_deleted_teams_work_is_free_and_what_it_opened_is_closed(
    alice: User, charlie: User, mailbox: Mailbox, workshop: Team
) -> None:
    set_members(workshop, members=[charlie], by=alice)
    conversation = write(mailbox)
    assign(conversation, to=workshop, by=alice)
    assert disband(workshop, by=alice) == 1
    conversation.refresh_from_db()
    assert conversation.team_id is None
    assert Event.objects.filter(kind="conversation.unassigned", conversation_id=conversation.pk).count() == 1
    assert level_on(charlie, mailbox.pk) == NONE
    assert AuditEntry.objects.get(action="team.deleted").before == {"members": ["Charlie"]}
    with pytest.raises(TeamRefused):
        disband(Team(pk=workshop.pk or 0, name="Workshop"), by=alice)


def test_work_is_not_given_to_a_team_that_was_deleted_meanwhile(alice: User, mailbox: Mailbox, workshop: Team) -> None:
    conversation = write(mailbox)
    old = Team.objects.get()
    delete_team(workshop, by=alice)
    with pytest.raises(TeamRefused):
        assign(conversation, to=old, by=alice)


def test_a_team_is_renamed_but_not_to_another_ones_name(alice: User, workshop: Team) -> None:
    add_team(name="Office", by=alice)
    assert rename_team(workshop, name=" The  garage ", by=alice)
    assert not rename_team(workshop, name="The garage", by=alice)
    for name in ("Office", " "):
        with pytest.raises(TeamRefused):
            rename_team(workshop, name=name, by=alice)
    assert set(Team.objects.values_list("name", flat=True)) == {"Office", "The garage"}


def test_a_supervisor_lets_nobody_into_a_mailbox_by_a_team_that_is_closed_to_them(
    alice: User, bob: User, charlie: User, mailbox: Mailbox, workshop: Team
) -> None:
    charlie.role = SUPERVISOR
    charlie.save()
    with pytest.raises(TeamRefused):
        set_members(workshop, members=[charlie], by=charlie)
    grant(mailbox, user=charlie, level=SEEING, by=alice)
    assert set_members(workshop, members=[bob, charlie], by=charlie)
    assert set_members(workshop, members=[], by=charlie)
    grant(mailbox, team=workshop, level=MANAGING, by=alice)
    with pytest.raises(TeamRefused):
        set_members(workshop, members=[bob], by=charlie)


def test_a_level_is_worth_what_the_role_makes_of_it(alice: User, bob: User, charlie: User, mailbox: Mailbox) -> None:
    for role, level, may in (
        ("agent", SEEING, (False, True, False)),
        ("agent", ANSWERING, (True, True, False)),
        ("agent", MANAGING, (True, True, True)),
        (OBSERVER, MANAGING, (False, True, False)),
        (ADMIN, NONE, (False, False, True)),
        (ADMIN, SEEING, (False, True, True)),
    ):
        bob.role = role
        bob.save()
        grant(mailbox, user=bob, level=level, by=alice)
        rights = rights_in(mailbox.pk, user_id=bob.pk)
        assert (may_answer(bob, mailbox.pk), may_note(bob, mailbox.pk), may_manage(bob, mailbox.pk)) == may
        assert (rights.answers, rights.notes) == may[:2]
        assert (bob in answerers_on(mailbox.pk), bob in managers_of(mailbox.pk)) == (may[0], may[2])
        assert kept_by(bob).exists() == may[2]
    assert charlie not in managers_of(mailbox.pk)


@pytest.mark.django_db(transaction=True)
def test_two_who_settle_at_once_let_nobody_in_twice(alice: User, charlie: User, mailbox: Mailbox) -> None:
    put_on(mailbox, charlie)
    Membership.objects.filter(user=charlie).delete()
    together, failed = threading.Barrier(2), []

    def again() -> None:
        together.wait()
        try:
            with transaction.atomic():
                settle([mailbox.pk], by=alice)
        except Exception as failure:  # noqa: BLE001  (whatever it is, the test tells)
            failed.append(failure)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=again) for _one in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert Membership.objects.filter(user=charlie).count() == 1
