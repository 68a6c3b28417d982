"""Hand a mail to an SMTP server, and know for sure what became of it, or say that nobody knows."""

import contextlib
import re
import smtplib
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from postroom.channels.mail.server_settings import ServerSettings
from postroom.channels.mail.transports.failures import said
from postroom.channels.mail.transports.smtp_line import SmtpTrouble, open_line
from postroom.core.outbox.outcomes import Deferred, NotSent, Refused, Uncertain

# Well below the outbox's lease, which another worker respects.
SECONDS = 60
# RFC 5321 4.5.3.2.6 allows the server ten minutes to think after the mail; half of that keeps us inside the lease.
SECONDS_AFTER_DATA = 280

_LINE_ENDS = re.compile(rb"\r\n|\r|\n")
_LEADING_DOT = re.compile(rb"^\.", re.MULTILINE)


@dataclass(frozen=True)
class Envelope:
    """From whom and to whom, as the server is told; hidden copies are here and nowhere else."""

    sender: str
    recipients: tuple[str, ...]


@dataclass(frozen=True)
class SmtpTransport:
    """The way out through one SMTP server."""

    server: ServerSettings

    def send(self, raw: bytes, envelope: Envelope, *, before_data: Callable[[], None]) -> str:
        """Return the server's own words; Deferred, Refused or Uncertain with a sentence that holds them."""
        try:
            line = open_line(self.server, seconds=SECONDS)
        except SmtpTrouble as trouble:
            raise (Refused if trouble.lasting else Deferred)(str(trouble)) from trouble
        try:
            left_out = self._address(line, envelope, size=len(raw))
            before_data()
            return self._hand_over(line, raw) + left_out
        finally:
            with contextlib.suppress(smtplib.SMTPException, OSError):
                if line.sock:
                    line.sock.settimeout(5)
                    line.quit()
            line.close()

    def _address(self, line: smtplib.SMTP, envelope: Envelope, *, size: int) -> str:
        """Name sender and recipients; return a sentence about those that were not taken, empty when all were."""
        try:
            options = self._mail_options(line, envelope, size)
            code, words = line.mail(envelope.sender, options)
            if code != 250:
                raise self._refusal(code, words)
            refused: dict[str, tuple[int, str]] = {}
            for recipient in envelope.recipients:
                code, words = line.rcpt(recipient)
                if code not in (250, 251):
                    refused[recipient] = (code, said(words))
        except (smtplib.SMTPException, OSError) as error:
            raise Deferred(self._broken(error)) from error
        return self._judge(refused, everybody=len(envelope.recipients))

    def _mail_options(self, line: smtplib.SMTP, envelope: Envelope, size: int) -> list[str]:
        options = [f"SIZE={size}"] if line.has_extn("size") else []
        if not "".join((envelope.sender, *envelope.recipients)).isascii():
            if not line.has_extn("smtputf8"):
                raise Refused(
                    _("%(host)s does not take addresses with letters beyond a to z.") % {"host": self.server.host}
                )
            line.command_encoding = "utf-8"
            options.append("SMTPUTF8")
        return options

    def _judge(self, refused: dict[str, tuple[int, str]], *, everybody: int) -> str:
        named = ", ".join(f"{recipient} ({code} {words})" for recipient, (code, words) in refused.items())
        about = {"host": self.server.host, "named": named}
        if len(refused) < everybody:
            return " " + _("%(host)s did not take it for: %(named)s.") % about if refused else ""
        sentence = _("%(host)s takes no mail for: %(named)s.") % about
        lasting = all(code >= 500 for code, _words in refused.values())
        raise Refused(sentence) if lasting else Deferred(sentence)

    def _hand_over(self, line: smtplib.SMTP, raw: bytes) -> str:
        try:
            code, words = line.docmd("DATA")
            if code != 354:
                raise self._refusal(code, words)
            line.send(_stuffed(raw))
        except (smtplib.SMTPException, OSError) as error:
            # Without the final dot no server may take the mail (RFC 5321 4.1.1.4): it can be sent again.
            raise Deferred(self._broken(error)) from error
        try:
            if line.sock:
                line.sock.settimeout(SECONDS_AFTER_DATA)
            line.send(b".\r\n")
            code, words = line.getreply()
        except (smtplib.SMTPException, OSError) as error:
            raise Uncertain(
                _(
                    "The line to %(host)s went dead after the mail was handed over, before the server's answer. It may "
                    "have arrived or not. Ask the customer, or send it again."
                )
                % {"host": self.server.host}
            ) from error
        if code != 250:
            raise self._refusal(code, words)
        return f"{code} {said(words)}"

    def _refusal(self, code: int, words: bytes) -> NotSent:
        about = {"host": self.server.host, "code": code, "words": said(words)}
        if 400 <= code < 500:
            return Deferred(_("%(host)s put the mail off (%(code)s %(words)s).") % about)
        return Refused(_("%(host)s refused the mail (%(code)s %(words)s).") % about)

    def _broken(self, error: Exception) -> str:
        return _("The line to %(host)s broke before the mail was handed over (%(why)s).") % {
            "host": self.server.host,
            "why": said(str(error)),
        }


def _stuffed(raw: bytes) -> bytes:
    """Return the mail with CRLF line ends and its leading dots doubled (RFC 5321 4.5.2), ready for the final dot."""
    lines = _LEADING_DOT.sub(b"..", _LINE_ENDS.sub(b"\r\n", raw))
    return lines if lines.endswith(b"\r\n") else lines + b"\r\n"
