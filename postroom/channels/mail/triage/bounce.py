"""Delivery reports: whom a mail did not reach, and whether it might yet (RFC 3464, and the prose of older systems)."""

import re
from dataclasses import dataclass

from postroom.channels.mail.parsed import Parsed
from postroom.channels.mail.subjects import is_forward_subject
from postroom.channels.mail.triage import bounce_prose as prose
from postroom.channels.mail.triage.failed import failed_recipients
from postroom.channels.mail.triage.fields import Fields, delivery_fields, fields_in_words, wrapped_fields
from postroom.channels.mail.triage.outcome import ACTIONS, Action, Outcome
from postroom.channels.mail.triage.sign import Sign, seen
from postroom.channels.mail.triage.status import status_in, status_of_fields
from postroom.core.conversations.automatic import BOUNCE

_SYSTEM = re.compile(
    r"(?i)^(?:mailer-?daemon|mail-?daemon|mdaemon|post_?master|(?:e\d+_)?smtp_mail_service|mail\.delivery|"
    r"maildelivery|mail-delivery"
    r"|symantec_antivirus|e500_smtp|imss)"
)
_SYSTEM_NAME = re.compile(r"(?i)mail delivery|mailer-?daemon|postmaster|system administrator|mail system")
_NO_REPLY = re.compile(r"(?i)^(?:no-?reply|do-?not-?reply)")
_MOST = 100


@dataclass(frozen=True, slots=True)
class Bounce:
    """What a delivery report says.

    `status` is an enhanced code (RFC 3463); x.0.0 when the report gives only its class, in words or by an SMTP reply.
    """

    recipients: tuple[str, ...]
    status: str
    diagnostic: str = ""
    outcomes: tuple[Outcome, ...] = ()

    @property
    def permanent(self) -> bool:
        """Whether the other side has given up on somebody for good."""
        if self.outcomes:
            return any(outcome.action == "failed" for outcome in self.outcomes)
        return not self.status.startswith("4")


def is_bounce(parsed: Parsed) -> Sign | None:
    """A delivery-status part, or a mail system's name together with the words of a failed delivery."""
    actions = {fields["action"].strip().lower() for fields in delivery_fields(parsed) if "action" in fields}
    report = parsed.content_type == "multipart/report"
    system = _is_from_a_system(parsed)
    if actions - {"delivered", "relayed", "expanded"}:
        # A person who sends such a report on has attached the part, too.
        sure = report or system or not is_forward_subject(parsed.subject)
        return Sign(BOUNCE, seen("Content-Type", "message/delivery-status"), sure=sure)
    if actions:
        return None
    if value := parsed.header("X-Failed-Recipients"):
        return Sign(BOUNCE, seen("X-Failed-Recipients", value))
    subject = prose.is_failure_subject(parsed.subject)
    if system and subject:
        return Sign(BOUNCE, seen("From", str(parsed.from_)))
    # The words are looked at last, and only where they matter: that costs more than all the rest.
    sent_back = _NO_REPLY.match(parsed.from_.email) is not None and _carries_a_mail(parsed)
    words = prose.human_part(parsed.text) if system or sent_back or subject else ""
    if not words or not prose.speaks_of_failure(words):
        return None
    if system:
        return Sign(BOUNCE, seen("From", str(parsed.from_)))
    if sent_back:
        return Sign(BOUNCE, seen("From", str(parsed.from_)), sure=False)
    if prose.is_technical(words):
        return Sign(BOUNCE, seen("Subject", parsed.subject), sure=False)
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
    words = prose.human_part(parsed.text)
    groups = [fields for fields in _groups(parsed, words) if _action(fields) != "delivered"]
    diagnostic = " ".join(next((one["diagnostic-code"] for one in groups if "diagnostic-code" in one), "").split())
    status = status_of_fields(groups, words=words) or prose.status_of(words, subject=parsed.subject)
    outcomes = tuple(_outcomes(groups, words=words)) or _told(parsed, words=words, status=status)
    recipients = dict.fromkeys(outcome.emails[0] for outcome in outcomes if outcome.emails)
    extra = prose.addresses_in(parsed.header("X-Failed-Recipients"))
    return Bounce(
        recipients=tuple(dict.fromkeys([*recipients, *extra]))[:_MOST],
        status=status,
        diagnostic=diagnostic[:1000],
        outcomes=outcomes[:_MOST],
    )


def delivered(parsed: Parsed) -> tuple[Outcome, ...]:
    """Return the recipients that a report says were reached."""
    groups = [fields for fields in delivery_fields(parsed) if _action(fields) == "delivered"]
    return tuple(_outcomes(groups, words=""))[:_MOST]


def _groups(parsed: Parsed, words: str) -> list[Fields]:
    return delivery_fields(parsed) or wrapped_fields(parsed) or fields_in_words(words)


def _outcomes(groups: list[Fields], *, words: str) -> list[Outcome]:
    outcomes = []
    for fields in groups:
        emails = _emails(fields)
        if emails:
            said = " ".join(fields.get("diagnostic-code", "").split())[:1000]
            status = status_of_fields([fields], words=words if len(groups) <= 2 else "")
            outcomes.append(Outcome(emails, _action(fields), status, said))
    return outcomes


def _told(parsed: Parsed, *, words: str, status: str) -> tuple[Outcome, ...]:
    """What prose says of those whom it names, or of somebody unnamed."""
    named = prose.addresses_in(parsed.header("X-Failed-Recipients")) or failed_recipients(parsed, words)
    action: Action = "delayed" if prose.still_tries(words, subject=parsed.subject) else "failed"
    if not named:
        return (Outcome((), action, status, prose.server_line(words)),)
    parts = _parts(named, words) if len(named) > 1 else {}
    return tuple(
        Outcome((email,), action, status_in(part) or status, prose.server_line(part))
        for email in named
        for part in (parts.get(email, words),)
    )


def _parts(named: list[str], words: str) -> dict[str, str]:
    """Return what is said behind each address, up to the next one."""
    lower = words.lower()
    places = sorted((lower.find(email), email) for email in named if email in lower)
    ends = [*(place for place, _email in places[1:]), len(words)]
    # Without any of them in the words there is one end too many.
    return {email: words[place:end] for (place, email), end in zip(places, ends, strict=False)}


def _action(fields: Fields) -> Action:
    return ACTIONS.get((fields.get("action", "failed").split() or ["failed"])[0].strip(";,").lower(), "failed")


def _emails(fields: Fields) -> tuple[str, ...]:
    """The address that we wrote to, before the other side rewrote it, where the report tells; then its other names."""
    found: list[str] = []
    for name in ("original-recipient", "final-recipient", "x-actual-recipient"):
        value = fields.get(name, "")
        found += prose.addresses_in(value.partition(";")[2] or value)[:1]
    return tuple(dict.fromkeys(found))
