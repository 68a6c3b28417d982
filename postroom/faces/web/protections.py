"""What a message's signature and encryption came to, in words for its reader."""

from dataclasses import dataclass

from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from postroom.core.conversations.models import Message

GOOD = "good"
WARNING = "warning"
DANGER = "danger"
_ICONS = {GOOD: "shield-check", WARNING: "shield-alert", DANGER: "shield-alert"}
_GRAVE = frozenset({"broken", "revoked"})


@dataclass(frozen=True)
class Line:
    """One sentence, how it is meant, its icon, and what else is known."""

    tone: str
    icon: str
    sentence: str
    more: str = ""


def lines(message: Message) -> tuple[Line, ...]:
    """Return what to say above a message; nothing for ordinary mail."""
    verdict = message.protection or {}
    if not verdict:
        return ()
    found = [_encryption(verdict), _signature(verdict)]
    if verdict.get("partly"):
        part = _("Only a part of this mail was signed or encrypted. The rest may be from somebody else.")
        found.append(Line(WARNING, _ICONS[WARNING], part))
    return tuple(line for line in found if line is not None)


def _encryption(verdict: dict[str, str]) -> Line | None:
    match verdict.get("encrypted"):
        case "opened":
            return Line(GOOD, "lock", _("Encrypted on its way, and opened with this mailbox's key."))
        case "no_key":
            sentence = _("This mail is encrypted for a key that this mailbox does not hold.")
            more = _(
                "It is attached as it came. The owner can add the key in the mailbox's settings, for mail to come."
            )
            return Line(WARNING, "lock", sentence, more)
        case "damaged":
            return Line(WARNING, "lock", _("This mail is encrypted and damaged. It is attached as it came."))
        case "beyond_limits":
            sentence = _(
                "This mail could not be opened or checked: unpacked, it is larger than is allowed, or takes too long."
            )
            more = _("It is kept as it came. Such mail is made to harm; if you expected it, ask for it in another way.")
            return Line(WARNING, "lock", sentence, more)
    return None


def _signature(verdict: dict[str, str]) -> Line | None:
    code = verdict.get("signature", "")
    if not code:
        return None
    who = _who(verdict)
    sentence = _sentences(who).get(code, _("This mail is signed."))
    good = code == "valid" and not verdict.get("changed")
    tone = GOOD if good else DANGER if code in _GRAVE else WARNING
    return Line(tone, _ICONS[tone], sentence, _more(verdict, code))


def _sentences(who: str) -> dict[str, str]:
    """Return each code's sentence."""
    named = {"who": who}
    return {
        "valid": _("Signed by %(who)s.") % named,
        "broken": _("The signature does not fit: this mail was changed on its way, or the signature is not its own."),
        "weak": _("Signed in the name of %(who)s by a method that can be forged today.") % named,
        "expired": _("Signed by %(who)s with a key that had expired.") % named,
        "revoked": _("Signed with a key of %(who)s that was withdrawn. Somebody else may have it.") % named,
        "unknown_signer": _("Signed with a key that this mailbox does not know, so it proves nothing yet."),
        "unchecked": _("Signed inside the encryption, in a form that Postroom cannot check."),
        "self_signed": _("Signed in the name of %(who)s with a certificate that nobody vouches for.") % named,
        "unknown_authority": _("Signed in the name of %(who)s. This machine does not know who vouches for it.") % named,
        "other_address": _("Signed by %(who)s, who is not the sender named above.") % named,
    }


def _who(verdict: dict[str, str]) -> str:
    name, address = verdict.get("name", ""), verdict.get("address", "")
    return f"{name} <{address}>" if name and address and name != address else name or address or _("somebody")


def _more(verdict: dict[str, str], code: str) -> str:
    since = parse_date(verdict.get("since", "") or "")
    if verdict.get("changed"):
        return _(
            "It is another key than the first one known for this address. Ask by another way, such as the telephone."
        )
    if since and code in ("valid", "other_address", "expired"):
        return _("The key is known here since %(date)s.") % {
            "date": date_format(since, pgettext("date format", "j F Y"))
        }
    if verdict.get("authority") and code in ("valid", "other_address", "expired", "unknown_authority"):
        return _("The certificate is from %(authority)s.") % {"authority": verdict["authority"]}
    return ""
