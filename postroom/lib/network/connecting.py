"""The one way to another machine that a person or a mail can name: looked up once, checked, and held to that address.

Between a look-up that was checked and a second one for the connection, the name's owner could point it at our own
network. So the address that was checked is the one that is called.
"""

import errno
import socket
import time

from postroom.lib.network.addresses import is_outside, parsed
from postroom.lib.network.allowance import is_allowed


class Inside(OSError):
    """The host lies inside our own network, and its owner has not allowed it. Nothing was sent there."""

    def __init__(self, host: str, address: str) -> None:
        super().__init__(errno.EACCES, "this address is inside our own network")
        self.host = host
        self.address = address


def connect(host: str, port: int, *, seconds: float) -> socket.socket:
    """Return a connection to the first address that answers; `seconds` for all of them together, and for each wait.

    Raises Inside when an address of the host is inside and not allowed, socket.gaierror for an unknown name,
    TimeoutError, and OSError for what else a network can do.
    """
    until = time.monotonic() + seconds
    last: OSError | None = None
    for family, kind, protocol, where in permitted(host, port):
        left = until - time.monotonic()
        if left <= 0:
            break
        line = socket.socket(family, kind, protocol)
        try:
            line.settimeout(left)
            line.connect(where)
            line.settimeout(seconds)
        except OSError as error:
            line.close()
            last = error
        else:
            return line
    raise last or TimeoutError("timed out")


def permitted(host: str, port: int) -> list[tuple[int, int, int, tuple[str, int]]]:
    """Look a name up and return what `socket` and `connect` want for each address; Inside if one may not be called.

    One forbidden address among several is enough: a name that points both ways is somebody's trick.
    """
    found = []
    for family, kind, protocol, _name, where in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        address = parsed(str(where[0]))
        if address is None or not (is_outside(address) or is_allowed(host, port, address)):
            raise Inside(host, str(where[0]))
        found.append((family, kind, protocol, where))
    return found  # type: ignore[return-value]  # AF_INET6 has two more parts in `where`
