"""How a try to send can end. Each end carries the server's own words, and what it said of single recipients."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Answer:
    """What the server said of one recipient: a state of Delivery (taken, turned_away or waiting), code and words."""

    # As it stands on the message.
    email: str
    state: str
    # RFC 3463, such as 5.1.1; empty when the server named none.
    status: str = ""
    words: str = ""


@dataclass(frozen=True)
class Handed:
    """The server has the mail, for everybody but those of whom `answers` says otherwise."""

    words: str
    answers: tuple[Answer, ...] = ()


class NotSent(Exception):
    """The mail did not leave, or nobody knows; `str()` is the sentence an agent reads on the message."""

    def __init__(self, words: str, *, answers: Sequence[Answer] = ()) -> None:
        super().__init__(words)
        self.answers = tuple(answers)


class Deferred(NotSent):
    """Not now: the server is away, busy or unsure. It is tried again by itself."""


class Held(Deferred):
    """Not now by our own rule, such as the mailbox's rate: no server was asked, and this counts as no try."""

    def __init__(self, words: str, *, until: datetime) -> None:
        super().__init__(words)
        self.until = until


class Refused(NotSent):
    """Not like this: trying again without a change would end the same way."""


class Uncertain(NotSent):
    """The line went dead after the mail was handed over and before the answer. Never sent again by itself."""
