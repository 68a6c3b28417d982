"""Ask DNS, within a time that is short enough for somebody who waits."""

import ipaddress
import time
from collections.abc import Sequence
from typing import Any

import dns.exception
import dns.name
import dns.nameserver
import dns.resolver
import dns.reversename
from django.conf import settings

from postroom.channels.mail.wire import wire_domain

_EACH = 2.0
_MOST = 40


class NoAnswer(Exception):
    """No name server answered in time, or it said that it could not."""


class Names:
    """What stands in DNS. Nothing there is an empty list; NoAnswer when nobody says."""

    def __init__(self, resolver: dns.resolver.Resolver, *, seconds: float) -> None:
        self._resolver = resolver
        self._until = time.monotonic() + seconds

    def texts(self, name: str) -> list[str]:
        """Return the TXT records, their pieces joined (RFC 7208 3.3)."""
        return [b"".join(row.strings).decode("utf-8", "replace") for row in self._ask(name, "TXT")]

    def addresses(self, name: str) -> list[str]:
        """Return the IPv4 and IPv6 addresses of a host; a number is its own."""
        try:
            return [str(ipaddress.ip_address(name.strip("[]")))]
        except ValueError:
            return [row.to_text() for kind in ("A", "AAAA") for row in self._ask(name, kind)]

    def mail_servers(self, domain: str) -> list[str]:
        """Return the MX hosts, the preferred one first; "" for the domain that takes no mail (RFC 7505)."""
        rows = sorted(self._ask(domain, "MX"), key=lambda row: int(row.preference))
        return [row.exchange.to_text(omit_final_dot=True).lower().rstrip(".") for row in rows]

    def reverse(self, address: str) -> list[str]:
        """Return the names of an IP address."""
        name = dns.reversename.from_address(address).to_text()
        return [row.target.to_text(omit_final_dot=True).lower() for row in self._ask(name, "PTR")]

    def _ask(self, name: str, kind: str) -> list[Any]:
        left = self._until - time.monotonic()
        if left <= 0:
            raise NoAnswer(name)
        try:
            asked = dns.name.from_text(wire_domain(name.rstrip(".") + "."))
            answer = self._resolver.resolve(asked, kind, lifetime=min(left, _EACH), search=False)
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return []
        except (dns.name.NameTooLong, dns.name.LabelTooLong, dns.name.EmptyLabel, UnicodeError):
            return []
        except dns.exception.DNSException as error:
            raise NoAnswer(name) from error
        return list(answer)[:_MOST]


def names(*, seconds: float, servers: Sequence[str] = ()) -> Names:
    """Return the machine's name servers, or those of POSTROOM_DNS; `servers` are "address" or "address:port"."""
    chosen = [*(servers or settings.POSTROOM_DNS)]
    if not chosen:
        try:
            return Names(dns.resolver.Resolver(), seconds=seconds)
        except dns.resolver.NoResolverConfiguration:
            return Names(dns.resolver.Resolver(configure=False), seconds=seconds)
    resolver = dns.resolver.Resolver(configure=False)
    hosts = [server.rsplit(":", 1) if server.count(":") == 1 else [server, "53"] for server in chosen]
    resolver.nameservers = [dns.nameserver.Do53Nameserver(host, int(port)) for host, port in hosts]
    return Names(resolver, seconds=seconds)
