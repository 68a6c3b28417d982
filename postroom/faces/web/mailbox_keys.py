"""The keys of a mailbox, for its settings."""

from postroom.channels.mail.models import MailKey
from postroom.channels.mail.models.key import AUTHORITY, KNOWN, OWN
from postroom.core.accounts.models import Mailbox

# Keys are learned from customers' mails; the newest are enough to look at.
_MOST_KNOWN = 50


def keys_of(mailbox: Mailbox) -> list[MailKey]:
    """Return the mailbox's own keys, whom it trusts, and the correspondents' keys learned last."""
    rows = mailbox.keys.defer("sealed_private", "public")
    own = rows.filter(role__in=(OWN, AUTHORITY)).order_by("-role", "pk")
    return [*own, *rows.filter(role=KNOWN).order_by("-pk")[:_MOST_KNOWN]]
