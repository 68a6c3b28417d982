"""Find entries: by words, person, action, mailbox, conversation, days and network address; a page at a time."""

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast

from postroom.core.audit.models import AuditEntry

# What is opened, and not changed.
READING = "reading"
SIGNING_IN = "signing_in"
# Taken out or brought in.
MOVING = "moving"
CHANGING = "changing"
_READ = Q(action__endswith=".read") | Q(action="sensitive.glass_broken")
_MOVED = Q(action__endswith=".exported") | Q(action__endswith=".imported")
_SIGNED = Q()
for _noun in ("sign_in", "sign_out", "second_factor", "recovery_code", "passkey", "sessions"):
    _SIGNED |= Q(action__startswith=_noun)
KINDS: dict[str, Q] = {READING: _READ, SIGNING_IN: _SIGNED, MOVING: _MOVED, CHANGING: ~(_READ | _MOVED | _SIGNED)}

_AT_ONCE = 500


@dataclass(frozen=True)
class Wanted:
    """What is looked for; what is empty says nothing. `meant` are actions whose sentence holds the words."""

    words: str = ""
    meant: tuple[str, ...] = ()
    person_id: int | None = None
    # A key of KINDS, or one action.
    action: str = ""
    mailbox_id: int | None = None
    conversation_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    ip: str = ""


@dataclass(frozen=True)
class Page:
    """Some entries, newest first, and the id before which the next page begins."""

    entries: list[AuditEntry]
    next: int | None = None


def page(wanted: Wanted, *, before: int | None = None, limit: int = 50) -> Page:
    """Return the newest entries that fit, before this id."""
    rows = entries(wanted)
    rows = rows.filter(pk__lt=before) if before else rows
    found = list(rows.order_by("-pk")[: limit + 1])
    return Page(found[:limit], found[limit - 1].pk if len(found) > limit else None)


def in_order(wanted: Wanted) -> Iterator[list[AuditEntry]]:
    """Yield all that fit, oldest first, some hundred at a time; what is written meanwhile may come as well."""
    after = 0
    while found := list(entries(wanted).filter(pk__gt=after).order_by("pk")[:_AT_ONCE]):
        yield found
        after = found[-1].pk


def entries(wanted: Wanted) -> QuerySet[AuditEntry]:
    """Return the entries that fit."""
    rows = AuditEntry.objects.all()
    exact = {
        "mailbox_id": wanted.mailbox_id,
        "conversation_id": wanted.conversation_id,
        "at__gte": wanted.since,
        "at__lt": wanted.until,
        "ip__startswith": wanted.ip,
    }
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    if wanted.person_id:
        theirs = Q(actor_kind="user", actor_id=wanted.person_id)
        rows = rows.filter(theirs | Q(subject=f"person:{wanted.person_id}"))
    if wanted.action:
        rows = rows.filter(KINDS.get(wanted.action, Q(action=wanted.action)))
    return _with_words(rows, wanted.words, meant=wanted.meant) if wanted.words else rows


def _with_words(rows: QuerySet[AuditEntry], words: str, *, meant: Collection[str]) -> QuerySet[AuditEntry]:
    """Keep what holds the words, as they stand: in a name, a value or the reason, or in the action's own sentence."""
    # SQLite keeps JSON as it was written, with escapes for all that is not ASCII.
    escaped = json.dumps(words)[1:-1]
    rows = rows.annotate(was=Cast("before", TextField()), now=Cast("after", TextField()))
    fits = Q(action__in=meant) | Q(action__icontains=words)
    for field in ("actor_name", "subject_name", "reason"):
        fits |= Q(**{f"{field}__icontains": words})
    for field in ("was", "now"):
        fits |= Q(**{f"{field}__icontains": words}) | Q(**{f"{field}__icontains": escaped})
    return rows.filter(fits)
