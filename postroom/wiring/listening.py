"""The port to serve on: taken before anything else is done, with a sentence when it cannot be had."""

import errno
import os
import socket

from postroom.wiring.environment import Settings


class CannotListen(Exception):
    """The address or port cannot be had; the sentence says what to do."""


def listen(host: str, port: int) -> socket.socket:
    """Return a listening socket; port 0 takes a free one. CannotListen says why not."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except (socket.gaierror, UnicodeError) as error:
        raise CannotListen(
            f"{host!r} is no address of this machine ({error}). Check --host or POSTROOM_HOST."
        ) from None
    listening = socket.socket(family, kind, protocol)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(1024)
    except OSError as error:
        listening.close()
        raise CannotListen(_sentence(error, host=host, port=port)) from None
    return listening


def inherited_or(settings: Settings, *, any_port: bool) -> socket.socket:
    """Return the supervisor's socket, or a new one as the settings say."""
    if handed := os.environ.pop("POSTROOM_INTERNAL_LISTEN", ""):
        return socket.socket(fileno=int(handed))
    return listen(settings.host, 0 if any_port else settings.port)


def url(settings: Settings, listening: socket.socket) -> str:
    """Return the address to open in a browser on this machine, or the one the team uses when it is set."""
    if settings.base_url:
        return settings.base_url
    host = "127.0.0.1" if settings.host in ("0.0.0.0", "::", "") else settings.host  # noqa: S104  (compared, not bound)
    return f"http://{f'[{host}]' if ':' in host else host}:{listening.getsockname()[1]}"


def _sentence(error: OSError, *, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} on {host} is in use, perhaps by another Postroom. Stop that one, or choose another --port."
    if error.errno in (errno.EACCES, errno.EPERM):
        return f"Port {port} on {host} may not be used by this account. Choose a --port above 1023."
    if error.errno == errno.EADDRNOTAVAIL:
        return f"{host} is no address of this machine. Check --host or POSTROOM_HOST."
    return f"Port {port} on {host} cannot be used: {error.strerror}. Choose another --host or --port."
