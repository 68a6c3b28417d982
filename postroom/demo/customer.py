"""Write as a customer: the mail that a newcomer to the demo sends to see it arrive."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from postroom.core.accounts.models import Mailbox
from postroom.demo.letters import Enclosure, Letter, build
from postroom.lib import clock
from postroom.lib.addresses import is_address
from postroom.lib.text import one_line, storable

__all__ = ["Enclosure", "NotAnAddress", "write_as_customer"]


class NotAnAddress(ValueError):
    """The customer's address would not do in a mail's From."""

    def __init__(self, email: str) -> None:
        super().__init__(_("%(email)s is not a mail address. It looks like ann@post.example.") % {"email": email})


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
    NotAnAddress when `from_email` is none.
    """
    if not (is_address(from_email) and from_email.isascii()):
        raise NotAnAddress(from_email)
    letter = Letter(
        from_name=one_line(from_name, length=120),
        from_email=from_email.strip(),
        to=[(to_mailbox.from_name, to_mailbox.address)],
        subject=one_line(subject, length=500),
        text=storable(text),
        moment=clock.now(),
        enclosures=attachments,
        in_reply_to=one_line(in_reply_to or "", length=998),
        references=[one_line(reference, length=998) for reference in references],
    )
    return build(letter)
