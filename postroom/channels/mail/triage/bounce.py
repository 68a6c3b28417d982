"""Delivery reports: whom a mail did not reach, and whether it might yet (RFC 3464, and the prose of older systems)."""

import re
from dataclasses import dataclass

from postroom.channels.mail.parsed import Parsed


@dataclass(frozen=True, slots=True)
class Bounce:
    """What a delivery report says; `status` is an enhanced code (RFC 3463), '' when the report names none."""

    recipients: tuple[str, ...]
    status: str
    diagnostic: str = ""

    @property
    def permanent(self) -> bool:
        return not self.status.startswith("4")


_FIELD = re.compile(
    r"(?mi)^(final-recipient|original-recipient|x-actual-recipient|action|status|diagnostic-code)[ \t]*:[ \t]*(.*(?:\n[ \t]+.*)*)"
)
_SPEC = re.compile(r"[^\s<>,;:\"'()\[\]]+@[^\s<>,;:\"'()\[\]]+\.[^\s<>,;:\"'()\[\]]+")
_STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
_SMTP = re.compile(r"(?<![\d.])([45]\d\d)[ -]")
_SENDERS = re.compile(r"(?i)^(?:mailer-?daemon|postmaster|mail-?daemon|mdaemon)(?:@|$|[+.-])")
_SUBJECT = re.compile(
    r"(?i)(?:undeliver(?:able|ed)|delivery (?:status notification|fail|notification|report|problem)|returned mail|mail delivery|failure notice"
    r"|failed delivery|message (?:not|undeliver|delivery)|nondeliverable|non-?delivery|unzustellbar|nicht zugestellt|échec|non remis|no se puede entregar"
    r"|mail system error|returned to sender|couldn't be delivered|could not be delivered|delayed|warning: could not|mancata consegna)"
)


def is_bounce(parsed: Parsed) -> str | None:
    """A delivery-status part, or a mail system's address together with the subject of a failed delivery."""
    report = _report(parsed)
    actions = {value.strip().lower() for key, value in _fields(report) if key == "action"}
    if actions - {"delivered", "relayed", "expanded"}:
        return "The mail is a delivery status notification (RFC 3464)."
    if actions:
        return None
    system = bool(_SENDERS.match(parsed.from_.email)) or parsed.return_path == ""
    if system and (_SUBJECT.search(parsed.subject) or parsed.header("X-Failed-Recipients")):
        return "A mail system says that a mail was not delivered."
    return None


def read_bounce(parsed: Parsed) -> Bounce:
    """Return the recipients, the status and the other server's words."""
    fields = _fields(_report(parsed))
    stated = [value for key, value in fields if key in ("final-recipient", "original-recipient")]
    recipients = [match[0].lower() for value in stated for match in _SPEC.finditer(value)]
    recipients += [match[0].lower() for match in _SPEC.finditer(parsed.header("X-Failed-Recipients"))]
    words = parsed.text[:20_000]
    if not recipients:
        recipients = [match[0].lower().rstrip(".") for match in _SPEC.finditer(words)][:1]
    diagnostic = next((value for key, value in fields if key == "diagnostic-code"), "")
    status = next((m[1] for key, value in fields if key == "status" and (m := _STATUS.search(value))), "")
    return Bounce(
        recipients=tuple(dict.fromkeys(recipients)),
        status=_precise(status, diagnostic, words),
        diagnostic=" ".join(diagnostic.split())[:1000],
    )


def _precise(status: str, diagnostic: str, words: str) -> str:
    """A bare x.0.0 says less than the server's own words."""
    if status and not status.endswith(".0.0"):
        return status
    for text in (diagnostic, words):
        if found := _STATUS.search(text):
            return found[1]
    for text in (diagnostic, words):
        if not status and (reply := _SMTP.search(text)):
            return f"{reply[1][0]}.0.0"
    return status


def _report(parsed: Parsed) -> str:
    parts = [
        a.data
        for a in parsed.attachments
        if a.content_type in ("message/delivery-status", "message/global-delivery-status")
    ]
    return b"\n".join(parts)[:200_000].decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n")


def _fields(report: str) -> list[tuple[str, str]]:
    return [(match[1].lower(), match[2]) for match in _FIELD.finditer(report)]
