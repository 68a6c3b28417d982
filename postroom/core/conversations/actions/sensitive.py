"""Let a conversation be there only for the people who are named."""

from collections.abc import Collection, Iterable, Sequence

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from postroom.core.accounts.models import User
from postroom.core.audit.write import write
from postroom.core.conversations.actions.moving import OtherNames, held
from postroom.core.conversations.allowed import must_answer
from postroom.core.conversations.models import Conversation, NamedPerson
from postroom.core.conversations.naming import may_name, named_in, on_mailbox
from postroom.core.events.actor import SYSTEM, Actor
from postroom.core.events.kinds import FewerSeen, MarkedOrdinary, MarkedSensitive, PeopleNamed, Unassigned
from postroom.core.events.record import record
from postroom.lib import clock


class NamingRefused(Exception):
    """Nothing was changed; the text says why, for the person who asked."""


class NobodyNamed(NamingRefused):
    def __init__(self) -> None:
        super().__init__(_("Somebody has to see it. Nothing was changed. Name at least one person of the mailbox."))


class NotNamed(NamingRefused):
    def __init__(self) -> None:
        super().__init__(_("Only the people named here can change who sees this conversation. Nothing was changed."))


class NotOnMailbox(NamingRefused):
    def __init__(self, names: Sequence[str]) -> None:
        words = _("%(people)s cannot be named: only people of this mailbox can. Nothing was changed.")
        super().__init__(words % {"people": ", ".join(names)})


def mark_sensitive(conversation: Conversation, *, people: Collection[User], by: Actor) -> bool:
    """Let only these people, and the one who marks, see it from now on. False when it was so; NamingRefused."""
    must_answer(conversation.mailbox_id, by=by)
    with transaction.atomic():
        row = held(conversation.pk)[conversation.pk]
        if row.sensitive:
            return False
        named = _allowed(row, [*people, *([by] if isinstance(by, User) else [])])
        make_sensitive(row, people=named, by=by)
        said = MarkedSensitive(people=_names(named), user_ids=tuple(one.pk for one in named))
        record(said, by=by, mailbox_id=row.mailbox_id, conversation_id=row.pk)
        _write("sensitive.marked", row, by=by, after=named)
        owner_goes(row.pk)
        # Of the mailbox, not of the conversation: it is told to those who do not see that any more.
        record(FewerSeen(), by=SYSTEM, mailbox_id=row.mailbox_id)
    conversation.sensitive_since = row.sensitive_since
    return True


def mark_ordinary(conversation: Conversation, *, by: User) -> bool:
    """Let everybody on the mailbox see it again. False when it was so; NotNamed for whoever is not named for good."""
    must_answer(conversation.mailbox_id, by=by)
    with transaction.atomic():
        row = held(conversation.pk)[conversation.pk]
        if not row.sensitive:
            return False
        if not may_name(by, row):
            raise NotNamed
        before = list(named_in(row))
        rows = _with_merged(row)
        NamedPerson.objects.filter(conversation__in=rows).delete()
        rows.update(sensitive_since=None)
        record(MarkedOrdinary(), by=by, mailbox_id=row.mailbox_id, conversation_id=row.pk)
        _write("sensitive.unmarked", row, by=by, before=before)
    conversation.sensitive_since = None
    return True


def name_people(conversation: Conversation, *, people: Collection[User], by: User) -> bool:
    """Let these people and nobody else be named, the one who says so too or no more. False when it was so."""
    must_answer(conversation.mailbox_id, by=by)
    with transaction.atomic():
        row = held(conversation.pk)[conversation.pk]
        if not row.sensitive or not may_name(by, row):
            raise NotNamed
        before, named = list(named_in(row)), _allowed(row, people)
        if {one.pk for one in before} == {one.pk for one in named}:
            return False
        added = {one.pk for one in named} - {one.pk for one in before}
        for pk in _with_merged(row).values_list("pk", flat=True):
            NamedPerson.objects.filter(conversation=pk, until=None).exclude(user__in=named).delete()
            put_names(pk, people=named, by=by)
        said = PeopleNamed(people=_names(named), added=tuple(sorted(added)))
        record(said, by=by, mailbox_id=row.mailbox_id, conversation_id=row.pk)
        _write("sensitive.named", row, by=by, before=before, after=named)
        owner_goes(row.pk)
        record(FewerSeen(), by=SYSTEM, mailbox_id=row.mailbox_id)
    return True


def make_sensitive(row: Conversation, *, people: Iterable[User], by: Actor) -> None:
    """Write that the conversation, and what was merged into it, is seen by these people only; in a transaction."""
    row.sensitive_since = clock.now()
    rows = _with_merged(row)
    rows.update(sensitive_since=row.sensitive_since)
    named = list(people)
    for pk in rows.values_list("pk", flat=True):
        put_names(pk, people=named, by=by)


def put_names(conversation_id: int, *, people: Iterable[User], by: Actor) -> None:
    """Name these people for good in one conversation, beside those who are."""
    fields = {"until": None, "by": by if isinstance(by, User) else None, "at": clock.now()}
    for one in people:
        NamedPerson.objects.update_or_create(conversation_id=conversation_id, user=one, defaults=fields)


def carry_names(source: Conversation, *, into: Conversation, whole: bool) -> None:
    """Let a sensitive conversation's mail be seen by nobody else where it goes; OtherNames. Both rows are held.

    With `whole` all of `source` goes, and its row with its subject becomes as hidden as where it goes.
    """
    if source.sensitive and into.sensitive:
        if set(named_in(source)) != set(named_in(into)):
            raise OtherNames
    elif source.sensitive:
        make_sensitive(into, people=named_in(source), by=SYSTEM)
        owner_goes(into.pk)
        record(FewerSeen(), by=SYSTEM, mailbox_id=into.mailbox_id)
    elif into.sensitive and whole:
        make_sensitive(source, people=named_in(into), by=SYSTEM)
        record(FewerSeen(), by=SYSTEM, mailbox_id=into.mailbox_id)


def owner_goes(number: int) -> None:
    """Take a sensitive conversation from a person, or a team, of whom nobody is named: they would not see it."""
    row = Conversation.objects.get(pk=number)
    named = named_in(row)
    blind_person = row.assignee_id is not None and not named.filter(pk=row.assignee_id).exists()
    blind_team = row.team_id is not None and not named.filter(teams=row.team_id).exists()
    if row.sensitive and (blind_person or blind_team):
        Conversation.objects.filter(pk=number).update(assignee=None, team=None)
        record(Unassigned(), by=SYSTEM, mailbox_id=row.mailbox_id, conversation_id=number)


def _with_merged(row: Conversation) -> QuerySet[Conversation]:
    """Return it and those that were merged into it, whose subjects say as much as its own."""
    return Conversation.objects.filter(Q(pk=row.pk) | Q(merged_into=row.pk))


def _allowed(row: Conversation, people: Iterable[User]) -> list[User]:
    wanted = {one.pk: one for one in people}
    named = on_mailbox(wanted.values(), row.mailbox_id)
    if others := [one.name for pk, one in wanted.items() if pk not in {found.pk for found in named}]:
        raise NotOnMailbox(others)
    if not named:
        raise NobodyNamed
    return named


def _write(
    action: str, row: Conversation, *, by: Actor, before: Sequence[User] = (), after: Sequence[User] = ()
) -> None:
    write(
        action,
        by=by,
        subject=f"conversation:{row.pk}",
        subject_name=f"#{row.pk}",
        mailbox_id=row.mailbox_id,
        conversation_id=row.pk,
        before={"people": [one.email for one in before]} if before else None,
        after={"people": [one.email for one in after]} if after else None,
    )


def _names(people: Iterable[User]) -> str:
    return ", ".join(one.name for one in people)
