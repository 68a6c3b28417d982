"""A web client that goes nowhere inside: every connection, of every redirect too, takes the one checked way."""

import socket
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError
from urllib3.poolmanager import PoolManager

from postroom.lib.network.connecting import Inside, connect

_CONNECT_SECONDS = 5.0
_MOST_REDIRECTS = 4


class _Checked:
    """What a connection of urllib3 does to reach its host; names and certificates are checked as ever."""

    host: str
    port: int
    _dns_host: str

    def _new_conn(self) -> socket.socket:
        try:
            line = connect(self._dns_host, self.port, seconds=_CONNECT_SECONDS)
        except socket.gaierror as error:
            raise NameResolutionError(self.host, self, error) from error  # type: ignore[arg-type]
        except TimeoutError as error:
            raise ConnectTimeoutError(self, "timed out") from error
        except OSError as error:
            raise NewConnectionError(self, str(error.strerror or error)) from error  # type: ignore[arg-type]
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return line


class _Plain(_Checked, HTTPConnection):
    pass


class _Tls(_Checked, HTTPSConnection):
    pass


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _Plain


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _Tls


class _Adapter(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        self.poolmanager = PoolManager(*args, **options)
        self.poolmanager.pool_classes_by_scheme = {"http": _PlainPool, "https": _TlsPool}


def session() -> requests.Session:
    """Return a session that refuses addresses inside our network, asks no proxy and no netrc, and keeps no cookies.

    A refused address is a `requests.ConnectionError` whose innermost cause is `Inside`.
    """
    made = requests.Session()
    # The environment's proxy would look the name up itself, out of our sight.
    made.trust_env = False
    made.max_redirects = _MOST_REDIRECTS
    for scheme in ("http://", "https://"):
        made.mount(scheme, _Adapter(max_retries=0))
    return made


def went_inside(error: BaseException) -> Inside | None:
    """Return the refusal that lies at the bottom of an error; None when it was something else."""
    seen: set[int] = set()
    inner: BaseException | None = error
    while inner is not None and id(inner) not in seen:
        if isinstance(inner, Inside):
            return inner
        seen.add(id(inner))
        inner = inner.__cause__ or inner.__context__
    return None
