"""Enhanced status codes (RFC 3463 and its registry) as an agent reads them: what happened, and what to do."""

import re
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Explained:
    """Two sentences; `advice` is "" when there is nothing to do but wait."""

    what: Promise
    advice: Promise | str = ""


_ASK = _("Check how the address is written, or ask the customer another way, and send the reply to the right one.")
_CORRECT = _("Check how the address is written, and send the reply again to the right one.")
_LATER = _("Try again in some days, or reach the customer another way.")
_SMALLER = _("Send it again without the large files, or give a link to them.")
_OTHERS = _("Their administrators can say why. Reach the customer another way until then.")
_OURS = _("Our own settings are the likely reason: look at the mailbox's deliverability check.")

_ABSENT = Explained(_("This address does not exist."), _ASK)
_NO_DOMAIN = Explained(_("What stands behind the @ takes no mail, or does not exist."), _CORRECT)
_FULL = Explained(_("The mailbox is full."), _LATER)
_LARGE = Explained(_("The mail is too large for the other side."), _SMALLER)
_BLOCKED = Explained(_("The other side refused the mail by its rules, for instance as spam."), _OTHERS)
_UNPROVEN = Explained(_("The other side does not believe that the mail is from us."), _OURS)
_AWAY = Explained(_("The other mail server did not answer."), _LATER)
_BROKEN = Explained(_("The other mail server has a problem of its own."), _LATER)
_ROUND = Explained(_("The mail went in a circle on the other side."), _OTHERS)

# By what follows the class: subject.detail, then the subject alone.
_WORDS = {
    "1.1": _ABSENT,
    "1.2": _NO_DOMAIN,
    "1.3": Explained(_("The address is not written as addresses are."), _CORRECT),
    "1.4": Explained(_("The address fits more than one person there."), _ASK),
    "1.6": Explained(_("The mailbox has moved, and left no new address."), _ASK),
    "1.7": Explained(_("The other side does not accept our address as the sender."), _OURS),
    "1.8": Explained(_("The other side does not accept our address as the sender."), _OURS),
    "1.10": _NO_DOMAIN,
    "1": Explained(_("The address was not accepted."), _CORRECT),
    "2.1": Explained(_("The mailbox is switched off."), _ASK),
    "2.2": _FULL,
    "2.3": _LARGE,
    "2.4": Explained(_("It is the address of a list that could not pass the mail on."), _OTHERS),
    "2": Explained(_("The mailbox could not take the mail."), _LATER),
    "3.1": _BROKEN,
    "3.2": Explained(_("The other mail server takes no mail now."), _LATER),
    "3.4": _LARGE,
    "3": _BROKEN,
    "4.1": _AWAY,
    "4.2": _AWAY,
    "4.3": _NO_DOMAIN,
    "4.4": _NO_DOMAIN,
    "4.6": _ROUND,
    "4.7": Explained(_("It could not be delivered in time; the other side gave up."), _LATER),
    "4": _AWAY,
    "5.3": Explained(
        _("The mail goes to more people than the other side takes at once."), _("Send it to fewer people.")
    ),
    "5": _BROKEN,
    "6": Explained(
        _("The other side could not read the mail as it is written."), _("Send it again without its files.")
    ),
    "7.2": Explained(_("We may not write to this list."), _OTHERS),
    "7.20": _UNPROVEN,
    "7.21": _UNPROVEN,
    "7.22": _UNPROVEN,
    "7.23": _UNPROVEN,
    "7.24": _UNPROVEN,
    "7.25": _UNPROVEN,
    "7.26": _UNPROVEN,
    "7.28": Explained(_("The other side gets more mail from us than it takes."), _LATER),
    "7": _BLOCKED,
}
# Many servers give no code, or one that says nothing; their words do.
_SAID = (
    (re.compile(r"(?i)(?:user|recipient|mailbox|address|account)\b.{0,40}\b(?:unknown|not (?:found|exist)|"
                r"does(?:n't| not) exist|invalid|unavailable|disabled|rejected)|"
                r"(?:no such|unknown|invalid) (?:user|recipient|mailbox|person|address)"
                r"|no mailbox here|inconnu|unbekannt|desconocid"), _ABSENT),
    (re.compile(r"(?i)quota|mailbox (?:is )?full|out of storage|over its limit|storage limit"), _FULL),
    (re.compile(r"(?i)too (?:large|big)|size (?:limit|exceeds)|exceed\w* .{0,30}size"), _LARGE),
    (re.compile(r"(?i)\b(?:spf|dkim|dmarc)\b|unauthenticated|authentication (?:check|required|results)"), _UNPROVEN),
    (re.compile(r"(?i)spam|block|blacklist|denylist|reputation|policy|listed (?:at|by|in)|banned|virus"), _BLOCKED),
    (re.compile(r"(?i)host (?:\w+ ){0,3}not found|no mx\b|nxdomain|domain.{0,30} not (?:exist|found)"), _NO_DOMAIN),
    (re.compile(r"(?i)too many hops|loops? back|mail loop|routing loop"), _ROUND),
    (re.compile(r"(?i)timed? ?out|connection (?:refused|lost|reset)|no route|unreachable"), _AWAY),
)  # fmt: skip
_UNKNOWN = Explained(_("It was not delivered, and the report gives no reason that we understand."), _ASK)
# Microsoft's servers say so of an address that they do not know (5.4.1 Recipient address rejected: Access denied).
_MICROSOFT = re.compile(r"(?i)5\.4\.1\b.{0,40}recipient address rejected")


def explain(status: str, *, words: str) -> Explained:
    """Return what a code (and, where it says nothing, the server's own words) means."""
    if _MICROSOFT.search(f"{status} {words}"):
        return _ABSENT
    _class, _dot, rest = status.partition(".")
    if rest and rest not in ("0.0", "5.0"):
        subject = rest.partition(".")[0]
        exact = _WORDS.get(rest)
        # x.1.0, x.2.0 … name the subject only: the words may be nearer.
        found = exact or (_by_words(words) if rest.endswith(".0") else None) or _WORDS.get(subject)
        if found:
            return found
    return _by_words(words) or _UNKNOWN


def _by_words(words: str) -> Explained | None:
    return next((explained for pattern, explained in _SAID if pattern.search(words[:1000])), None)
