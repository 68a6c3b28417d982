"""What goes wrong on the way to a mail server, in sentences that say how to mend it."""

import errno
import re
import socket
import ssl

from django.utils.translation import gettext as _

from postroom.lib.network.connecting import Inside
from postroom.lib.text import one_line

_TOO_OLD = re.compile("WRONG_VERSION_NUMBER|RECORD_LAYER_FAILURE|HTTP_REQUEST|UNEXPECTED_EOF|PACKET_LENGTH")


class ServerTrouble(Exception):
    """A mail account could not be used; the sentence says why and how to mend it.

    `refused`: it does not want our name or password, and asking often might lock the account.
    """

    def __init__(self, sentence: str, *, refused: bool = False) -> None:
        super().__init__(sentence)
        self.refused = refused


def connection_sentence(error: OSError | UnicodeError, *, host: str, port: int) -> str:
    """Return the sentence for a line that could not be opened, or that broke."""
    where = {"host": host, "port": port}
    if isinstance(error, Inside):
        return _inside(error)
    if isinstance(error, ssl.SSLCertVerificationError):
        return _certificate(error, where)
    if isinstance(error, ssl.SSLError):
        return _tls(error, where)
    if isinstance(error, socket.gaierror | UnicodeError):
        return _("There is no server called %(host)s. Check the name for a slip of the pen.") % where
    if isinstance(error, TimeoutError):
        return (
            _("%(host)s did not answer on port %(port)s in time. Check the port, and whether a firewall is in between.")
            % where
        )
    if isinstance(error, ConnectionRefusedError):
        return _("%(host)s is there, but nothing listens on port %(port)s. Check the port.") % where
    if error.errno in (errno.ENETUNREACH, errno.EHOSTUNREACH):
        return _("There is no way from this machine to %(host)s. Check its network connection.") % where
    if isinstance(error, ConnectionError):
        return (
            _("%(host)s closed the line on port %(port)s. Check port and security; some servers want TLS at once.")
            % where
        )
    return _("%(host)s cannot be reached on port %(port)s: %(why)s.") % {**where, "why": error.strerror or str(error)}


def said(words: bytes | str) -> str:
    """Return a server's own words as one line."""
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return one_line(text, length=500)


def _inside(error: Inside) -> str:
    return _(
        "%(host)s is a machine inside our own network (%(address)s). Nothing was sent there: an owner has to allow it "
        "first, in the settings under Security, Hosts."
    ) % {"host": error.host, "address": error.address}


def _certificate(error: ssl.SSLCertVerificationError, where: dict[str, object]) -> str:
    why = error.verify_message
    if "mismatch" in why.lower() or "not valid for" in why.lower():
        return (
            _(
                "The certificate that %(host)s shows is not made for this name. Use the name that your provider gives "
                "for its mail server."
            )
            % where
        )
    if "expired" in why.lower():
        return _("The certificate of %(host)s has expired. Its provider has to renew it.") % where
    return _(
        "The certificate of %(host)s is not trusted (%(why)s). If it is your own server, name its authority's file in "
        "POSTROOM_CA_FILE."
    ) % {**where, "why": why}


def _tls(error: ssl.SSLError, where: dict[str, object]) -> str:
    if _TOO_OLD.search(error.reason or ""):
        return (
            _("%(host)s does not speak TLS from the start on port %(port)s. Choose STARTTLS, or the port for TLS.")
            % where
        )
    return _("No TLS connection to %(host)s could be agreed on (%(why)s).") % {**where, "why": error.reason or error}
