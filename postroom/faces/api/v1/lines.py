"""A conversation as lists show it."""

from typing import cast

from django.http import Http404

from postroom.core.conversations.condition.language import Test
from postroom.core.conversations.lists import page_of
from postroom.core.conversations.models import PRIORITIES
from postroom.core.conversations.queries import Row
from postroom.core.conversations.selections import Selection
from postroom.faces.api.v1 import shapes
from postroom.faces.api.v1.addresses import absolute
from postroom.faces.api.v1.asking import Answer, Asking


def line(row: Row, *, asking: Asking) -> shapes.ConversationLine:
    """Return the row of a list."""
    return shapes.ConversationLine(
        number=row.id,
        url=absolute(asking.request, "conversation", row.id),
        subject=row.subject,
        status=row.status,
        mailbox=shapes.Mailbox(id=row.mailbox_id, name=row.mailbox_name),
        customer=shapes.Person(name=row.contact_name, email=row.contact_email),
        owner=_owner(row),
        priority=cast("shapes.Priority", PRIORITIES.get(row.priority, "normal")),
        tags=[tag.name for tag in row.tags],
        unread=row.unread,
        messages_count=row.message_count,
        has_files=row.has_attachments,
        snippet=row.snippet,
        created_at=row.created_at,
        last_activity_at=row.last_activity_at,
        waiting_since=row.waiting_since,
        snoozed_until=row.snoozed_until,
    )


def line_of(number: int, *, asking: Asking) -> shapes.ConversationLine:
    """Return the line of one conversation as it is now, which this person sees."""
    rows = _rows(number, asking=asking)
    if not rows:
        raise Http404
    return line(rows[0], asking=asking)


def line_after(number: int, *, asking: Asking) -> Answer:
    """Answer a change with the line; with nothing where the change took it out of this person's sight."""
    rows = _rows(number, asking=asking)
    return Answer(line(rows[0], asking=asking)) if rows else Answer(status=204)


def _rows(number: int, *, asking: Asking) -> tuple[Row, ...]:
    return page_of(asking.user, Selection(Test("number", str(number))), limit=1).rows


def _owner(row: Row) -> shapes.Owner | None:
    if row.assignee_name:
        return shapes.Owner(kind="person", name=row.assignee_name)
    return shapes.Owner(kind="team", name=row.team_name) if row.team_name else None
