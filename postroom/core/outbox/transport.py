from collections.abc import Callable
from typing import Protocol

from postroom.core.conversations.models import Message


class Transport(Protocol):
    """A way out. It talks to the network; the outbox never does."""

    def send(self, message: Message, *, before_data: Callable[[], None]) -> str:
        """Hand the message over and return the server's own words; Deferred, Refused or Uncertain otherwise.

        `before_data` is called right before the first byte after which the server may have taken the mail.
        """
        ...
