"""A whole mail quoted in one that passes it on: its head as mail programs write it, then all that it said."""

from collections.abc import Iterator
from html import escape

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from postroom.channels.mail.quoting import Quote
from postroom.core.conversations.evidence import PASSES_ON
from postroom.core.conversations.models import Message
from postroom.lib.html import sanitize, text_to_html

# What a mail says is passed on whole; this is beyond any that a person wrote, and below what servers take.
_TEXT = 1_000_000
_HTML = 2_000_000
# Mail programs know a forwarded mail by this line, whatever the language of its words (quote_marks.py).
_RULE = "---------- {} ---------"


def passed_on(message: Message) -> Quote | None:
    """Return the mail that this one passes on, in the language that is active; None when it passes none on.

    Pictures inside its text stay: the mail that passes it on holds their files too.
    """
    if message.joined_by != PASSES_ON or not message.joined_detail.isdigit():
        return None
    original = Message.objects.filter(pk=int(message.joined_detail)).first()
    if original is None:
        return None
    head = [(name, value) for name, value in _head(original) if value]
    rule = _RULE.format(_("Forwarded message"))
    lines = "\n".join(f"{name}: {value}" for name, value in head)
    shown = "<br>\n".join(f"<b>{escape(name)}:</b> {escape(value)}" for name, value in head)
    body = original.untrusted_html
    inside = sanitize(body) if body and len(body) <= _HTML else text_to_html(original.text[:_TEXT])
    return Quote(
        text=f"{rule}\n{lines}\n\n{original.text[:_TEXT].rstrip()}",
        html=f"<div>{escape(rule)}<br>\n{shown}</div>\n<br>\n<div>{inside}</div>",
    )


def _head(original: Message) -> Iterator[tuple[str, str]]:
    yield _("From"), _person(original.from_name, original.from_email)
    yield _("Date"), date_format(timezone.localtime(original.sent_at or original.created_at), "DATETIME_FORMAT")
    yield _("Subject"), original.subject
    yield _("To"), _people(original.to)
    yield _("Cc"), _people(original.cc)


def _people(people: list[dict[str, str]]) -> str:
    return ", ".join(_person(one.get("name", ""), one.get("email", "")) for one in people)


def _person(name: str, email: str) -> str:
    return f"{name} <{email}>" if name else email
