"""How many replies wait for their moment, for the sidebar."""

from django.db.models import QuerySet
from django.http import HttpRequest

from postroom.core.accounts.models import User
from postroom.core.conversations.filters import seen_by
from postroom.core.conversations.models import Message
from postroom.core.conversations.scheduled import scheduled
from postroom.faces.web.access import person
from postroom.lib.prepared import prepared

_MOST = 100


def scheduled_count(request: HttpRequest) -> int:
    """Return how many this person sees, counted to 100 at most: one query, along the index of what is to be sent."""
    return len(_waiting(person(request), most=_MOST))


@prepared
def _waiting(user: User, *, most: int) -> "QuerySet[Message, int]":
    rows = scheduled().filter(seen_by(user, through="conversation")).order_by()
    return rows.values_list("pk", flat=True)[:most]
