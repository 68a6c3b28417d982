"""Network addresses: which one a request comes from, and whether it is in a list of networks."""

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

# More proxies than this in a row, and somebody is only making us read.
_MOST_HOPS = 32


def address(text: str) -> Address | None:
    """Return the address that the text is, None for none.

    Some proxies write a port behind it, IPv6 in brackets or a zone; an IPv4 address in IPv6's clothes is the former.
    """
    bare = text.strip().strip('"')
    if bare.startswith("["):
        bare = bare[1:].partition("]")[0]
    elif bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        found = ip_address(bare.partition("%")[0])
    except ValueError:
        return None
    return found.ipv4_mapped or found if isinstance(found, IPv6Address) else found


def network(text: str) -> Network:
    """Return the network that the text is, in CIDR form or one address; ValueError says that it is none."""
    found = ip_network(text.strip(), strict=False)
    if isinstance(found, IPv6Network) and found.prefixlen >= 96 and found.network_address.ipv4_mapped:
        return IPv4Network((found.network_address.ipv4_mapped, found.prefixlen - 96))
    return found


def within(one: Address | None, networks: Iterable[Network]) -> bool:
    """Tell whether an address is in one of the networks; nobody's address is in none."""
    return one is not None and any(one.version == net.version and one in net for net in networks)


def client(peer: str, forwarded: str, *, trusted: Sequence[Network]) -> str:
    """Return whose request it is: the peer's, or the last address in X-Forwarded-For that no trusted proxy has.

    Read from the right, since each proxy adds at the end what it saw and whatever is left of that anybody can write.
    Empty when there is no address at all.
    """
    found = address(peer)
    if found is None:
        return ""
    hops = forwarded.split(",")[-_MOST_HOPS:] if forwarded else []
    while hops and within(found, trusted):
        before = address(hops.pop())
        if before is None:
            # "unknown", or nonsense: what lies left of it is no better.
            break
        found = before
    return str(found)


def counted_as(ip: str) -> str:
    """Return the network that tries are counted by: an IPv6 customer has a whole /64, an IPv4 one an address."""
    found = address(ip)
    if isinstance(found, IPv6Address):
        return str(IPv6Network((found, 64), strict=False))
    return str(found or "")


def neighbourhood(ip: str) -> str:
    """Return the network that a person is known from: a /24 or a /64, since providers hand out others of it daily."""
    found = address(ip)
    if found is None:
        return ""
    return str(network(f"{found}/{24 if found.version == 4 else 64}"))
