"""A signed-in POP3 connection, TLS as asked for and never less."""

import contextlib
import poplib
import re

from django.utils.translation import gettext as _

from postroom.channels.mail.models import NO_TLS, STARTTLS, TLS
from postroom.channels.mail.server_settings import ServerSettings
from postroom.channels.mail.transports import tls
from postroom.channels.mail.transports.failures import ServerTrouble, connection_sentence, said
from postroom.channels.mail.transports.pop_wire import Line
from postroom.channels.mail.transports.xoauth2 import first_answer

# RFC 2449 and RFC 3206: not the password's fault.
_NOT_NOW = re.compile(r"\[(IN-USE|LOGIN-DELAY|SYS/)|[Ll]ocked|[Tt]oo many|[Tt]emporar|try again")
_ERR = re.compile(r"^-ERR\s*")


class PopTrouble(ServerTrouble):
    """The POP3 server could not be used."""


def open_line(server: ServerSettings, *, seconds: float) -> Line:
    """Return a signed-in connection whose every wait ends after `seconds`; PopTrouble with a sentence."""
    try:
        context = tls.context() if server.security == TLS else None
        line = Line(server.host, server.port, seconds=seconds, context=context)
    except (OSError, UnicodeError, poplib.error_proto) as error:
        raise trouble(error, server) from error
    try:
        _secure(line, server)
        _sign_in(line, server)
    except (OSError, poplib.error_proto) as error:
        hang_up(line)
        raise trouble(error, server) from error
    except PopTrouble:
        hang_up(line)
        raise
    return line


def close_line(line: Line) -> None:
    """Say goodbye; only then the server deletes what was to be deleted."""
    try:
        line.quit()
    except (OSError, poplib.error_proto):
        hang_up(line)


def hang_up(line: Line) -> None:
    """Close the line without a word: nothing is deleted."""
    with contextlib.suppress(OSError):
        line.close()


def trouble(error: Exception, server: ServerSettings) -> PopTrouble:
    """Return what went wrong on the line, in a sentence."""
    if isinstance(error, OSError | UnicodeError):
        return PopTrouble(connection_sentence(error, host=server.host, port=server.port))
    return PopTrouble(
        _("%(host)s answered with an error: %(words)s.") % {"host": server.host, "words": own_words(error)}
    )


def own_words(error: Exception) -> str:
    """Return the server's words without what stands around them."""
    first = error.args[0] if error.args else ""
    return _ERR.sub("", said(first if isinstance(first, bytes | str) else str(error))).rstrip(".")


def _secure(line: Line, server: ServerSettings) -> None:
    if server.security != STARTTLS:
        return
    try:
        offered = "STLS" in line.capa()
    except poplib.error_proto:
        offered = False
    if not offered:
        # Going on in clear text would give the password to whoever took the offer out of the answer.
        raise PopTrouble(
            _("%(host)s does not offer STARTTLS on port %(port)s, so no password was sent. Choose TLS and its port.")
            % {"host": server.host, "port": server.port}
        )
    line.stls(tls.context())


def _sign_in(line: Line, server: ServerSettings) -> None:
    if server.security != NO_TLS and not line.is_encrypted:
        raise PopTrouble(_("%(host)s did not begin TLS, so no password was sent.") % {"host": server.host})
    if server.token and not line.is_encrypted:
        raise PopTrouble(_("A sign-in at a provider is only told over TLS. Choose TLS or STARTTLS."))
    try:
        if server.token:
            line.xoauth2(first_answer(server))
        else:
            line.user(server.username)
            line.pass_(server.password)
    except poplib.error_proto as error:
        raise _refusal(error, server) from error


def _refusal(error: poplib.error_proto, server: ServerSettings) -> PopTrouble:
    about = {"host": server.host, "words": own_words(error), "user": server.username}
    if _NOT_NOW.search(str(error)):
        return PopTrouble(
            _("%(host)s cannot let us in just now (%(words)s). Nothing is lost, and it will be tried again.") % about
        )
    if server.token:
        sentence = _(
            "%(host)s did not let us in as %(user)s with the provider's token (%(words)s). Is it the right account, "
            "and may it use POP? Sign in at the provider again."
        )
    else:
        sentence = _(
            "%(host)s refused the user name or password (%(words)s). Type them again; some providers want a "
            "password made for programs."
        )
    return PopTrouble(sentence % about, refused=True)
