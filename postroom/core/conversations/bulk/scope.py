"""The conversations of a whole list or of a condition, as one person sees them."""

from datetime import datetime

from django.db.models import QuerySet

from postroom.core.accounts.models import User
from postroom.core.conversations import condition, folders
from postroom.core.conversations.folders import Folder, conversations_in
from postroom.core.conversations.models import Conversation

# In front of a condition, so that "open" is the list and not a word to search for.
_CONDITION = "find:"


class NoSuchList(Exception):
    """It names no list, and is no condition that can be read."""


def scope_of(text: str) -> str:
    """Return a condition as `within` takes it."""
    return _CONDITION + text


def within(text: str, *, user: User, now: datetime | None = None) -> QuerySet[Conversation]:
    """Return what a list's key names ("mine", "3.open" in a mailbox, "team.2"), or a condition, in no order.

    A condition's "3 days ago" is counted from `now`. NoSuchList for what is neither.
    """
    if not text.startswith(_CONDITION):
        return conversations_in(_folder(text), user=user)
    parsed = condition.parse(text.removeprefix(_CONDITION), by=user)
    if parsed.faults:
        raise NoSuchList(text)
    return condition.conversations(parsed.condition, user=user, now=now)


def _folder(key: str) -> Folder:
    first, dot, second = key.partition(".")
    if not dot and (first in folders.NAMES or first in folders.PERSONAL):
        return Folder(first)
    if dot and first == "team" and _is_number(second):
        return Folder(folders.TEAM, team_id=int(second))
    if dot and second in folders.NAMES and _is_number(first):
        return Folder(second, mailbox_id=int(first))
    raise NoSuchList(key)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 18
