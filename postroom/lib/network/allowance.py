"""Which hosts inside our own network requests may go to all the same: those that the owner has named.

This storey knows no settings and no database: wiring says once where the list is kept.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from ipaddress import ip_network

from postroom.lib.network.addresses import Address, parsed

_NAME = re.compile(r"(?=.{1,253}\Z)[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*")

Ask = Callable[[], Iterable[str]]


class _Source:
    ask: Ask = staticmethod(lambda: ())


_for_now: ContextVar[frozenset[str]] = ContextVar("allowed_for_now", default=frozenset())


def kept_in(ask: Ask) -> None:
    """Say who knows the list; it is asked whenever a host turns out to be inside."""
    _Source.ask = staticmethod(ask)


@contextmanager
def allowing(host: str) -> Iterator[None]:
    """Allow one host for what is done inside: somebody who may allow it tries it out first."""
    token = _for_now.set(_for_now.get() | {host.lower()})
    try:
        yield
    finally:
        _for_now.reset(token)


def is_allowed(host: str, port: int, address: Address) -> bool:
    """Tell whether the owner has allowed this host by its name, its address or a network; each with or without port."""
    # In turn, so that the database is asked last and only when nothing nearer says yes.
    return any(_fits(entry, host, port, address) for entries in (_for_now.get, _Source.ask) for entry in entries())


def entry_problem(entry: str) -> str:
    """Return what is wrong with a host that somebody wants to allow; empty when it can be used."""
    named, _port = _split(entry.strip().lower())
    if "/" in named:
        try:
            ip_network(named, strict=False)
        except ValueError:
            return "This is no network. It looks like 192.168.1.0/24."
    elif parsed(named) is None and not _NAME.fullmatch(named):
        return "This is no host. It looks like mail.lan, mail.lan:993 or 192.168.1.7."
    return ""


def _fits(entry: str, host: str, port: int, address: Address) -> bool:
    named, only = _split(entry.strip().lower())
    if only is not None and only != port:
        return False
    if named == host.lower().rstrip("."):
        return True
    if "/" in named:
        try:
            network = ip_network(named, strict=False)
        except ValueError:
            return False
        return network.version == address.version and address in network
    return parsed(named) == address


def _split(entry: str) -> tuple[str, int | None]:
    """Return host and port of `mail.lan:993` or `[fd00::1]:993`; no port for an address with several colons."""
    host, colon, port = entry.rpartition(":")
    if colon and port.isascii() and port.isdigit() and (":" not in host or host.endswith("]")):
        return host.strip("[]"), int(port)
    return entry.strip("[]"), None
