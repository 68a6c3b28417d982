"""A signed-in IMAP connection, TLS as asked for and never less."""

import contextlib
import re

from django.utils.translation import gettext as _
from imapclient.exceptions import IMAPClientError, LoginError

from postroom.channels.mail.models import NO_TLS, STARTTLS, TLS
from postroom.channels.mail.server_settings import ServerSettings
from postroom.channels.mail.transports import tls
from postroom.channels.mail.transports.failures import ServerTrouble, connection_sentence, said
from postroom.channels.mail.transports.imap_wire import Line, NoNumbering, sense

# RFC 5530, and what is said without a code: the password is not to blame.
_NOT_NOW = re.compile(
    r"UNAVAILABLE|INUSE|\[LIMIT\]|SERVERBUG|[Tt]oo many|[Tt]emporar|[Ss]imultaneous|try again", re.ASCII
)
_BYTES = re.compile(r"""^b(['"])(.*)\1$""", re.DOTALL)


class ImapTrouble(ServerTrouble):
    """The IMAP server could not be used."""


def open_line(server: ServerSettings, *, seconds: float) -> Line:
    """Return a signed-in connection whose every wait ends after `seconds`; ImapTrouble with a sentence."""
    try:
        with sense():
            line = Line(
                server.host,
                port=server.port,
                ssl=server.security == TLS,
                ssl_context=tls.context() if server.security == TLS else None,
                timeout=seconds,
            )
    except (OSError, IMAPClientError) as error:
        raise trouble(error, server) from error
    try:
        with sense():
            _secure(line, server)
            _sign_in(line, server)
    except (OSError, IMAPClientError) as error:
        close_line(line)
        raise trouble(error, server) from error
    except ImapTrouble:
        close_line(line)
        raise
    return line


def close_line(line: Line) -> None:
    """Say goodbye; where nobody hears it any more, just hang up."""
    try:
        with sense():
            line.logout()
    except (IMAPClientError, OSError):
        with contextlib.suppress(OSError):
            line.shutdown()


def trouble(error: Exception, server: ServerSettings) -> ImapTrouble:
    """Return what went wrong on the line, in a sentence."""
    if isinstance(error, OSError):
        return ImapTrouble(connection_sentence(error, host=server.host, port=server.port))
    if isinstance(error.__cause__, UnicodeError) and "idna" in str(error.__cause__):
        return ImapTrouble(connection_sentence(error.__cause__, host=server.host, port=server.port))
    if "EOF" in str(error) or "socket error" in str(error):
        return ImapTrouble(connection_sentence(ConnectionResetError(), host=server.host, port=server.port))
    where = {"host": server.host, "words": own_words(error)}
    if isinstance(error, LoginError) and server.token and not _NOT_NOW.search(str(error)):
        return ImapTrouble(_taken_back(server, own_words(error)), refused=True)
    if isinstance(error, LoginError) and not _NOT_NOW.search(str(error)):
        return ImapTrouble(
            _(
                "%(host)s refused the user name or password (%(words)s). Type them again; some providers want a "
                "password made for programs."
            )
            % where,
            refused=True,
        )
    if isinstance(error, LoginError):
        return ImapTrouble(
            _("%(host)s cannot let us in just now (%(words)s). Nothing is lost, and it will be tried again.") % where
        )
    return ImapTrouble(_("%(host)s answered with an error: %(words)s.") % where)


def _taken_back(server: ServerSettings, words: str) -> str:
    return _(
        "%(host)s did not let us in as %(user)s with the provider's token (%(words)s). Is it the right account, and "
        "may it use IMAP? Sign in at the provider again."
    ) % {"host": server.host, "user": server.username, "words": words}


def own_words(error: Exception) -> str:
    """Return the server's words without what the libraries put around them."""
    text = str(error)
    bare = _BYTES.match(text)
    return said(bare[2] if bare else text).rstrip(".")


def folder_trouble(error: Exception, server: ServerSettings, folder: str) -> ImapTrouble:
    """Return the sentence for a folder that could not be opened."""
    if isinstance(error, NoNumbering):
        return ImapTrouble(
            _(
                "%(host)s gives the mails in %(folder)s no lasting numbers (UIDVALIDITY), so that nobody could tell "
                "what is here already. Fetch this account by POP3."
            )
            % {"host": server.host, "folder": folder}
        )
    return ImapTrouble(
        _("%(host)s let us in, but has no folder called %(folder)s (%(words)s). Check its name.")
        % {"host": server.host, "folder": folder, "words": own_words(error)}
    )


def _secure(line: Line, server: ServerSettings) -> None:
    if server.security != STARTTLS:
        return
    if not line.has_capability("STARTTLS"):
        # Going on in clear text would give the password to whoever took the offer out of the answer.
        raise ImapTrouble(
            _("%(host)s does not offer STARTTLS on port %(port)s, so no password was sent. Choose TLS and its port.")
            % {"host": server.host, "port": server.port}
        )
    line.starttls(tls.context())
    if not line.is_encrypted():
        # Not to happen; but a password is not sent on trust in a library.
        raise ImapTrouble(_("%(host)s did not begin TLS, so no password was sent.") % {"host": server.host})


def _sign_in(line: Line, server: ServerSettings) -> None:
    if server.token and server.security == NO_TLS:
        raise ImapTrouble(_("A sign-in at a provider is only told over TLS. Choose TLS or STARTTLS."))
    if server.token:
        line.oauth2_login(server.username, server.token)
        return
    if server.security == NO_TLS and line.has_capability("LOGINDISABLED"):
        raise ImapTrouble(_("%(host)s takes no password without TLS. Choose TLS or STARTTLS.") % {"host": server.host})
    if (server.username + server.password).isascii():
        line.login(server.username, server.password)
    else:
        # LOGIN knows ASCII only; RFC 4616 wants UTF-8.
        token = f"\0{server.username}\0{server.password}".encode()
        line.sasl_login("PLAIN", lambda _challenge: token)
