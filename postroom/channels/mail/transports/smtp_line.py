"""A signed-in SMTP connection, TLS as asked for and never less."""

import base64
import smtplib
import socket
import ssl
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from django.utils.translation import gettext as _

from postroom.channels.mail.models import NO_TLS, STARTTLS, TLS
from postroom.channels.mail.server_settings import ServerSettings
from postroom.channels.mail.transports import tls
from postroom.channels.mail.transports.failures import connection_sentence, said
from postroom.channels.mail.transports.smtp_talk import Nonsense, SmtpTalk, SmtpTlsTalk
from postroom.channels.mail.transports.xoauth2 import first_answer

# Connecting, TLS and signing in together may take so many times as long as one answer.
_TALK = 3


class SmtpTrouble(Exception):
    """The server could not be used; `lasting` when trying again without a change would end the same way."""

    def __init__(self, sentence: str, *, lasting: bool) -> None:
        super().__init__(sentence)
        self.lasting = lasting


def open_line(server: ServerSettings, *, seconds: float) -> SmtpTalk:
    """Return a connection that may send; SmtpTrouble with a sentence, and the server's own words where it said any.

    `seconds` is how long each answer may take.
    """
    try:
        line = _connect(server, seconds)
        try:
            _secure(line, server)
            _sign_in(line, server)
        except BaseException:
            line.close()
            raise
    except smtplib.SMTPResponseException as refusal:
        raise _refused(server, refusal.smtp_code, refusal.smtp_error) from refusal
    except smtplib.SMTPServerDisconnected as error:
        raise _broken(server, ConnectionResetError(str(error))) from error
    except Nonsense as error:
        raise _nonsense(server, error) from error
    except smtplib.SMTPException as error:
        raise _refused(server, 0, str(error)) from error
    except UnicodeError as error:
        raise _broken(server, socket.gaierror(str(error))) from error
    except OSError as error:
        raise _broken(server, error) from error
    return line


@dataclass(frozen=True)
class Encryption:
    """How a line is encrypted: "TLSv1.3", or empty without; and until when the server's certificate is good."""

    version: str
    until: datetime | None


def look(server: ServerSettings, *, seconds: float) -> Encryption:
    """Greet the server, without signing in, and return how the line is encrypted; SmtpTrouble as in `open_line`."""
    line = open_line(replace(server, username="", password="", token=""), seconds=seconds)
    try:
        if not isinstance(line.sock, ssl.SSLSocket):
            return Encryption("", None)
        ends = (line.sock.getpeercert() or {}).get("notAfter")
        until = datetime.fromtimestamp(ssl.cert_time_to_seconds(ends), UTC) if isinstance(ends, str) else None
        return Encryption(line.sock.version() or "", until)
    finally:
        line.leave()


def largest_mail(line: SmtpTalk) -> int | None:
    """Return what the server said of the largest mail it takes, in bytes (RFC 1870); None when it said nothing."""
    announced = line.esmtp_features.get("size", "").split(" ")[0]
    # Zero means that there is no fixed limit.
    return int(announced) or None if announced.isascii() and announced.isdigit() and len(announced) < 19 else None


def _connect(server: ServerSettings, seconds: float) -> SmtpTalk:
    whole = _TALK * seconds
    if server.security == TLS:
        context = tls.context()
        return SmtpTlsTalk(server.host, server.port, own_name(), seconds=seconds, allowed=whole, context=context)
    return SmtpTalk(server.host, server.port, own_name(), seconds=seconds, allowed=whole)


def _secure(line: SmtpTalk, server: ServerSettings) -> None:
    code, words = line.ehlo()
    if 400 <= code < 500:
        raise smtplib.SMTPHeloError(code, words)
    line.ehlo_or_helo_if_needed()
    if server.security != STARTTLS:
        return
    if not line.has_extn("starttls"):
        # Going on in clear text would give the password to whoever took the offer out of the answer.
        raise SmtpTrouble(
            _("%(host)s does not offer STARTTLS on port %(port)s, so nothing was sent. Choose TLS and its port.")
            % {"host": server.host, "port": server.port},
            lasting=True,
        )
    line.secure(tls.context(), host=server.host)
    code, words = line.ehlo()
    if code != 250:
        raise smtplib.SMTPHeloError(code, words)


def _sign_in(line: SmtpTalk, server: ServerSettings) -> None:
    if not server.username:
        return
    if not line.has_extn("auth"):
        raise SmtpTrouble(
            _("%(host)s asks for no user name on port %(port)s. Leave it empty, or use the port 587 or 465.")
            % {"host": server.host, "port": server.port},
            lasting=True,
        )
    if server.token:
        _sign_in_with_token(line, server)
        return
    if (server.username + server.password).isascii():
        line.login(server.username, server.password)
        return
    # smtplib knows ASCII passwords only; RFC 4616 wants UTF-8.
    token = base64.b64encode(f"\0{server.username}\0{server.password}".encode()).decode()
    code, words = line.docmd("AUTH", f"PLAIN {token}")
    if code != 235:
        raise smtplib.SMTPAuthenticationError(code, words)


def _sign_in_with_token(line: SmtpTalk, server: ServerSettings) -> None:
    if server.security == NO_TLS:
        raise SmtpTrouble(_("A sign-in at a provider is only told over TLS. Choose TLS or STARTTLS."), lasting=True)
    code, words = line.docmd("AUTH", f"XOAUTH2 {first_answer(server)}")
    if code == 334:
        # The reason of a refusal; the refusal itself comes after an empty line.
        code, words = line.docmd("")
    if code != 235:
        raise smtplib.SMTPAuthenticationError(code, words)


def _refused(server: ServerSettings, code: int, words: bytes | str) -> SmtpTrouble:
    """Most refusals at the door are of the password: RFC 4954 names 535, 534 and 538, and 530 when one is missing."""
    about = {"host": server.host, "code": code, "words": said(words), "user": server.username}
    if code in (530, 534, 535, 538) and server.token:
        sentence = _(
            "The server at %(host)s did not let us in as %(user)s with the provider's token (%(code)s %(words)s). Is "
            "it the right account, and may it use SMTP? Sign in at the provider again."
        )
    elif code in (530, 534, 535, 538):
        sentence = _(
            "The server at %(host)s refused the user name or password (%(code)s %(words)s). Type them again in the "
            "mailbox's settings; some providers want a password made for programs."
        )
    else:
        sentence = _("The server at %(host)s would not let us send (%(code)s %(words)s).")
    return SmtpTrouble(sentence % about, lasting=not 400 <= code < 500)


def _broken(server: ServerSettings, error: OSError) -> SmtpTrouble:
    return SmtpTrouble(connection_sentence(error, host=server.host, port=server.port), lasting=False)


def _nonsense(server: ServerSettings, error: Nonsense) -> SmtpTrouble:
    # Something in between may be confused for a while, so it is tried again.
    return SmtpTrouble(
        _("What answers at %(host)s on port %(port)s does not speak SMTP (%(words)s). Check the port.")
        % {"host": server.host, "port": server.port, "words": said(str(error))},
        lasting=False,
    )


def own_name() -> str:
    """Return what we call ourselves in EHLO; getfqdn() may wait long for a name server."""
    name = socket.gethostname()
    return name if "." in name else "[127.0.0.1]"
