"""Delivery reports: whom a mail did not reach, and whether it might yet (RFC 3464, and the prose of older systems)."""

import re
from dataclasses import dataclass

from postroom.channels.mail.parsed import Parsed
from postroom.channels.mail.triage import bounce_prose as prose

_REPORTS = ("message/delivery-status", "message/global-delivery-status")
_FIELD = re.compile(
    r"(?mi)^(final-recipient|original-recipient|x-actual-recipient|action|status|"
    r"diagnostic-code)[ \t]*:[ \t]*(.*(?:\n[ \t]+.*)*)"
)
_GROUPS = re.compile(r"\n[ \t]*\n")
_REPLY_AND_STATUS = re.compile(r"(?<!\d)[45]\d\d[ -](?:#|\()?([45]\.\d{1,3}\.\d{1,3})(?![\d.])")
_VAGUE = re.compile(r"[45]\.(?:0\.0|4\.7)$")
_SYSTEM = re.compile(
    r"(?i)^(?:mailer-?daemon|mail-?daemon|mdaemon|post_?master|(?:e\d+_)?smtp_mail_service|mail\.delivery|"
    r"maildelivery|mail-delivery"
    r"|symantec_antivirus|e500_smtp|imss)"
)
_SYSTEM_NAME = re.compile(r"(?i)mail delivery|mailer-?daemon|postmaster|system administrator|mail system")
_NO_REPLY = re.compile(r"(?i)^(?:no-?reply|do-?not-?reply)")


@dataclass(frozen=True, slots=True)
class Bounce:
    """What a delivery report says.

    `status` is an enhanced code (RFC 3463); x.0.0 when the report gives only its class, in words or by an SMTP reply.
    """

    recipients: tuple[str, ...]
    status: str
    diagnostic: str = ""

    @property
    def permanent(self) -> bool:
        """Whether the other side has given up for good."""
        return not self.status.startswith("4")


def is_bounce(parsed: Parsed) -> str | None:
    """A delivery-status part, or a mail system's name together with the words of a failed delivery."""
    actions = {fields["action"].strip().lower() for fields in _groups(parsed) if "action" in fields}
    if actions - {"delivered", "relayed", "expanded"}:
        return "The mail is a delivery status notification (RFC 3464)."
    if actions:
        return None
    words = prose.human_part(parsed.text)
    failed = prose.speaks_of_failure(words)
    if parsed.header("X-Failed-Recipients") or (
        _is_from_a_system(parsed) and (failed or prose.is_failure_subject(parsed.subject))
    ):
        return "A mail system says that a mail was not delivered."
    if failed and _carries_a_mail(parsed) and _NO_REPLY.match(parsed.from_.email):
        return "An automatic sender returns a mail that was not delivered."
    if failed and prose.is_failure_subject(parsed.subject) and prose.is_technical(words):
        return "Subject and text are those of a delivery failure."
    return None


def _is_from_a_system(parsed: Parsed) -> bool:
    who = parsed.from_
    return bool(
        _SYSTEM.match(who.email)
        or not who.email
        or _SYSTEM_NAME.search(who.name)
        or parsed.return_path == ""
        or _SYSTEM.match(parsed.return_path or "")
    )


def _carries_a_mail(parsed: Parsed) -> bool:
    return any(file.content_type.startswith(("message/rfc822", "text/rfc822")) for file in parsed.attachments)


def read_bounce(parsed: Parsed) -> Bounce:
    """Return the recipients, the status and the other server's words."""
    groups = [fields for fields in _groups(parsed) if _failed(fields)]
    words = prose.human_part(parsed.text)
    recipients = [address for fields in groups if (address := _recipient(fields))]
    recipients += prose.addresses_in(parsed.header("X-Failed-Recipients"))
    if not recipients:
        strangers = {one.email.lower() for one in (*parsed.to, *parsed.cc, parsed.from_)}
        recipients = prose.failed_recipients(words, besides=strangers | {(parsed.return_path or "").lower()})
    diagnostic = next((fields["diagnostic-code"] for fields in groups if "diagnostic-code" in fields), "")
    stated = next((found for fields in groups if (found := prose.status_in(fields.get("status", "")))), "")
    return Bounce(
        recipients=tuple(dict.fromkeys(recipients))[:100],
        status=_status(stated, diagnostic) or prose.status_of(words, subject=parsed.subject),
        diagnostic=" ".join(diagnostic.split())[:1000],
    )


def _failed(fields: dict[str, str]) -> bool:
    return fields.get("action", "failed").strip().lower() not in ("delivered", "relayed", "expanded")


def _recipient(fields: dict[str, str]) -> str:
    """The address that we wrote to, before the other side rewrote it, where the report tells."""
    for name in ("original-recipient", "final-recipient", "x-actual-recipient"):
        found = prose.addresses_in(fields.get(name, "").partition(";")[2] or fields.get(name, ""))
        if found:
            return found[0]
    return ""


def _status(stated: str, diagnostic: str) -> str:
    """The server's own reply says more than the reporting system, whose patience may just have ended (x.4.7)."""
    replies: list[str] = _REPLY_AND_STATUS.findall(diagnostic)
    telling = [reply for reply in replies if not _VAGUE.match(reply)]
    if telling:
        return telling[-1]
    if stated and not stated.endswith(".0.0"):
        return stated
    return (replies[0] if replies else "") or prose.status_in(diagnostic) or stated


def _groups(parsed: Parsed) -> list[dict[str, str]]:
    """Return the fields of each recipient (RFC 3464 section 2.3), names in lower case."""
    parts = [file.data for file in parsed.attachments if file.content_type in _REPORTS]
    report = b"\n\n".join(parts)[:200_000].decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n")
    groups = []
    for block in _GROUPS.split(report)[:500]:
        fields: dict[str, str] = {}
        for match in _FIELD.finditer(block):
            fields.setdefault(match[1].lower(), match[2])
        if fields:
            groups.append(fields)
    return groups
