"""What is answered, quoted below an answer."""

from dataclasses import dataclass
from html import escape

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from selectolax.lexbor import LexborHTMLParser

from postroom.core.conversations.answered import answered_by
from postroom.core.conversations.automatic import NOT_THE_CUSTOMER
from postroom.core.conversations.models import Message
from postroom.core.conversations.models.message import IN
from postroom.lib.html import sanitize, text_to_html

# A thread quotes what it quoted before; beyond this the beginning is enough.
_TEXT = 30_000
_HTML = 200_000
_QUOTE_STYLE = "margin:0 0 0 .8ex;border-left:2px solid #ccc;padding-left:1ex"


@dataclass(frozen=True)
class Quote:
    """The same quotation for both bodies."""

    text: str
    html: str


def quote_for(message: Message) -> Quote | None:
    """Return what this mail of ours answers, in the language that is active; None when it answers nothing.

    To the customer that is their own last mail. In a side thread it is the third party's: neither sees the other's.
    """
    if message.side_thread_id is not None:
        answered = _answered_beside(message)
    else:
        answered = answered_by(message.conversation_id, before=message.pk)
    if answered is None:
        return None
    line = _("On %(date)s, %(name)s wrote:") % {
        "date": date_format(timezone.localtime(answered.sent_at or answered.created_at), "DATETIME_FORMAT"),
        "name": answered.from_name or answered.from_email,
    }
    return Quote(
        text=f"{line}\n{_quoted_text(answered.text)}", html=f"<div>{escape(line)}</div>{_quoted_html(answered)}"
    )


def _answered_beside(message: Message) -> Message | None:
    said = Message.objects.filter(side_thread=message.side_thread_id, kind=IN, pk__lt=message.pk or 2**62)
    return said.exclude(automatic__in=NOT_THE_CUSTOMER).order_by("-pk").first()


def _quoted_text(text: str) -> str:
    lines = text[:_TEXT].rstrip().splitlines()
    return "\n".join(f">{line}" if line.startswith(">") else f"> {line}".rstrip() for line in lines)


def _quoted_html(answered: Message) -> str:
    html = answered.untrusted_html
    inside = _without_embedded(sanitize(html)) if html and len(html) <= _HTML else text_to_html(answered.text[:_TEXT])
    return f'<blockquote type="cite" style="{_QUOTE_STYLE}">{inside}</blockquote>'


def _without_embedded(html: str) -> str:
    """Leave out the images that only the customer's own mail holds."""
    if "cid:" not in html:
        return html
    body = LexborHTMLParser(html).body
    if body is None:
        return ""
    for image in body.css('img[src^="cid:"]'):
        image.decompose()
    return body.inner_html or ""
