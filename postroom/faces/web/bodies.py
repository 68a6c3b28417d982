"""What a message says, ready for its template."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import unquote

from django.urls import reverse
from markupsafe import Markup
from selectolax.lexbor import LexborHTMLParser

from postroom.channels.mail.quotes import QUOTE, WRITTEN, split_reply
from postroom.core.conversations.models import Attachment, Message
from postroom.core.conversations.models.message import IN
from postroom.faces.web import files, locked_files
from postroom.faces.web.invitations import Card, cards
from postroom.lib.html import rewrite_images, sanitize_view, text_to_html

# A signature of this size is in nobody's way.
_SHORT, _FEW_LINES = 400, 6


@dataclass(frozen=True)
class Part:
    """A stretch of a message; those with a `kind` are folded: the history, the signature, a legal notice."""

    html: Markup
    kind: str = WRITTEN
    # A few lines: a signature is then dimmed rather than folded.
    short: bool = False

    @property
    def quoted(self) -> bool:
        """Whether it is history."""
        return self.kind == QUOTE


@dataclass(frozen=True)
class Body:
    """Either `frame`, the address of a customer's HTML, or `parts` to show in the page; cards above, files below."""

    frame: str
    parts: tuple[Part, ...]
    files: tuple[files.FileChip, ...]
    raw: str
    cards: tuple[Card, ...] = ()
    # Where all files come as one; empty for fewer than two.
    all_url: str = ""


def body(message: Message) -> Body:
    """Return the message's body; a customer's HTML is only named here, not cleaned, so a page costs nothing for it."""
    framed = message.kind == IN and bool(message.untrusted_html.strip())
    below = _chips(files_below(message))
    return Body(
        frame=reverse("message-html", args=[message.pk]) if framed else "",
        parts=() if framed else _parts(message),
        files=below,
        cards=cards(list(message.attachments.all())) if message.kind == IN else (),
        raw=reverse("message-raw", args=[message.pk]) if message.raw_digest and message.kind == IN else "",
        all_url=reverse("message-files", args=[message.pk]) if len(below) > 1 else "",
    )


def _chips(below: list[Attachment]) -> tuple[files.FileChip, ...]:
    locked = locked_files.states(file.digest for file in below)
    return tuple(files.chip(file, locked=locked.get(file.digest, "")) for file in below)


def with_own_images(html: str, message: Message, *, address: Callable[[Attachment], str] = files.address) -> str:
    """Return sanitised HTML with the message's inline images at their addresses here, or as `address` says."""
    if "cid:" not in html:
        return html
    addresses = {file.content_id: address(file) for file in message.attachments.all() if file.content_id}
    return rewrite_images(html, lambda source: addresses.get(unquote(source.removeprefix("cid:")).strip("<>")))


def without_styles(html: str) -> str:
    """Return sanitised HTML without style attributes, which our pages' policy forbids."""
    if "style=" not in html:
        return html
    tree = LexborHTMLParser(html)
    for node in tree.css("[style]"):
        del node.attrs["style"]
    return (tree.body.inner_html if tree.body else "") or ""


def _parts(message: Message) -> tuple[Part, ...]:
    if message.kind != IN and message.untrusted_html:
        # What our own people wrote was cleaned when it was written, but perhaps by older rules.
        html = without_styles(sanitize_view(message.untrusted_html))
        return (Part(Markup(with_own_images(html, message))),)  # noqa: S704
    pieces = split_reply(message.text, subject=message.subject).pieces if message.kind == IN else ()
    if not pieces:
        return (Part(Markup(text_to_html(message.text))),)  # noqa: S704  (escaped there)
    return tuple(
        Part(Markup(text_to_html(piece.text.strip("\n"))), kind=piece.kind, short=_is_short(piece.text))  # noqa: S704
        for piece in pieces
        if piece.text.strip()
    )


def _is_short(text: str) -> bool:
    return len(text) < _SHORT and text.strip().count("\n") < _FEW_LINES


def files_below(message: Message) -> list[Attachment]:
    """Return the files that the text does not show already."""
    html = unquote(message.untrusted_html)
    return [file for file in message.attachments.all() if not (file.content_id and f"cid:{file.content_id}" in html)]
