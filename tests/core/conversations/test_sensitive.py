"""A sensitive conversation is there for the named people only, wherever its mail goes."""

from datetime import timedelta

import pytest

from postroom.core.accounts.models import ADMIN, Letter, Membership, Team, User
from postroom.core.audit.models import AuditEntry
from postroom.core.conversations.actions.assign import CannotSee, assign
from postroom.core.conversations.actions.close import close
from postroom.core.conversations.actions.glass import GLASS_LASTS, NoReason, NothingToBreak, break_glass
from postroom.core.conversations.actions.join import join, move_back
from postroom.core.conversations.actions.mailbox_naming import name_in_new_ones
from postroom.core.conversations.actions.merge import join_late, merge, unmerge
from postroom.core.conversations.actions.moving import OtherNames
from postroom.core.conversations.actions.sensitive import (
    NobodyNamed,
    NotNamed,
    NotOnMailbox,
    mark_ordinary,
    mark_sensitive,
    name_people,
)
from postroom.core.conversations.actions.take_out import take_out
from postroom.core.conversations.allowed import NotAllowed
from postroom.core.conversations.filters import seen_by
from postroom.core.conversations.folders import NAMES, Folder, conversations_in, folder_counts
from postroom.core.conversations.models import Conversation, Message
from postroom.core.conversations.naming import may_name, sensitive_ones
from postroom.core.conversations.queries import list_page
from postroom.core.events.models import Event
from postroom.lib import clock
from tests.core.conftest import Desk

WHY = "The works council asked for it"


def seen(user: User) -> set[int]:
    return set(Conversation.objects.visible_to(user).values_list("pk", flat=True))


def secret(desk: Desk, *people: User) -> Conversation:
    """Return a conversation that Alice, and these, see."""
    conversation = desk.conversation()
    assert mark_sensitive(conversation, people=people, by=desk.alice)
    return Conversation.objects.get(pk=conversation.pk)


def admin(name: str = "Dora") -> User:
    return User.objects.create(email=f"{name.lower()}@team.example", name=name, role=ADMIN)


def test_it_is_there_for_the_one_who_marked_it_and_nobody_else(desk: Desk) -> None:
    conversation, other = secret(desk), desk.conversation()
    assert seen(desk.alice) == {conversation.pk, other.pk}
    assert seen(desk.bob) == {other.pk}
    assert [row.id for row in list_page(desk.bob, Folder("open")).rows] == [other.pk]
    assert not mark_sensitive(conversation, people=[desk.bob], by=desk.alice)
    messages = Message.objects.filter(seen_by(desk.bob, through="conversation"))
    assert set(messages.values_list("conversation", flat=True)) == {other.pk}
    desk.alice.is_active = False
    assert seen(desk.alice) == set()


def test_the_counts_of_each_are_the_rows_that_each_sees(desk: Desk) -> None:
    team = Team.objects.create(name="Workshop")
    team.members.add(desk.alice)
    rows = [desk.conversation() for _ in range(5)]
    assign(rows[0], to=desk.alice, by=desk.alice)
    assign(rows[1], to=team, by=desk.alice)
    close(rows[2], by=desk.alice)
    for row in rows[:4]:
        mark_sensitive(row, people=[], by=desk.alice)
    mark_ordinary(rows[3], by=desk.alice)
    assign(rows[2], to=desk.alice, by=desk.alice)
    for person in (desk.alice, desk.bob, desk.charlie):
        counts = folder_counts(person)
        for name in NAMES:
            for mailbox_id in (None, desk.mailbox.pk):
                there = conversations_in(Folder(name, mailbox_id=mailbox_id), user=person).count()
                assert counts.of(name, mailbox_id) == there, (person, name)
    assert folder_counts(desk.bob).of("open") == 2
    assert folder_counts(desk.alice).of("open") == 4
    assert folder_counts(desk.alice).teams == {team.pk: 1}
    rows[0].delete()
    assert folder_counts(desk.bob).of("open") == 2


def test_only_people_of_the_mailbox_can_be_named_and_somebody_must(desk: Desk) -> None:
    conversation = desk.conversation()
    with pytest.raises(NotOnMailbox, match="Charlie"):
        mark_sensitive(conversation, people=[desk.charlie], by=desk.alice)
    mark_sensitive(conversation, people=[], by=desk.alice)
    with pytest.raises(NobodyNamed):
        name_people(conversation, people=[], by=desk.alice)
    assert seen(desk.alice) == {conversation.pk}


def test_the_named_change_who_is_named_and_nobody_else_can(desk: Desk) -> None:
    conversation = secret(desk)
    with pytest.raises(NotNamed):
        name_people(conversation, people=[desk.bob], by=desk.bob)
    with pytest.raises(NotNamed):
        mark_ordinary(conversation, by=desk.bob)
    assert name_people(conversation, people=[desk.alice, desk.bob], by=desk.alice)
    assert not name_people(conversation, people=[desk.bob, desk.alice], by=desk.bob)
    assert name_people(conversation, people=[desk.bob], by=desk.bob)
    assert seen(desk.alice) == set()
    assert mark_ordinary(conversation, by=desk.bob)
    assert seen(desk.alice) == {conversation.pk}
    written = list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))
    assert written == ["sensitive.marked", "sensitive.named", "sensitive.named", "sensitive.unmarked"]
    assert not AuditEntry.objects.filter(subject_name__contains="Order 118").exists()


def test_whoever_leaves_the_mailbox_sees_it_no_more_and_is_not_asked_who_may(desk: Desk) -> None:
    conversation = secret(desk, desk.bob)
    Membership.objects.filter(user=desk.alice).delete()
    assert seen(desk.alice) == set()
    assert not may_name(desk.alice, conversation)
    assert may_name(desk.bob, conversation)


def test_work_leaves_an_owner_who_is_not_named_and_cannot_come_to_one(desk: Desk) -> None:
    conversation, team = desk.conversation(), Team.objects.create(name="Workshop")
    team.members.add(desk.bob)
    assign(conversation, to=desk.bob, by=desk.alice)
    mark_sensitive(conversation, people=[], by=desk.alice)
    conversation.refresh_from_db()
    assert conversation.assignee is None
    for blind in (desk.bob, team):
        with pytest.raises(CannotSee, match="not named"):
            assign(conversation, to=blind, by=desk.alice)
    name_people(conversation, people=[desk.alice, desk.bob], by=desk.alice)
    assert assign(conversation, to=team, by=desk.alice)
    name_people(conversation, people=[desk.alice], by=desk.alice)
    conversation.refresh_from_db()
    assert conversation.team is None


def test_new_mail_and_what_is_taken_out_stay_as_hidden(desk: Desk) -> None:
    conversation = secret(desk)
    second = desk.mail("One more thing", conversation=conversation, rfc_id="<2@customers.example>")
    assert second.conversation_id == conversation.pk
    made = take_out(second, by=desk.alice)
    assert seen(desk.bob) == set()
    assert seen(desk.alice) == {conversation.pk, made.pk}
    move_back(second, by=desk.alice)
    assert seen(desk.bob) == set()


@pytest.mark.parametrize("secret_first", [True, False])
def test_merged_with_an_ordinary_one_both_are_hidden_and_stay_so_when_parted(desk: Desk, secret_first: bool) -> None:
    hidden, plain = secret(desk), desk.conversation()
    assign(plain, to=desk.bob, by=desk.alice)
    source, target = (hidden, plain) if secret_first else (plain, hidden)
    merge(source, into=target, by=desk.alice)
    target.refresh_from_db()
    assert target.sensitive
    assert target.assignee is None
    assert seen(desk.bob) == set()
    assert folder_counts(desk.bob).of("open") == 0
    unmerge(source, by=desk.alice)
    assert seen(desk.bob) == set()
    assert seen(desk.alice) == {hidden.pk, plain.pk}


def test_what_was_merged_before_is_hidden_with_it(desk: Desk) -> None:
    first, second = desk.conversation(), desk.conversation()
    merge(first, into=second, by=desk.bob)
    mark_sensitive(second, people=[], by=desk.alice)
    assert seen(desk.bob) == set()
    mark_ordinary(second, by=desk.alice)
    assert seen(desk.bob) == {first.pk, second.pk}


def test_a_mail_joined_from_a_sensitive_one_takes_the_secret_along(desk: Desk) -> None:
    hidden, plain = secret(desk), desk.conversation()
    mail = desk.mail("One more thing", conversation=hidden, rfc_id="<2@customers.example>")
    join(mail, into=plain, by=desk.alice)
    assert seen(desk.bob) == set()


def test_two_that_other_people_see_are_not_merged(desk: Desk) -> None:
    hidden, other = secret(desk), secret(desk, desk.bob)
    with pytest.raises(OtherNames):
        merge(hidden, into=other, by=desk.alice)
    assert seen(desk.bob) == {other.pk}


def test_a_late_mail_hides_nothing_by_itself(desk: Desk) -> None:
    hidden, plain = secret(desk), desk.conversation()
    assert not join_late(hidden.pk, into=plain)
    assert seen(desk.bob) == {plain.pk}
    assert join_late(plain.pk, into=hidden)
    assert seen(desk.bob) == set()


def test_every_new_conversation_of_a_mailbox_can_be_sensitive(desk: Desk) -> None:
    before = desk.conversation()
    assert name_in_new_ones(desk.mailbox, people=[desk.bob], by=desk.alice)
    assert not name_in_new_ones(desk.mailbox, people=[desk.bob], by=desk.alice)
    with pytest.raises(NotOnMailbox):
        name_in_new_ones(desk.mailbox, people=[desk.charlie], by=desk.alice)
    hidden = desk.conversation()
    assert seen(desk.alice) == {before.pk}
    assert seen(desk.bob) == {before.pk, hidden.pk}
    assert folder_counts(desk.alice).of("open") == 1
    # Bob is told that somebody else has changed it.
    assert name_in_new_ones(desk.mailbox, people=[], by=desk.alice)
    assert Letter.objects.get().to == desk.bob.email
    assert desk.conversation().pk in seen(desk.alice)


def test_breaking_the_glass_lasts_an_hour_and_the_named_are_told(desk: Desk) -> None:
    conversation, dora = secret(desk, desk.bob), admin()
    with pytest.raises(NotAllowed):
        break_glass(conversation.pk, reason=WHY, by=desk.charlie)
    for reason in ("", " \n ", "HR"):
        with pytest.raises(NoReason):
            break_glass(conversation.pk, reason=reason, by=dora)
    assert seen(dora) == set()
    until = break_glass(conversation.pk, reason=WHY, by=dora)
    assert seen(dora) == {conversation.pk}
    assert until - clock.now() <= GLASS_LASTS
    assert {letter.to for letter in Letter.objects.all()} == {desk.alice.email, desk.bob.email}
    entry = AuditEntry.objects.get(action="sensitive.glass_broken")
    assert (entry.actor_id, entry.reason, entry.conversation_id) == (dora.pk, WHY, conversation.pk)
    assert Event.objects.get(kind="conversation.glass_broken").data == {"reason": WHY}
    # Who looks in does not decide, and gets no work.
    assert not may_name(dora, conversation)
    with pytest.raises(CannotSee):
        assign(conversation, to=dora, by=desk.alice)
    with clock.at(until + timedelta(seconds=1)):
        assert seen(dora) == set()


def test_there_is_no_glass_where_nothing_is_hidden_from_one(desk: Desk) -> None:
    plain, dora = desk.conversation(), admin()
    Membership.objects.create(mailbox=desk.mailbox, user=dora)
    hidden = secret(desk, dora)
    for number in (plain.pk, hidden.pk, 10**9):
        with pytest.raises(NothingToBreak):
            break_glass(number, reason=WHY, by=dora)
    assert [row.pk for row in sensitive_ones()] == [hidden.pk]
    assert "subject" in sensitive_ones()[0].get_deferred_fields()


def test_when_nobody_named_is_left_whoever_broke_the_glass_can_name_others(desk: Desk) -> None:
    conversation, dora = secret(desk), admin()
    Membership.objects.create(mailbox=desk.mailbox, user=dora)
    User.objects.filter(pk=desk.alice.pk).update(is_active=False)
    assert not may_name(dora, conversation)
    break_glass(conversation.pk, reason=WHY, by=dora)
    assert name_people(conversation, people=[desk.bob], by=dora)
    assert seen(desk.bob) == {conversation.pk}


def test_a_broken_glass_shows_one_conversation_and_nothing_else_of_the_mailbox(desk: Desk) -> None:
    conversation, dora = secret(desk), admin()
    desk.conversation()
    break_glass(conversation.pk, reason=WHY, by=dora)
    assert seen(dora) == {conversation.pk}
    assert folder_counts(dora).of("open") == 0
