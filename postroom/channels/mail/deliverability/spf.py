"""Read a domain's SPF record and say whether a server may send for it (RFC 7208), as a receiver would."""

import ipaddress
import re
from dataclasses import dataclass, field

from postroom.channels.mail.deliverability.names import Names

# RFC 7208 4.6.4: a receiver gives up after so many look-ups, and the record then counts for nothing.
MOST_LOOKUPS = 10
_RESULTS = {"+": "pass", "-": "fail", "~": "softfail", "?": "neutral"}

_TERM = re.compile(r"([a-z][a-z0-9]*)(?::(.*?))?(/[0-9/]*)?", re.IGNORECASE | re.ASCII)

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class SpfError(Exception):
    """The record cannot be used; a code of what is wrong: several, lookups, syntax, loop."""


@dataclass
class Spf:
    """Looks at one domain; `includes` are the domains that its record includes, at any depth."""

    names: Names
    lookups: int = 0
    includes: set[str] = field(default_factory=set)

    def record(self, domain: str) -> str:
        """Return the domain's record, "" when it has none; SpfError when it has several."""
        found = [text for text in self.names.texts(domain) if text.lower() == "v=spf1" or text.lower()[:7] == "v=spf1 "]
        if len(found) > 1:
            raise SpfError("several")
        return found[0] if found else ""

    def judge(self, domain: str, address: str) -> str:
        """Return pass, fail, softfail, neutral or none for a server at this IP address."""
        self.lookups = 0
        return self._judge(domain.lower(), ipaddress.ip_address(address), depth=0)

    def _judge(self, domain: str, address: Address, *, depth: int) -> str:
        if depth > MOST_LOOKUPS:
            raise SpfError("loop")
        record = self.record(domain)
        if not record:
            return "none"
        redirect = ""
        for term in record.split()[1:]:
            name, equals, value = term.partition("=")
            if equals and ":" not in name and "/" not in name:
                redirect = value if name.lower() == "redirect" else redirect
                continue
            sign = term[0] if term[0] in _RESULTS else "+"
            if self._matches(term.lstrip("+-~?"), domain, address, depth=depth):
                return _RESULTS[sign]
        if not redirect:
            return "neutral"
        self._count()
        self.includes.add(redirect.lower())
        return self._judge(redirect.lower(), address, depth=depth + 1)

    def _matches(self, term: str, domain: str, address: Address, *, depth: int) -> bool:
        found = _TERM.fullmatch(term)
        if not found:
            raise SpfError("syntax")
        kind, value, prefix = found[1].lower(), found[2] or "", found[3] or ""
        if kind == "all":
            return True
        if kind in ("ip4", "ip6"):
            return _within(address, value + prefix)
        if kind not in ("include", "a", "mx", "exists", "ptr"):
            raise SpfError("syntax")
        self._count()
        target = value.lower().rstrip(".") or domain
        if "%" in target or kind in ("ptr", "exists"):
            # Macros depend on the single mail; ptr is not to be used any more (RFC 7208 5.5).
            return False
        if kind == "include":
            self.includes.add(target)
            inner = self._judge(target, address, depth=depth + 1)
            if inner == "none":
                raise SpfError("syntax")
            return inner == "pass"
        hosts = self.names.mail_servers(target)[:MOST_LOOKUPS] if kind == "mx" else [target]
        numbers = [one for host in hosts if host for one in self.names.addresses(host)]
        return any(_within(address, one + _prefix(prefix, one)) for one in numbers)

    def _count(self) -> None:
        self.lookups += 1
        if self.lookups > MOST_LOOKUPS:
            raise SpfError("lookups")


def _prefix(written: str, address: str) -> str:
    """Return the prefix for this address of a double one: /24//64 (RFC 7208 5.6)."""
    four, _both, six = written.partition("//")
    if ":" in address:
        return f"/{six}" if six else ""
    return four if len(four) > 1 else ""


def _within(address: Address, network: str) -> bool:
    try:
        wide = ipaddress.ip_network(network, strict=False)
    except ValueError:
        raise SpfError("syntax") from None
    return address.version == wide.version and address in wide
