"""Write as a customer: the mail that a newcomer to the demo sends to see it arrive."""

from collections.abc import Sequence

from postroom.core.accounts.models import Mailbox
from postroom.demo.letters import Enclosure, Letter, build
from postroom.lib import clock

__all__ = ["Enclosure", "write_as_customer"]


def write_as_customer(
    *,
    from_name: str,
    from_email: str,
    to_mailbox: Mailbox,
    subject: str,
    text: str,
    in_reply_to: str | None = None,
    references: Sequence[str] = (),
    attachments: Sequence[Enclosure] = (),
) -> bytes:
    """Return a customer's mail as RFC 5322 bytes, ready for LMTP; it is not sent here.

    `in_reply_to` and `references` are Message-IDs with their angle brackets, as our own mail in the tray carries them.
    """
    letter = Letter(
        from_name=from_name,
        from_email=from_email,
        to=[(to_mailbox.from_name, to_mailbox.address)],
        subject=subject,
        text=text,
        moment=clock.now(),
        enclosures=attachments,
        in_reply_to=in_reply_to or "",
        references=references,
    )
    return build(letter)
