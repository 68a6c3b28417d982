"""How far each history is, in words."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from postroom.channels.mail.models.history import COUNTING, DONE, FAILED, PAUSED, READY, RUNNING, History
from postroom.channels.mail.sight import is_closed
from postroom.core.accounts.models import Mailbox, User
from postroom.faces.web.words import number

_SHOWN = 20


@dataclass(frozen=True)
class Line:
    """One history for the page. `done` of `total` mails are looked at; `counts` says what became of them."""

    history: History
    sentence: str
    counts: str
    icon: str
    # A few of the mails: {"from": …, "subject": …}.
    samples: tuple[dict[str, str], ...] = ()

    @property
    def done(self) -> int:
        """How many mails were looked at."""
        return self.history.taken + self.history.known + self.history.passed_over

    @property
    def moves(self) -> bool:
        """Whether the page asks again by itself."""
        return self.history.state in (COUNTING, RUNNING)

    @property
    def measured(self) -> bool:
        """Whether a bar can say how far it is."""
        return self.history.state in (RUNNING, PAUSED) or (self.history.state == FAILED and self.done > 0)


def lines(mailbox: Mailbox, *, reader: User) -> list[Line]:
    """Return the newest histories of a mailbox, the newest first."""
    return [line(one, reader=reader) for one in History.objects.filter(mailbox=mailbox).order_by("-pk")[:_SHOWN]]


def line(history: History, *, reader: User) -> Line:
    """Return one history in words; its samples not where only named people see new conversations."""
    samples = [] if is_closed(history.mailbox_id, to=reader) else history.samples
    return Line(history, _sentence(history), _counts(history), _ICONS.get(history.state, "circle"), tuple(samples))


_ICONS = {
    COUNTING: "loader",
    READY: "eye",
    RUNNING: "loader",
    PAUSED: "hourglass",
    FAILED: "triangle-alert",
    DONE: "check-check",
}


def _sentence(history: History) -> str:
    done = number(history.taken + history.known + history.passed_over)
    if history.state == COUNTING:
        return _("Counting: %(n)s mails so far") % {"n": number(history.found)}
    if history.state == READY:
        return _("Counted; nothing is taken in yet")
    if history.state == RUNNING:
        return _("Taking in: %(done)s of %(all)s") % {"done": done, "all": number(history.found)}
    if history.state == PAUSED:
        return _("Paused at %(done)s of %(all)s") % {"done": done, "all": number(history.found)}
    if history.state == FAILED:
        return _("Stopped")
    return _("All is in")


def _counts(history: History) -> str:
    """Say what became of the mails; what did not happen is not said."""
    parts = []
    if history.taken:
        parts.append(ngettext("%(n)s taken in", "%(n)s taken in", history.taken) % {"n": number(history.taken)})
    if history.known:
        parts.append(
            ngettext("%(n)s was here already", "%(n)s were here already", history.known) % {"n": number(history.known)}
        )
    if history.passed_over:
        parts.append(
            ngettext(
                "%(n)s passed over: too large or broken off",
                "%(n)s passed over: too large or broken off",
                history.passed_over,
            )
            % {"n": number(history.passed_over)}
        )
    return " · ".join(parts) or (_("No mail was found in it.") if history.state == DONE else "")
