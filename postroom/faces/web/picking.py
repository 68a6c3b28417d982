"""Conversations to choose from: by number, by words, or the customer's others."""

import re

from django.http import HttpRequest

from postroom.core.conversations.condition import read
from postroom.core.conversations.lists import page_of
from postroom.core.conversations.models import MERGED, Conversation
from postroom.core.conversations.queries import Row, rows_of
from postroom.core.conversations.selections import NEWEST, Selection
from postroom.faces.web.access import person

_MOST = 12
_NUMBER = re.compile(r"\s*#?([0-9]{1,17})\s*")


def choices(request: HttpRequest, conversation: Conversation, *, typed: str, same_mailbox: bool) -> list[Row]:
    """Return conversations that this person sees and may mean: what they type, else the customer's others."""
    me = person(request)
    seen = Conversation.objects.visible_to(me).exclude(pk=conversation.pk).exclude(status=MERGED)
    if same_mailbox:
        seen = seen.filter(mailbox=conversation.mailbox_id)
    if number := _NUMBER.fullmatch(typed):
        return list(rows_of(list(seen.filter(pk=int(number[1])).values_list("pk", flat=True)), user=me))
    if typed.strip():
        # Twice as many: what lies in another mailbox falls out.
        found = page_of(me, Selection(read(typed).condition, NEWEST), limit=2 * _MOST).rows
        kept = [row for row in found if row.id != conversation.pk and row.status != MERGED]
        return [row for row in kept if not same_mailbox or row.mailbox_id == conversation.mailbox_id][:_MOST]
    theirs = seen.filter(contact=conversation.contact_id).order_by("-last_activity_at")
    return list(rows_of(list(theirs.values_list("pk", flat=True)[:_MOST]), user=me))
