"""A mail of the tray, read from the very bytes that would have left."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import unquote

from markupsafe import Markup

from postroom.channels.mail.models import TrayMail
from postroom.channels.mail.parse import parse
from postroom.channels.mail.parsed import Parsed, ParsedAttachment
from postroom.core.storage import blobs
from postroom.faces.web import remote_images
from postroom.lib.blobs import BlobMissing
from postroom.lib.html import rewrite_images, sanitize, text_to_html, view, with_remote_images

_RE = re.compile(r"^(re|aw|sv|antw)\s*:\s*", re.IGNORECASE)
_SHOWN_HEADERS = (
    "From",
    "To",
    "Cc",
    "Reply-To",
    "Subject",
    "Date",
    "Message-ID",
    "In-Reply-To",
    "References",
)


@dataclass(frozen=True)
class Opened:
    """What a person sees of a mail in the tray."""

    row: TrayMail
    mail: Parsed
    headers: tuple[tuple[str, str], ...]
    all_headers: tuple[tuple[str, str], ...]
    text: Markup

    @property
    def files(self) -> list[tuple[int, ParsedAttachment]]:
        """The files below the text, with their places in the mail."""
        return [(place, file) for place, file in enumerate(self.mail.attachments) if not file.inline]


def raw(row: TrayMail) -> bytes | None:
    """Return the mail's bytes, or None when they are gone."""
    try:
        return blobs().get(row.digest)
    except BlobMissing:
        return None


def opened(row: TrayMail) -> Opened | None:
    """Read a mail of the tray; None when its bytes are gone."""
    data = raw(row)
    if data is None:
        return None
    mail = parse(data)
    shown = tuple((name, value) for name in _SHOWN_HEADERS for value in mail.header_all(name)[:1] if value)
    # A text without HTML is made safe by being escaped.
    return Opened(row, mail, shown, mail.headers, Markup(text_to_html(mail.text)))  # noqa: S704


def document(mail: Parsed, *, with_images: bool, address: Callable[[int], str]) -> tuple[str, int]:
    """Return the mail's HTML made safe, its own pictures where `address` says, and how many images were blocked."""
    source = mail.html or text_to_html(mail.text)
    shown = view(source)
    html = with_remote_images(sanitize(source), remote_images.address) if with_images else shown.html
    places = {file.content_id: place for place, file in enumerate(mail.attachments) if file.content_id}

    def own(cid: str) -> str | None:
        place = places.get(unquote(cid.removeprefix("cid:")).strip("<>"))
        return None if place is None else address(place)

    return rewrite_images(html, own), 0 if with_images else shown.blocked


def message_ids(mail: Parsed) -> tuple[str, tuple[str, ...]]:
    """Return what an answer to this mail says in In-Reply-To and References, with angle brackets."""
    own = f"<{mail.message_id}>" if mail.message_id else ""
    return own, tuple(f"<{one}>" for one in mail.references)


def answer_subject(subject: str) -> str:
    """Return the subject of an answer: one Re: and no more."""
    return f"Re: {_RE.sub('', subject).strip()}"


def as_quoted(mail: Parsed) -> str:
    """Return the mail as a customer's program quotes it below the answer."""
    lines = mail.text.strip().splitlines()[:200]
    who = mail.from_.name or mail.from_.email
    return f"\n\n{who}:\n" + "\n".join(f"> {line}".rstrip() for line in lines)
