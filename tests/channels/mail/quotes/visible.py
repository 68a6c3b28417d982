"""What can be seen of a text or of an HTML: its characters without blanks, in their order."""

from selectolax.lexbor import LexborHTMLParser

from postroom.channels.mail.quote_html import Labels
from postroom.channels.mail.quotes import fold_quotes

# As they stand in nobody's mail.
LABELS = Labels(quote="\ue000", signature="\ue001", notice="\ue002")
_HIDDEN = "script, style, title, head, template, noscript"


def letters(text: str) -> str:
    """Return the text without blanks."""
    return "".join(text.split())


def visible(html: str) -> str:
    """Return the characters that a browser would show, without blanks."""
    # Twice: what a mail's parser has put right, a browser reads once more.
    body = LexborHTMLParser(html).body
    body = LexborHTMLParser(body.html or "").body if body is not None else None
    if body is None:
        return ""
    for node in body.css(_HIDDEN):
        node.decompose()
    return letters(body.text() or "")


def visible_folded(html: str, *, subject: str = "") -> str:
    """Return the same of the folded HTML, its own labels left out."""
    shown = visible(fold_quotes(html, subject=subject, labels=LABELS))
    return shown.replace(LABELS.quote, "").replace(LABELS.signature, "").replace(LABELS.notice, "")
