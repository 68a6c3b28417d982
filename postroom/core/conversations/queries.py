"""A page of the list, at the cost of a handful of small queries however many conversations there are."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from django.db import connection
from django.db.models import QuerySet

from postroom.core.accounts.models import Membership, User
from postroom.core.conversations.condition.words import Piece
from postroom.core.conversations.folders import MINE, TEAM, Folder, conversations_in
from postroom.core.conversations.models import Conversation, ConversationTag, ReadMark

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
# Stands in a statement where each mailbox has its own number.
_A_MAILBOX = -(10**15)


class TagLabel(NamedTuple):
    name: str
    hue: int


class Row(NamedTuple):
    """What the list shows of one conversation. Times are aware, in UTC."""

    id: int
    subject: str
    status: str
    snippet: str
    last_from: str
    contact_name: str
    contact_email: str
    assignee_id: int | None
    assignee_name: str | None
    assignee_photo: str | None
    team_name: str | None
    priority: int
    last_activity_at: datetime
    waiting_since: datetime | None
    message_count: int
    has_attachments: bool
    mailbox_id: int
    mailbox_name: str
    last_message_id: int | None
    snoozed_until: datetime | None
    created_at: datetime
    tags: tuple[TagLabel, ...] = ()
    unread: bool = False
    # Where the words that were looked for are; empty when none were.
    found: tuple[Piece, ...] = ()


@dataclass(frozen=True)
class Cursor:
    """The last row of a page; the next page holds what comes after it. `lane`: see selections.py; 0 for folders."""

    at: datetime
    id: int
    lane: int = 0

    def __str__(self) -> str:
        return f"{(self.at - _EPOCH) // _MICROSECOND}-{self.id}" + (f"-{self.lane}" if self.lane else "")

    @classmethod
    def parse(cls, text: str) -> "Cursor | None":
        """Read what `str()` wrote; None for anything else."""
        parts = text.split("-")
        if not 2 <= len(parts) <= 3 or not all(one.isascii() and one.isdigit() and len(one) <= 18 for one in parts):
            return None
        moment, *rest = map(int, parts)
        try:
            return cls(_EPOCH + moment * _MICROSECOND, *rest)
        except OverflowError:
            return None


@dataclass(frozen=True)
class Page:
    """Rows, newest activity first, and where to go on (None at the end)."""

    rows: tuple[Row, ...]
    next: Cursor | None


_COLUMNS = (
    "id",
    "subject",
    "status",
    "snippet",
    "last_from",
    "contact__name",
    "contact__email",
    "assignee_id",
    "assignee__name",
    "assignee__photo_digest",
    "team__name",
    "priority",
    "last_activity_at",
    "waiting_since",
    "message_count",
    "has_attachments",
    "mailbox_id",
    "mailbox__name",
    "last_message_id",
    "snoozed_until",
    "created_at",
)


def list_page(user: User, folder: Folder, *, before: Cursor | None = None, limit: int = 50) -> Page:
    """Return one page of a folder as this person sees it."""
    ids = _newest_ids(user, folder, before=before, limit=limit + 1)
    rows = rows_of(Conversation.objects.visible_to(user).filter(pk__in=ids[:limit]), user=user)
    last = rows[-1] if rows and len(ids) > limit else None
    return Page(rows=rows, next=Cursor(last.last_activity_at, last.id) if last else None)


def rows_of(conversations: QuerySet[Conversation], *, user: User) -> tuple[Row, ...]:
    """Return the rows of these conversations, newest activity first, with tags and whether the person read them."""
    found = [Row(*values) for values in conversations.order_by("-last_activity_at", "-pk").values_list(*_COLUMNS)]
    ids = [row.id for row in found]
    tags = _tags(ids)
    marks = dict(
        ReadMark.objects.filter(user=user, conversation_id__in=ids).values_list("conversation_id", "message_id")
    )
    return tuple(
        row._replace(tags=tags.get(row.id, ()), unread=marks.get(row.id, 0) < (row.last_message_id or 0))
        for row in found
    )


def _newest_ids(user: User, folder: Folder, *, before: Cursor | None, limit: int) -> list[int]:
    rows = conversations_in(folder, user=user)
    if folder.mailbox_id is not None or folder.name in (MINE, TEAM):
        return [row_id for row_id, _at in _ordered(rows, before=before, limit=limit)]
    # Over several mailboxes at once the planner of either engine sorts them all, or walks the wrong index (measured:
    # 100 to 350 ms); the newest of each, merged, cost 0.3 ms.
    mailboxes = list(Membership.objects.filter(user=user).values_list("mailbox_id", flat=True))
    one = _ordered(rows.filter(mailbox_id=_A_MAILBOX), before=before, limit=limit)
    return _merged(one, mailboxes, limit=limit)


def _ordered(
    rows: QuerySet[Conversation], *, before: Cursor | None, limit: int
) -> "QuerySet[Conversation, tuple[int, datetime]]":
    if before:
        # lte + exclude keeps both engines inside the index; an OR of two conditions does not (measured).
        rows = rows.filter(last_activity_at__lte=before.at).exclude(last_activity_at=before.at, pk__gte=before.id)
    return rows.order_by("-last_activity_at", "-pk").values_list("pk", "last_activity_at")[:limit]


def _merged(one: "QuerySet[Conversation, tuple[int, datetime]]", mailboxes: Sequence[int], *, limit: int) -> list[int]:
    """Run it for each mailbox as one UNION ALL (Django's own refuses ordered parts on SQLite) and keep the newest.

    The statement is made once, with a number that no mailbox has: to make it takes Django longer than to run it.
    """
    if not mailboxes:
        return []
    sql, params = one.query.sql_with_params()
    union = " UNION ALL ".join([f"SELECT * FROM ({sql}) AS part"] * len(mailboxes))  # noqa: S608
    with connection.cursor() as cursor:
        # Only placeholders and the ORM's own SQL are in the text.
        cursor.execute(
            f"SELECT * FROM ({union}) AS parts ORDER BY 2 DESC, 1 DESC LIMIT {int(limit)}",  # noqa: S608
            [mailbox if value == _A_MAILBOX else value for mailbox in mailboxes for value in params],
        )
        return [row[0] for row in cursor.fetchall()]


def _tags(ids: Iterable[int]) -> dict[int, tuple[TagLabel, ...]]:
    links = ConversationTag.objects.filter(conversation_id__in=list(ids)).select_related("tag").order_by("tag__name")
    tags: dict[int, tuple[TagLabel, ...]] = {}
    for link in links:
        tags[link.conversation_id] = (*tags.get(link.conversation_id, ()), TagLabel(link.tag.name, link.tag.hue))
    return tags
