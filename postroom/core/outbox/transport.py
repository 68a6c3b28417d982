from collections.abc import Callable, Sequence
from typing import Protocol

from postroom.core.conversations.models import Message
from postroom.core.outbox.outcomes import Handed


class Transport(Protocol):
    """A way out. It talks to the network; the outbox never does."""

    def send(self, message: Message, *, to: Sequence[str], before_data: Callable[[], None]) -> Handed:
        """Hand the message over for these recipients; Deferred, Held, Refused or Uncertain otherwise.

        `to` are those of the message's addresses that do not have it yet. `before_data` is called once, right before
        the first byte after which the server may have taken the mail.
        """
        ...

    def left(self, message: Message) -> None:
        """Note what is to be done once the message has left. Called in the transaction that records so; no network."""
        ...
