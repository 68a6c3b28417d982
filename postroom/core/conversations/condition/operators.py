"""All operators of the language: what each looks at, and which values it takes."""

from dataclasses import dataclass
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from postroom.core.conversations.models import PRIORITIES, STATUSES

TEXT, CHOICE, PERIOD, SPAN, NUMBER, NAME, MESSAGE_ID = "text", "choice", "period", "span", "number", "name", "id"

ME, NONE, MINE, ANY = "me", "none", "mine", "any"


class Value(NamedTuple):
    """A value that an operator knows, and what it means."""

    name: str
    meaning: str | Promise


@dataclass(frozen=True)
class Operator:
    """`example` is a whole test; `values` are all there are for a CHOICE, and the special ones of the others."""

    name: str
    kind: str
    meaning: str | Promise
    example: str
    values: tuple[Value, ...] = ()

    def takes(self, value: str) -> bool:
        """Tell whether this is one of the values it knows."""
        return any(one.name == value for one in self.values)


_STATES = (
    Value("open", _("Somebody has to answer")),
    Value("pending", _("Waits for somebody else")),
    Value("snoozed", _("Out of sight for a while")),
    Value("closed", _("Finished")),
    Value("spam", _("Marked as junk")),
    Value("trash", _("Thrown away")),
    Value(ANY, _("Spam and trash, too")),
    Value("unread", _("You have not read the newest message")),
    Value("read", _("You have read everything")),
    Value("unassigned", _("Nobody owns it")),
    Value("assigned", _("A person or a team owns it")),
    Value("waiting", _("The customer waits for an answer")),
    Value("following", _("You follow it")),
    Value("mentioned", _("A note mentions you")),
    Value("sensitive", _("Only named people see it")),
)
_HELD = (
    Value("attachment", _("A file")),
    Value("note", _("An internal note")),
    Value("draft", _("A draft of yours, or a shared one")),
    Value("tag", _("Any tag")),
    Value("side-thread", _("Mail to or from a third party")),
)
_DAYS = (Value("today", _("Today")), Value("yesterday", _("Yesterday")))
_WAITS = (Value("1h", _("One hour")), Value("1d", _("One day")))
_AGES = (Value("1d", _("One day")), Value("1w", _("One week")), Value("1m", _("One month")))

OPERATORS = {
    one.name: one
    for one in (
        Operator("from", TEXT, _("Who wrote a message"), "from:ann@example.org"),
        Operator("to", TEXT, _("To whom a message went, in any field"), "to:sales@example.org"),
        Operator("cc", TEXT, _("Who got a copy"), "cc:bob@example.org"),
        Operator("subject", TEXT, _("Words in the subject"), "subject:invoice"),
        Operator("file", TEXT, _("The name of an attached file"), "file:contract.pdf"),
        Operator("contact", NAME, _("The customer"), "contact:ann@example.org"),
        Operator("is", CHOICE, _("Its state"), "is:open", _STATES),
        Operator("has", CHOICE, _("What it holds"), "has:attachment", _HELD),
        Operator("tag", NAME, _("A tag"), "tag:refund", (Value(NONE, _("No tag at all")),)),
        Operator(
            "assignee", NAME, _("Who owns it"), "assignee:me", (Value(ME, _("You")), Value(NONE, _("No person")))
        ),
        Operator(
            "team",
            NAME,
            _("The team that owns it"),
            "team:workshop",
            (Value(MINE, _("A team of yours")), Value(NONE, _("No team"))),
        ),
        Operator("mailbox", NAME, _("The mailbox it is in"), "mailbox:support"),
        Operator(
            "priority",
            CHOICE,
            _("Its priority"),
            "priority:urgent",
            tuple(Value(name, word) for name, word in zip(
                PRIORITIES.values(), (_("Low"), _("Normal"), _("High"), _("Urgent")), strict=True
            )),
        ),
        Operator("before", PERIOD, _("Last active before a day"), "before:2026-03-01", _DAYS),
        Operator("after", PERIOD, _("Last active on a day or later"), "after:yesterday", _DAYS),
        Operator("on", PERIOD, _("Last active on a day, in a month, in a year"), "on:2026-03", _DAYS),
        Operator("created", PERIOD, _("Begun on a day, in a month, in a year"), "created:today", _DAYS),
        Operator("older", SPAN, _("Not active for so long"), "older:2w", _AGES),
        Operator("newer", SPAN, _("Active within so long"), "newer:3d", _AGES),
        Operator("waiting", SPAN, _("The customer has waited so long"), "waiting:4h", _WAITS),
        Operator("number", NUMBER, _("Its number"), "number:1204"),
        Operator("id", MESSAGE_ID, _("The Message-ID of a mail"), "id:<1204.ab@example.org>"),
    )
}  # fmt: skip
# Other words for the same; what people know from their mail program.
ALIASES = {
    "in": "is", "status": "is", "state": "is", "owner": "assignee", "assigned": "assignee", "label": "tag",
    "filename": "file", "attachment": "file", "date": "on", "since": "after", "until": "before", "customer": "contact",
    "with": "has", "message-id": "id", "rfc822msgid": "id",
}  # fmt: skip
VALUE_ALIASES = {
    ("is", "snooze"): "snoozed",
    ("is", "all"): ANY,
    ("is", "anywhere"): ANY,
    ("is", "junk"): "spam",
    ("is", "bin"): "trash",
    ("is", "followed"): "following",
    ("has", "attachments"): "attachment",
    ("has", "file"): "attachment",
    ("has", "files"): "attachment",
    ("has", "notes"): "note",
    ("has", "drafts"): "draft",
    ("has", "tags"): "tag",
    ("assignee", "nobody"): NONE,
    ("team", "my"): MINE,
}
# What is found when nothing is said of it.
USUAL = tuple(status for status in STATUSES if status not in ("spam", "trash"))
