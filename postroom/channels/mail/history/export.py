"""Everything out again: a whole mailbox as a stream, with nothing written to the disk meanwhile."""

from collections.abc import Iterator

from postroom.channels.mail.history.export_mbox import mbox_of
from postroom.channels.mail.history.export_zip import zip_of
from postroom.channels.mail.sight import Sight
from postroom.core.accounts.models import Mailbox

MBOX = "mbox"
ZIP = "zip"
FORMATS = (MBOX, ZIP)


def export(mailbox: Mailbox, *, form: str, sight: Sight | None = None) -> Iterator[bytes]:
    """Give the mailbox in pieces, as `mbox` (its mails) or `zip` (all of it); see the two files.

    `sight` says which sensitive conversations are part of it; without it none is.
    """
    sight = sight or Sight()
    return mbox_of(mailbox, sight=sight) if form == MBOX else zip_of(mailbox, sight=sight)
