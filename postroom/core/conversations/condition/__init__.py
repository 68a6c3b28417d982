"""The condition language: one way to say which conversations, for views, search, and all that comes to ask for some."""

from datetime import datetime

from postroom.core.accounts.models import User
from postroom.core.conversations.condition.language import EVERYTHING, Condition
from postroom.core.conversations.condition.names import fault_of
from postroom.core.conversations.condition.reading import Fault, Parsed, read
from postroom.core.conversations.condition.where import conversations, where

__all__ = ["EVERYTHING", "Condition", "Fault", "Parsed", "conversations", "parse", "read", "where"]


def parse(text: str, *, by: User, now: datetime | None = None) -> Parsed:
    """Read a condition as this person means it. It never raises; who and what is named has to be there.

    `now` is not looked at: a condition keeps "3d" as it is, and `where` says from when.
    """
    del now
    return read(text, check=lambda test: fault_of(test, by=by))
