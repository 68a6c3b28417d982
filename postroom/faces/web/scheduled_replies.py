"""How many replies wait for their moment, for the sidebar."""

from django.http import HttpRequest

from postroom.core.conversations.filters import seen_by
from postroom.core.conversations.scheduled import scheduled
from postroom.faces.web.access import person

_MOST = 100


def scheduled_count(request: HttpRequest) -> int:
    """Return how many this person sees, counted to 100 at most: one query, along the index of what is to be sent."""
    return scheduled().filter(seen_by(person(request), through="conversation")).order_by()[:_MOST].count()
