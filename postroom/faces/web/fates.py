"""Who got a reply, who did not, why, and what to do: the lines below it."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from postroom.channels.mail.status_words import Explained, explain
from postroom.core.conversations.models import Delivery, Message
from postroom.core.conversations.models import delivery as states

# The worst first; those who have it are one line at the end of the list.
_ORDER = (
    states.BOUNCED,
    states.TURNED_AWAY,
    states.DELAYED,
    states.WAITING,
    states.TAKEN,
    states.DELIVERED,
    states.READ,
)
_WITHOUT_IT = (states.BOUNCED, states.TURNED_AWAY)
_ICONS = {
    states.BOUNCED: "circle-alert",
    states.TURNED_AWAY: "circle-alert",
    states.DELAYED: "hourglass",
    states.WAITING: "clock",
    states.TAKEN: "check",
    states.DELIVERED: "check-check",
    states.READ: "mail-open",
}
_WORDS: dict[str, Promise] = {
    states.DELAYED: _("It is late; the other side still tries. You need not do anything."),
    states.WAITING: _("Still to be sent."),
    states.TAKEN: _("The mail server took it."),
    states.DELIVERED: _("Arrived."),
    states.READ: _("Opened there."),
}


@dataclass(frozen=True)
class Fate:
    """One recipient: `what` became of it and `advice` ("" for none); `words` are the other server's own."""

    email: str
    state: str
    icon: str
    what: str | Promise
    advice: str | Promise
    words: str
    report_id: int | None
    missed: bool


def fates(message: Message) -> tuple[Fate, ...]:
    """Return a line for each recipient, the worst first; nothing while there is no more to say than "sent"."""
    rows = sorted(
        message.deliveries.all(), key=lambda row: (_ORDER.index(row.state) if row.state in _ORDER else 99, row.pk)
    )
    told = [row for row in rows if row.state not in (states.TAKEN, states.WAITING)]
    return tuple(_fate(row) for row in rows) if told else ()


def _fate(row: Delivery) -> Fate:
    missed = row.state in _WITHOUT_IT
    meaning = explain(row.status, words=row.words) if missed else Explained(_WORDS.get(row.state, _("Sent.")))
    words = _said(row) if missed or row.state == states.DELAYED else ""
    return Fate(
        email=row.email,
        state=row.state,
        icon=_ICONS.get(row.state, "circle-help"),
        what=meaning.what,
        advice=meaning.advice,
        words=words,
        report_id=row.report_id,
        missed=missed,
    )


def _said(row: Delivery) -> str:
    """Return the code and the words as one line, without the report's "smtp;" (RFC 3464 2.3.6) and nothing twice."""
    kind, semicolon, rest = row.words.partition(";")
    words = rest if semicolon and kind.strip().lower() in ("smtp", "x-unix", "dns", "x-postfix") else row.words
    return " ".join((words if row.status in words else f"{row.status} {words}").split())
