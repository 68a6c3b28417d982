"""How large a mail may be: as its servers said, and as it will leave, before anything is transmitted."""

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from postroom.channels.mail.models import SMTP, Route
from postroom.core.accounts.models import Mailbox

# Base64 makes four octets of three, and a line end for 76 of them.
_GROWTH = 4 / 3 * 78 / 76
# Headers and the parts' own.
_FRAME = 8 * 1024


def largest(mailbox: Mailbox) -> int | None:
    """Return the largest mail, in bytes, that a server of the mailbox takes; None while one has not said so."""
    limits = [route.max_size for route in Route.objects.filter(mailbox=mailbox, kind=SMTP)]
    known = [limit for limit in limits if limit]
    return max(known) if known and len(known) == len(limits) else None


def too_large(mailbox: Mailbox, *, written: int, files: int) -> str:
    """Return the sentence for a reply that no server of the mailbox takes; empty when one may.

    `written` is its HTML and `files` all that is attached, in bytes as they are now.
    """
    limit = largest(mailbox)
    # The text leaves twice, as text and as HTML, and a quote may come with it.
    size = int((2 * written + files) * _GROWTH) + _FRAME
    if limit is None or size <= limit or not files:
        return ""
    return _(
        "With its files this reply is %(size)s as it leaves, and the mail server takes %(limit)s at most. Nothing was "
        "sent and your draft is safe. Take a file out, or give a link to it."
    ) % {"size": shown(size), "limit": shown(limit)}


def too_large_for(host: str, *, size: int, limit: int) -> str:
    """Return the sentence for a mail that a server would refuse for its size."""
    return _(
        "This mail is %(size)s as it leaves, and %(host)s takes %(limit)s at most, so it was not sent. Take it back "
        "and leave a file out, or give a link to it."
    ) % {"host": host, "size": shown(size), "limit": shown(limit)}


def shown(size: int) -> str:
    """Return a size as people say it: 10.5 MB."""
    if size < 1_000_000:
        return _("%(number)s kB") % {"number": number_format(max(1, round(size / 1000)))}
    return _("%(number)s MB") % {"number": number_format(round(size / 1_000_000, 1), decimal_pos=1)}
