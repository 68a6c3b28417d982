"""The lines of the mail ledger: what a person sees of each mail, filed or not."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import pgettext_lazy

from postroom.channels.mail import reasons
from postroom.channels.mail.actions.file_by_hand import filed_by_hand
from postroom.channels.mail.models import DUPLICATE, FILED, PARKED, QUARANTINED, STORED, IncomingMail
from postroom.channels.mail.raw_head import RawHead, raw_head
from postroom.channels.mail.sight import hidden_from
from postroom.core.accounts.models import User
from postroom.core.conversations.filters import seen_by
from postroom.core.conversations.models import Message

# Said of one mail; the filters say it of many.
STATE_WORDS: dict[str, str | Promise] = {
    FILED: pgettext_lazy("a mail's state", "Filed"),
    STORED: pgettext_lazy("a mail's state", "Waiting"),
    PARKED: pgettext_lazy("a mail's state", "Parked"),
    QUARANTINED: pgettext_lazy("a mail's state", "Not understood"),
    DUPLICATE: pgettext_lazy("a mail's state", "Duplicate"),
}
FILTER_WORDS: dict[str, str | Promise] = {
    FILED: pgettext_lazy("mails in a state", "Filed"),
    STORED: pgettext_lazy("mails in a state", "Waiting"),
    PARKED: pgettext_lazy("mails in a state", "Parked"),
    QUARANTINED: pgettext_lazy("mails in a state", "Not understood"),
    DUPLICATE: pgettext_lazy("mails in a state", "Duplicates"),
}
STATE_ICONS = {
    FILED: "check",
    STORED: "hourglass",
    PARKED: "archive",
    QUARANTINED: "triangle-alert",
    DUPLICATE: "copy",
}
_WAYS: dict[str, str | Promise] = {
    "imap": "IMAP",
    "pop": "POP3",
    "lmtp": "LMTP",
    "pipe": _lazy("pipe"),
    "import": _lazy("import"),
    "demo": _lazy("demo"),
}


@dataclass(frozen=True)
class Line:
    """One mail of the ledger. `conversation_id` is None for one that this person may not open, or that has none."""

    mail: IncomingMail
    name: str
    email: str
    subject: str
    conversation_id: int | None
    state: str
    icon: str
    why: str
    way: str
    at: datetime
    # It belongs to a sensitive conversation in which this person is not named.
    hidden: bool = False

    @property
    def can_retry(self) -> bool:
        """Whether reading it again may help."""
        return self.mail.state == QUARANTINED

    @property
    def can_file(self) -> bool:
        """Whether a person may put it into a conversation."""
        return self.mail.state in (PARKED, QUARANTINED, DUPLICATE)

    @property
    def can_take_back(self) -> bool:
        """Whether it stood outside before a person filed it."""
        return filed_by_hand(self.mail)


def lines(mails: Iterable[IncomingMail], *, user: User) -> list[Line]:
    """Return the lines of these mails: five queries, and a look at the head of each mail that has no message."""
    mails = list(mails)
    wanted = {mail.message_id for mail in mails if mail.message_id}
    messages = {
        message.pk: message
        for message in Message.objects.filter(seen_by(user, through="conversation"), pk__in=wanted).only(
            "conversation_id", "from_name", "from_email", "subject"
        )
    }
    hidden = hidden_from(user, mails)
    return [_hidden(mail) if mail.pk in hidden else _line(mail, messages.get(mail.message_id or 0)) for mail in mails]


def _hidden(mail: IncomingMail) -> Line:
    """Return a line that says only that a mail came, so that the figures still add up."""
    return Line(
        mail=mail,
        name=_("A sensitive mail"),
        email="",
        subject=_("Only named people can see it."),
        conversation_id=None,
        state=str(STATE_WORDS.get(mail.state, mail.state)),
        icon="eye-off",
        why="",
        way=way(mail),
        at=mail.received_at,
        hidden=True,
    )


def _line(mail: IncomingMail, message: Message | None) -> Line:
    head = _head(mail, message)
    return Line(
        mail=mail,
        name=head.name,
        email=head.email or mail.envelope_from,
        subject=head.subject,
        conversation_id=message.conversation_id if message else None,
        state=str(STATE_WORDS.get(mail.state, mail.state)),
        icon=STATE_ICONS.get(mail.state, "mail"),
        why=why(mail),
        way=way(mail),
        at=mail.received_at,
    )


def _head(mail: IncomingMail, message: Message | None) -> RawHead:
    if message and (message.subject or message.from_email):
        return RawHead(name=message.from_name, email=message.from_email, subject=message.subject)
    return raw_head(mail)


def why(mail: IncomingMail) -> str:
    """Say why the mail is where it is, in a sentence; "" for one that was simply filed."""
    if mail.state == DUPLICATE and not mail.reason:
        return _("The same mail, byte for byte, as one that came before.")
    if mail.state == STORED:
        return _("Tried %(n)s times so far.") % {"n": mail.attempts} if mail.attempts else ""
    said = reasons.sentence(mail.reason) if mail.reason else ""
    if filed_by_hand(mail):
        return _("Filed by hand. Before: %(why)s") % {"why": said or STATE_WORDS[DUPLICATE]}
    return said or (_(mail.problem) if mail.problem else "")


def way(mail: IncomingMail) -> str:
    """Say how the mail reached us: "IMAP, INBOX", "LMTP", "pipe"."""
    word = str(_WAYS.get(mail.transport, mail.transport))
    return f"{word}, {mail.cursor.folder}" if mail.cursor else word
