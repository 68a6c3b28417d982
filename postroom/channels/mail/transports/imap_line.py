"""A signed-in IMAP connection, TLS as asked for and never less."""

import contextlib
import re
import socket

from django.utils.translation import gettext as _
from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError, LoginError

from postroom.channels.mail.models import NO_TLS, STARTTLS, TLS
from postroom.channels.mail.server_settings import ServerSettings
from postroom.channels.mail.transports import tls
from postroom.channels.mail.transports.failures import connection_sentence, said

_BYTES = re.compile(r"""^b(['"])(.*)\1$""", re.DOTALL)


class ImapTrouble(Exception):
    """The server could not be used; the sentence says why and how to mend it."""


def open_line(server: ServerSettings, *, seconds: float) -> IMAPClient:
    """Return a signed-in connection whose every wait ends after `seconds`; ImapTrouble with a sentence."""
    try:
        line = IMAPClient(
            server.host,
            port=server.port,
            ssl=server.security == TLS,
            ssl_context=tls.context() if server.security == TLS else None,
            timeout=seconds,
        )
    except (OSError, UnicodeError, IMAPClientError) as error:
        raise trouble(error, server) from error
    try:
        _secure(line, server)
        _sign_in(line, server)
    except (OSError, UnicodeError, IMAPClientError) as error:
        close_line(line)
        raise trouble(error, server) from error
    except ImapTrouble:
        close_line(line)
        raise
    return line


def close_line(line: IMAPClient) -> None:
    """Say goodbye; where nobody hears it any more, just hang up."""
    try:
        line.logout()
    except (IMAPClientError, OSError):
        with contextlib.suppress(OSError):
            line.shutdown()


def trouble(error: Exception, server: ServerSettings) -> ImapTrouble:
    """Return what went wrong on the line, in a sentence."""
    if isinstance(error, LoginError):
        return ImapTrouble(
            _(
                "%(host)s refused the user name or password (%(words)s). Type them again; some providers want a "
                "password made for programs."
            )
            % {"host": server.host, "words": own_words(error)}
        )
    if isinstance(error, OSError) and not isinstance(error, UnicodeError):
        return ImapTrouble(connection_sentence(error, host=server.host, port=server.port))
    if isinstance(error, UnicodeError):
        return ImapTrouble(connection_sentence(_no_such_name(error), host=server.host, port=server.port))
    if "EOF" in str(error) or "socket error" in str(error):
        return ImapTrouble(connection_sentence(ConnectionResetError(), host=server.host, port=server.port))
    return ImapTrouble(
        _("%(host)s answered with an error: %(words)s.") % {"host": server.host, "words": own_words(error)}
    )


def own_words(error: Exception) -> str:
    """Return the server's words without what the libraries put around them."""
    text = str(error)
    bare = _BYTES.match(text)
    return said(bare[2] if bare else text).rstrip(".")


def folder_trouble(error: Exception, server: ServerSettings, folder: str) -> ImapTrouble:
    """Return the sentence for a folder that could not be opened."""
    return ImapTrouble(
        _("%(host)s let us in, but has no folder called %(folder)s (%(words)s). Check its name.")
        % {"host": server.host, "folder": folder, "words": own_words(error)}
    )


def _secure(line: IMAPClient, server: ServerSettings) -> None:
    if server.security != STARTTLS:
        return
    if not line.has_capability("STARTTLS"):
        # Going on in clear text would give the password to whoever took the offer out of the answer.
        raise ImapTrouble(
            _("%(host)s does not offer STARTTLS on port %(port)s, so no password was sent. Choose TLS and its port.")
            % {"host": server.host, "port": server.port}
        )
    line.starttls(tls.context())


def _sign_in(line: IMAPClient, server: ServerSettings) -> None:
    if server.security == NO_TLS and line.has_capability("LOGINDISABLED"):
        raise ImapTrouble(_("%(host)s takes no password without TLS. Choose TLS or STARTTLS.") % {"host": server.host})
    if (server.username + server.password).isascii():
        line.login(server.username, server.password)
    else:
        # LOGIN knows ASCII only; RFC 4616 wants UTF-8.
        token = f"\0{server.username}\0{server.password}".encode()
        line.sasl_login("PLAIN", lambda _challenge: token)


def _no_such_name(error: UnicodeError) -> OSError:
    return socket.gaierror(str(error))
