"""Let somebody go, in one step: their open work is given on, and every door closes behind them at once."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from postroom.core.accounts.actions.access import settle_person
from postroom.core.accounts.actions.api_tokens import end_tokens
from postroom.core.accounts.actions.owners import keep_an_owner
from postroom.core.accounts.actions.sessions import end_sessions
from postroom.core.accounts.models import OWNER, Mailbox, Team, User
from postroom.core.accounts.permissions import outranks
from postroom.core.accounts.rights import rights_everywhere
from postroom.core.audit.write import write
from postroom.core.conversations.models import OPEN, PENDING, SNOOZED, Conversation
from postroom.core.conversations.models.named_person import NamedPerson
from postroom.core.events.actor import Actor
from postroom.core.events.kinds import Assigned, Unassigned
from postroom.core.events.kinds.staff import PersonDeactivated, PersonReactivated
from postroom.core.events.record import record
from postroom.lib import clock

# What every database takes as a list of values.
_AT_ONCE = 500


class CannotDeactivate(Exception):
    """This person stays as they are; the sentence says why."""


@dataclass(frozen=True)
class OpenWork:
    """How many open and pending conversations somebody has in one mailbox."""

    mailbox: Mailbox
    count: int


def open_work(person: User) -> list[OpenWork]:
    """Return what this person has to do, by mailbox: of sensitive conversations too the number, and no more."""
    counted = dict(_unfinished(person).order_by().values_list("mailbox").annotate(n=Count("pk")))
    return [OpenWork(box, counted[box.pk]) for box in Mailbox.objects.filter(pk__in=counted).order_by("name", "pk")]


def deactivate(person: User, *, hand_to: User | Team | None, by: Actor) -> bool:
    """End somebody's sign-in, sessions and API tokens, and give their open work to a person, a team or nobody.

    A conversation that the other person could not answer, or is not named in, becomes free to take. What they wrote
    stays theirs, replies that wait still leave, and their access waits for `reactivate`. False when it was so.
    CannotDeactivate for oneself and for somebody who may do more; LastOwner for the last owner.
    """
    if hand_to == person:
        hand_to = None
    with transaction.atomic():
        # All owners' rows before this one: two owners who let each other go would else wait for each other.
        if User.objects.filter(pk=person.pk, role=OWNER, is_active=True).exists():
            keep_an_owner(person)
        now = User.objects.select_for_update().get(pk=person.pk)
        if not now.is_active:
            return False
        _refuse(now, by=by)
        User.objects.filter(pk=now.pk).update(is_active=False, deactivated_at=clock.now())
        given = _hand_over(now, to=hand_to, by=by)
        settle_person(now, by=by)
        end_sessions(now, by=by)
        end_tokens(now, by=by)
        to = hand_to.name if hand_to else ""
        write(
            "person.deactivated",
            by=by,
            subject=f"person:{now.pk}",
            subject_name=now.name,
            before={"active": True},
            after={"active": False, "open_conversations": given, "given_to": to},
        )
        record(PersonDeactivated(person=now.name, user_id=now.pk, to=to, count=given), by=by)
    person.is_active = False
    return True


def reactivate(person: User, *, by: Actor) -> bool:
    """Let somebody sign in again, with the access and the teams they had; their work stays given on. False if active.

    CannotDeactivate for somebody who may do more than whoever lets them in.
    """
    with transaction.atomic():
        now = User.objects.select_for_update().get(pk=person.pk)
        if now.is_active or now.deactivated_at is None:
            return False
        _refuse(now, by=by)
        User.objects.filter(pk=now.pk).update(is_active=True, deactivated_at=None)
        settle_person(now, by=by)
        write(
            "person.reactivated",
            by=by,
            subject=f"person:{now.pk}",
            subject_name=now.name,
            before={"active": False},
            after={"active": True},
        )
        record(PersonReactivated(person=now.name, user_id=now.pk), by=by)
    person.is_active = True
    return True


def _refuse(person: User, *, by: Actor) -> None:
    if not isinstance(by, User):
        return
    if by.pk == person.pk:
        raise CannotDeactivate(_("Nobody deactivates themselves. Ask a colleague who may. Nothing was changed."))
    if outranks(person, other=by):
        raise CannotDeactivate(_("Their role allows more than yours. Nothing was changed. Ask an owner."))


def _unfinished(person: User) -> QuerySet[Conversation]:
    return Conversation.objects.filter(assignee=person, status__in=(OPEN, PENDING, SNOOZED))


def _hand_over(person: User, *, to: User | Team | None, by: Actor) -> int:
    """Give on what is unfinished; return how many conversations that were."""
    rows = _unfinished(person).select_for_update().order_by("pk")
    work = list(rows.values_list("pk", "mailbox_id", "sensitive_since"))
    taken = _taken(to, work)
    owner = {"assignee": to, "team": None} if isinstance(to, User) else {"assignee": None, "team": to}
    _give(sorted(taken), **owner)
    _give([pk for pk, _mailbox, _sensitive in work if pk not in taken], assignee=None, team=None)
    for pk, mailbox_id, _sensitive in work:
        record(_kind(to if pk in taken else None), by=by, mailbox_id=mailbox_id, conversation_id=pk)
    return len(work)


def _give(ids: list[int], **owner: User | Team | None) -> None:
    for start in range(0, len(ids), _AT_ONCE):
        Conversation.objects.filter(pk__in=ids[start : start + _AT_ONCE]).update(**owner)


def _kind(to: User | Team | None) -> Assigned | Unassigned:
    if to is None:
        return Unassigned()
    if isinstance(to, User):
        return Assigned(to=to.name, user_id=to.pk)
    return Assigned(to=to.name, team_id=to.pk)


def _taken(to: User | Team | None, work: list[tuple[int, int, datetime | None]]) -> set[int]:
    """Return which of them can go there: where they may answer, and of the sensitive ones where they are named."""
    if to is None:
        return set()
    if isinstance(to, Team):
        return {pk for pk, _mailbox, sensitive in work if sensitive is None}
    fresh = User.objects.get(pk=to.pk)
    may = {mailbox_id for mailbox_id, rights in rights_everywhere(fresh).items() if rights.answers}
    for_good = Q(until=None) | Q(until__gt=clock.now())
    named = set(NamedPerson.objects.filter(for_good, user=to).values_list("conversation_id", flat=True))
    return {pk for pk, mailbox, sensitive in work if mailbox in may and (sensitive is None or pk in named)}
