"""A signed-in SMTP connection, TLS as asked for and never less."""

import base64
import smtplib
import socket

from django.utils.translation import gettext as _

from postroom.channels.mail.models import STARTTLS, TLS
from postroom.channels.mail.server_settings import ServerSettings
from postroom.channels.mail.transports import tls
from postroom.channels.mail.transports.failures import connection_sentence, said


class SmtpTrouble(Exception):
    """The server could not be used; `lasting` when trying again without a change would end the same way."""

    def __init__(self, sentence: str, *, lasting: bool) -> None:
        super().__init__(sentence)
        self.lasting = lasting


def open_line(server: ServerSettings, *, seconds: float) -> smtplib.SMTP:
    """Return a connection that may send; SmtpTrouble with a sentence, and the server's own words where it said any."""
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
    except smtplib.SMTPException as error:
        raise _refused(server, 0, str(error)) from error
    except UnicodeError as error:
        raise _broken(server, socket.gaierror(str(error))) from error
    except OSError as error:
        raise _broken(server, error) from error
    return line


def _connect(server: ServerSettings, seconds: float) -> smtplib.SMTP:
    if server.security == TLS:
        return smtplib.SMTP_SSL(server.host, server.port, _own_name(), timeout=seconds, context=tls.context())
    return smtplib.SMTP(server.host, server.port, _own_name(), timeout=seconds)


def _secure(line: smtplib.SMTP, server: ServerSettings) -> None:
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
    line.starttls(context=tls.context())
    line.ehlo()


def _sign_in(line: smtplib.SMTP, server: ServerSettings) -> None:
    if not server.username:
        return
    if not line.has_extn("auth"):
        raise SmtpTrouble(
            _("%(host)s asks for no user name on port %(port)s. Leave it empty, or use the port 587 or 465.")
            % {"host": server.host, "port": server.port},
            lasting=True,
        )
    if (server.username + server.password).isascii():
        line.login(server.username, server.password)
        return
    # smtplib knows ASCII passwords only; RFC 4616 wants UTF-8.
    token = base64.b64encode(f"\0{server.username}\0{server.password}".encode()).decode()
    code, words = line.docmd("AUTH", f"PLAIN {token}")
    if code != 235:
        raise smtplib.SMTPAuthenticationError(code, words)


def _refused(server: ServerSettings, code: int, words: bytes | str) -> SmtpTrouble:
    """Most refusals at the door are of the password: RFC 4954 names 535, 534 and 538, and 530 when one is missing."""
    about = {"host": server.host, "code": code, "words": said(words), "user": server.username}
    if code in (530, 534, 535, 538):
        sentence = _(
            "The server at %(host)s refused the user name or password (%(code)s %(words)s). Type them again in the "
            "mailbox's settings; some providers want a password made for programs."
        )
    else:
        sentence = _("The server at %(host)s would not let us send (%(code)s %(words)s).")
    return SmtpTrouble(sentence % about, lasting=not 400 <= code < 500)


def _broken(server: ServerSettings, error: OSError) -> SmtpTrouble:
    return SmtpTrouble(connection_sentence(error, host=server.host, port=server.port), lasting=False)


def _own_name() -> str:
    """Return what we call ourselves in EHLO; getfqdn() may wait long for a name server."""
    name = socket.gethostname()
    return name if "." in name else "[127.0.0.1]"
