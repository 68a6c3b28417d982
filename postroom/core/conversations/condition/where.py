"""From a condition to a database query. What somebody may not see is not found: every list starts from visible_to."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import TypeAlias

from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.utils import timezone

from postroom.core.accounts.models import Team, User
from postroom.core.accounts.time_zones import zone_of
from postroom.core.conversations.condition import words
from postroom.core.conversations.condition.language import All, Condition, Either, Not, Test, Words, conjuncts
from postroom.core.conversations.condition.names import meant
from postroom.core.conversations.condition.operators import ANY, ME, MINE, NONE, OPERATORS, TEXT, USUAL
from postroom.core.conversations.condition.periods import period, span
from postroom.core.conversations.filters import ConversationQuerySet
from postroom.core.conversations.models import (
    PRIORITIES,
    STATUSES,
    Conversation,
    ConversationTag,
    Draft,
    Following,
    Mention,
    Message,
    ReadMark,
    SideThread,
)
from postroom.core.conversations.models.message import NOTE
from postroom.lib import clock

NOTHING = Q(pk__in=())
_RANGES = ("before", "after", "on", "older", "newer")
Range: TypeAlias = tuple[datetime | None, datetime | None]
_LEVELS = {word: level for level, word in PRIORITIES.items()}


def conversations(condition: Condition, *, user: User, now: datetime | None = None) -> ConversationQuerySet:
    """Return the conversations for which it holds, of those that this person may see, in no order."""
    return Conversation.objects.visible_to(user).filter(where(condition, user=user, now=now))


def where(condition: Condition, *, user: User, now: datetime | None = None) -> Q:
    """Return the condition as the database has it, for a query that starts from `visible_to(user)`.

    "me", "unread" and drafts are this person's; days are those of their time zone. Spam and trash are left out unless
    the condition speaks of them.
    """
    return holds(condition, user=user, now=now) & Q(status__in=scope(condition))


def holds(condition: Condition, *, user: User, now: datetime | None = None) -> Q:
    """As `where`, but saying nothing of spam and trash."""
    return _reader(user, now).of(condition)


def scope(condition: Condition) -> tuple[str, ...]:
    """Return the statuses that conversations of the condition can have."""
    named = _named(condition)
    # Whoever knows the very number or Message-ID wants it wherever it is.
    exact = any(isinstance(part, Test) and part.operator in ("number", "id") for part in conjuncts(condition))
    possible = set(STATUSES) if exact or ANY in named else set(USUAL) | (named & set(STATUSES))
    for part in conjuncts(condition):
        possible &= _left_by(part)
    return tuple(status for status in STATUSES if status in possible)


def term_of(part: Condition) -> words.Term | None:
    """Return what the full-text engine is to look for, when this part is about text."""
    if isinstance(part, Words):
        return words.Term(part.text, phrase=part.phrase)
    if isinstance(part, Test) and OPERATORS[part.operator].kind == TEXT:
        return words.Term(part.value, phrase=part.phrase, part=part.operator)
    return None


def is_range(part: Condition) -> bool:
    """Tell whether a part only says when a conversation was last active."""
    return isinstance(part, Test) and part.operator in _RANGES


def last_active(parts: tuple[Condition, ...], *, user: User, now: datetime | None = None) -> Range:
    """Return the moments between which the conversations of all parts were last active, as far as they say."""
    reader = _reader(user, now)
    ranges = [reader.range_of(part) for part in parts if isinstance(part, Test) and is_range(part)]
    # Nothing is active before it is begun.
    created = [part for part in parts if isinstance(part, Test) and part.operator == "created"]
    after = [moment for moment, _end in (*ranges, *map(reader.range_of, created)) if moment]
    before = [moment for _start, moment in ranges if moment]
    return max(after, default=None), min(before, default=None)


def says_only_status(part: Condition) -> bool:
    """Tell whether `scope` says all that a part says."""
    return _left_by(part) != set(STATUSES) or (isinstance(part, Test) and part == Test("is", ANY))


def _reader(user: User, now: datetime | None) -> "_Reader":
    return _Reader(user, now or clock.now(), zone_of(user) or timezone.get_default_timezone())


def _named(condition: Condition) -> set[str]:
    """Return the values of `is:` that are asked for anywhere, and not only excluded."""
    if isinstance(condition, Test):
        return {condition.value} if condition.operator == "is" else set()
    if isinstance(condition, All | Either):
        return set().union(*(_named(one) for one in condition.of))
    return set()


def _left_by(part: Condition) -> set[str]:
    """Return the statuses that a part leaves, when it is about nothing but the status; else all."""
    if isinstance(part, Test) and part.operator == "is" and part.value in STATUSES:
        return {part.value}
    if isinstance(part, Not) and (left := _left_by(part.of)) != set(STATUSES):
        return set(STATUSES) - left
    if isinstance(part, Either):
        choices = [_left_by(one) for one in part.of]
        if all(left != set(STATUSES) for left in choices):
            return set().union(*choices)
    return set(STATUSES)


@dataclass(frozen=True)
class _Reader:
    user: User
    now: datetime
    zone: tzinfo

    def of(self, condition: Condition) -> Q:
        if isinstance(condition, All):
            found = Q()
            for part in condition.of:
                found &= self.of(part)
            return found
        if isinstance(condition, Either):
            found = Q()
            for part in condition.of:
                found |= self._never_empty(part)
            return found
        if isinstance(condition, Not):
            # Signs and blanks, which the engine does not look for, exclude nothing.
            return Q() if term_of(condition.of) and not self.of(condition.of) else ~self._never_empty(condition.of)
        if term := term_of(condition):
            return words.matching(term)
        assert isinstance(condition, Test)
        return _TESTS[condition.operator](self, condition)

    def _never_empty(self, part: Condition) -> Q:
        # An empty Q beside OR and NOT says nothing; it has to say "everything".
        return self.of(part) or ~NOTHING

    def state(self, test: Test) -> Q:
        """`is:`"""
        if test.value in STATUSES:
            return Q(status=test.value)
        return _STATES[test.value](self.user)

    def held(self, test: Test) -> Q:
        """`has:`"""
        return _HELD[test.value](self.user)

    def tag(self, test: Test) -> Q:
        """`tag:`"""
        if test.value == NONE:
            return ~_there_is(ConversationTag.objects.all())
        return _there_is(ConversationTag.objects.filter(tag_id__in=meant(test, by=self.user)))

    def assignee(self, test: Test) -> Q:
        """`assignee:`"""
        if test.value == NONE:
            return Q(assignee__isnull=True)
        if test.value == ME:
            return Q(assignee_id=self.user.pk)
        return Q(assignee_id__in=meant(test, by=self.user))

    def team(self, test: Test) -> Q:
        """`team:`"""
        if test.value == NONE:
            return Q(team__isnull=True)
        if test.value == MINE:
            return Q(team_id__in=list(Team.objects.filter(members=self.user).values_list("pk", flat=True)))
        return Q(team_id__in=meant(test, by=self.user))

    def mailbox(self, test: Test) -> Q:
        """`mailbox:`"""
        return Q(mailbox_id__in=meant(test, by=self.user))

    def contact(self, test: Test) -> Q:
        """`contact:` An exact address by the index; the rest by what was said, and then looked at."""
        if ids := meant(test, by=self.user):
            return Q(contact_id__in=ids)
        said = words.matching(words.Term(test.value, part=words.FROM)) | words.matching(
            words.Term(test.value, part=words.TO)
        )
        return said & (Q(contact__name__icontains=test.value) | Q(contact__email__icontains=test.value))

    def priority(self, test: Test) -> Q:
        """`priority:`"""
        return Q(priority=_LEVELS[test.value])

    def active(self, test: Test) -> Q:
        """`before:`, `after:`, `on:`, `older:` and `newer:`"""
        after, before = self.range_of(test)
        found = Q(last_activity_at__gte=after) if after else Q()
        return found & Q(last_activity_at__lt=before) if before else found

    def created(self, test: Test) -> Q:
        """`created:`"""
        after, before = self.range_of(test)
        return Q(created_at__gte=after, created_at__lt=before)

    def waiting(self, test: Test) -> Q:
        """`waiting:`"""
        return Q(waiting_since__lte=self.now - (span(test.value) or timedelta(0)))

    def range_of(self, test: Test) -> "Range":
        """Return the moments that a test about time means: from the first on, until just before the second."""
        if test.operator in ("older", "newer"):
            since = self.now - (span(test.value) or timedelta(0))
            return (None, since) if test.operator == "older" else (since, None)
        days = period(test.value, now=self.now, zone=self.zone)
        # Every value that was read is one.
        assert days is not None
        return {"before": (None, days.start), "after": (days.start, None)}.get(test.operator, (days.start, days.end))

    def number(self, test: Test) -> Q:
        """`number:`"""
        return Q(pk=int(test.value))

    def message_id(self, test: Test) -> Q:
        """`id:`"""
        return Q(pk__in=Message.objects.filter(rfc_id=test.value).values("conversation_id"))


def _there_is(rows: "QuerySet[Model]") -> Q:
    """Return that there is one of these rows beside the conversation."""
    return Q(Exists(rows.filter(conversation_id=OuterRef("pk"))))


def _unread(user: User) -> Q:
    read = ReadMark.objects.filter(user=user, message_id__gte=OuterRef("last_message_id"))
    return Q(last_message_id__isnull=False) & ~_there_is(read)


_UNOWNED = Q(assignee__isnull=True, team__isnull=True)
_STATES: dict[str, Callable[[User], Q]] = {
    ANY: lambda _user: Q(),
    "unread": _unread,
    "read": lambda user: ~_unread(user),
    "unassigned": lambda _user: _UNOWNED,
    "assigned": lambda _user: ~_UNOWNED,
    "waiting": lambda _user: Q(waiting_since__isnull=False),
    "following": lambda user: _there_is(Following.objects.filter(user=user)),
    "mentioned": lambda user: Q(
        pk__in=Mention.objects.filter(user=user, message__retracted_at=None).values("message__conversation_id")
    ),
    "sensitive": lambda _user: Q(sensitive_since__isnull=False),
}
_HELD: dict[str, Callable[[User], Q]] = {
    "attachment": lambda _user: Q(has_attachments=True),
    "note": lambda _user: _there_is(Message.objects.filter(kind=NOTE, retracted_at=None)),
    "draft": lambda user: _there_is(Draft.objects.filter(Q(shared=True) | Q(author=user))),
    "tag": lambda _user: _there_is(ConversationTag.objects.all()),
    "side-thread": lambda _user: _there_is(SideThread.objects.all()),
}
_TESTS: dict[str, Callable[[_Reader, Test], Q]] = {
    "is": _Reader.state,
    "has": _Reader.held,
    "tag": _Reader.tag,
    "assignee": _Reader.assignee,
    "team": _Reader.team,
    "mailbox": _Reader.mailbox,
    "contact": _Reader.contact,
    "priority": _Reader.priority,
    **dict.fromkeys(_RANGES, _Reader.active),
    "created": _Reader.created,
    "waiting": _Reader.waiting,
    "number": _Reader.number,
    "id": _Reader.message_id,
}
