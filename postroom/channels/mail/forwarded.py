"""Mail that somebody forwards to us: what it carries."""

from dataclasses import dataclass

from postroom.channels.mail.parsed import Address


@dataclass(frozen=True, slots=True)
class Forwarded:
    """The mail inside a forwarded one."""

    from_: Address
    subject: str
    to: tuple[Address, ...]
    body: str


def forwarded(raw: bytes) -> Forwarded | None:
    """Return the mail that this one forwards, None when it forwards none."""
    del raw
    return None
