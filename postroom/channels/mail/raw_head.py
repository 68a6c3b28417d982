"""Who wrote a stored mail and about what, from its head alone."""

import re
from dataclasses import dataclass

from postroom.channels.mail.models import IncomingMail
from postroom.channels.mail.parse import parse
from postroom.core.storage import blobs
from postroom.lib.blobs import BlobMissing
from postroom.lib.text import one_line

# Heads are a few kB; what is longer is a bomb, and its beginning says enough.
_MOST = 64 * 1024
_END = re.compile(rb"\r?\n\r?\n|\r\r")


@dataclass(frozen=True)
class RawHead:
    """The sender and subject as the mail says; empty where it says nothing. `gone`: the bytes are not there."""

    name: str = ""
    email: str = ""
    subject: str = ""
    gone: bool = False


def raw_head(mail: IncomingMail) -> RawHead:
    """Read the head of a mail that has no message: one file opened, at most 64 kB of it."""
    try:
        data = blobs().head(mail.digest, octets=_MOST)
    except (BlobMissing, OSError):
        return RawHead(email=mail.envelope_from, gone=True)
    end = _END.search(data)
    parsed = parse(data[: end.end()] if end else data)
    sender = parsed.from_ if parsed.from_.email or parsed.from_.name else parsed.sender
    return RawHead(
        name=one_line(sender.name, length=200),
        email=one_line(sender.email or mail.envelope_from, length=254),
        subject=one_line(parsed.subject, length=500),
    )
