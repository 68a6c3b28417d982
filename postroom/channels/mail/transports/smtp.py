"""Hand a mail to an SMTP server, and know for sure what became of it, or say that nobody knows."""

import re
import smtplib
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from postroom.channels.mail.server_settings import ServerSettings
from postroom.channels.mail.sizes import too_large_for
from postroom.channels.mail.transports.failures import said
from postroom.channels.mail.transports.smtp_line import SmtpTrouble, largest_mail, open_line
from postroom.channels.mail.transports.smtp_talk import SmtpTalk
from postroom.core.conversations.models.delivery import TAKEN, TURNED_AWAY, WAITING
from postroom.core.outbox.outcomes import Answer, Deferred, Handed, NotSent, Refused, Uncertain

# Together well below the outbox's lease, which another worker respects: until DATA, and from DATA on.
SECONDS = 40
_SECONDS_TO_NAME = 120
_SECONDS_FOR_DATA = 270
# RFC 5321 4.5.3.2.6 allows the server ten minutes to think after the mail; half of that keeps us inside the lease.
SECONDS_AFTER_DATA = 280

_LINE_ENDS = re.compile(rb"\r\n|\r|\n")
_LEADING_DOT = re.compile(rb"^\.", re.MULTILINE)
_STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}\b")


class ServerUnusable(Exception):
    """Nothing was said about the mail yet: another server may be tried at once. `end` is how it ends without one."""

    def __init__(self, end: NotSent) -> None:
        super().__init__(str(end))
        self.end = end


@dataclass(frozen=True)
class Envelope:
    """From whom and to whom, as the server is told; hidden copies are here and nowhere else."""

    sender: str
    recipients: tuple[str, ...]


@dataclass(frozen=True)
class SmtpTransport:
    """The way out through one SMTP server. `told_size` hears the largest mail it takes, None when it does not say."""

    server: ServerSettings
    told_size: Callable[[int | None], None] = lambda _size: None

    def send(self, raw: bytes, envelope: Envelope, *, before_data: Callable[[], None]) -> Handed:
        """Return the server's words and what it said of each recipient.

        ServerUnusable before the mail was begun; else Deferred, Refused or Uncertain with a sentence that holds the
        server's words.
        """
        try:
            line = open_line(self.server, seconds=SECONDS)
        except SmtpTrouble as trouble:
            raise ServerUnusable((Refused if trouble.lasting else Deferred)(str(trouble))) from trouble
        try:
            self._check_size(line, len(raw))
            line.allow(_SECONDS_TO_NAME)
            answers = self._address(line, envelope, raw)
            before_data()
            return Handed(self._hand_over(line, raw, answers) + self._left_out(answers), answers)
        finally:
            line.leave()

    def _check_size(self, line: SmtpTalk, size: int) -> None:
        """See that nothing too large is begun."""
        limit = largest_mail(line)
        self.told_size(limit)
        if limit and size > limit:
            raise ServerUnusable(Refused(too_large_for(self.server.host, size=size, limit=limit)))

    def _address(self, line: SmtpTalk, envelope: Envelope, raw: bytes) -> tuple[Answer, ...]:
        """Name sender and recipients; return what was said of each. Deferred or Refused when none was taken."""
        options = self._mail_options(line, envelope, raw)
        try:
            code, words = line.mail(envelope.sender, options)
            if code != 250:
                raise self._refusal(code, words)
            answers = tuple(self._name(line, recipient) for recipient in envelope.recipients)
        except (smtplib.SMTPException, OSError) as error:
            # So far nobody has the mail, and this server cannot be talked to.
            raise ServerUnusable(Deferred(self._broken(error))) from error
        if not any(answer.state == TAKEN for answer in answers):
            sentence = _("%(host)s takes no mail for: %(named)s.") % self._named(answers)
            waits = any(answer.state == WAITING for answer in answers)
            raise (Deferred if waits else Refused)(sentence, answers=answers)
        return answers

    def _name(self, line: SmtpTalk, recipient: str) -> Answer:
        code, words = line.rcpt(recipient)
        if code == 421:
            raise smtplib.SMTPServerDisconnected(said(words))
        state = TAKEN if code in (250, 251, 252) else WAITING if code < 500 else TURNED_AWAY
        status = _STATUS.match(said(words))
        return Answer(recipient, state, status[0] if status else "", f"{code} {said(words)}")

    def _mail_options(self, line: SmtpTalk, envelope: Envelope, raw: bytes) -> list[str]:
        options = [f"SIZE={len(raw)}"] if line.has_extn("size") else []
        # RFC 6531 3.1: also where only a header names such an address, as in a second try for the others.
        if not (raw.isascii() and "".join((envelope.sender, *envelope.recipients)).isascii()):
            if not line.has_extn("smtputf8"):
                raise ServerUnusable(
                    Refused(
                        _("%(host)s does not take addresses with letters beyond a to z.") % {"host": self.server.host}
                    )
                )
            line.command_encoding = "utf-8"
            options.append("SMTPUTF8")
            if line.has_extn("8bitmime"):
                options.append("BODY=8BITMIME")
        return options

    def _hand_over(self, line: SmtpTalk, raw: bytes, answers: tuple[Answer, ...]) -> str:
        # Those who were turned away are so whatever comes next; all others have been promised nothing yet.
        turned_away = tuple(answer for answer in answers if answer.state != TAKEN)
        line.allow(_SECONDS_FOR_DATA, each=SECONDS * 2)
        try:
            code, words = line.docmd("DATA")
            if code != 354:
                raise self._refusal(code, words, answers=turned_away)
            line.send(_stuffed(raw))
        except (smtplib.SMTPException, OSError) as error:
            # Without the final dot no server may take the mail (RFC 5321 4.1.1.4): it can be sent again.
            raise Deferred(self._broken(error), answers=turned_away) from error
        try:
            line.allow(SECONDS_AFTER_DATA, each=SECONDS_AFTER_DATA)
            line.send(b".\r\n")
            code, words = line.getreply()
        except (smtplib.SMTPException, OSError) as error:
            raise Uncertain(
                _(
                    "The line to %(host)s went dead after the mail was handed over, before the server's answer. It may "
                    "have arrived or not. Ask the customer, or send it again."
                )
                % {"host": self.server.host},
                answers=turned_away,
            ) from error
        if not 200 <= code < 300:
            raise self._refusal(code, words, answers=turned_away)
        return f"{code} {said(words)}"

    def _refusal(self, code: int, words: bytes, *, answers: tuple[Answer, ...] = ()) -> NotSent:
        about = {"host": self.server.host, "code": code, "words": said(words)}
        if code < 500:
            return Deferred(_("%(host)s put the mail off (%(code)s %(words)s).") % about, answers=answers)
        return Refused(_("%(host)s refused the mail (%(code)s %(words)s).") % about, answers=answers)

    def _left_out(self, answers: tuple[Answer, ...]) -> str:
        others = tuple(answer for answer in answers if answer.state != TAKEN)
        return " " + _("%(host)s did not take it for: %(named)s.") % self._named(others) if others else ""

    def _named(self, answers: tuple[Answer, ...]) -> dict[str, str]:
        named = ", ".join(f"{answer.email} ({answer.words})" for answer in answers)
        return {"host": self.server.host, "named": named}

    def _broken(self, error: Exception) -> str:
        return _("The line to %(host)s broke before the mail was handed over (%(why)s).") % {
            "host": self.server.host,
            "why": said(str(error)),
        }


def _stuffed(raw: bytes) -> bytes:
    """Return the mail with CRLF line ends and its leading dots doubled (RFC 5321 4.5.2), ready for the final dot."""
    lines = _LEADING_DOT.sub(b"..", _LINE_ENDS.sub(b"\r\n", raw))
    return lines if lines.endswith(b"\r\n") else lines + b"\r\n"
