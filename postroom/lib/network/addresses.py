"""Which network addresses are out there, and which are inside: this machine, its network, its provider's metadata."""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

# IPv6 prefixes in which an IPv4 address travels (RFC 6052, 8215, 3056): the address inside is the one that counts.
_NAT64 = (ip_network("64:ff9b::/96"), ip_network("64:ff9b:1::/48"))
_SIX_TO_FOUR = ip_network("2002::/16")
# Global by the registry's word, and yet no way out: metadata of clouds, and IPv4-compatible addresses of old.
_NEVER = (ip_network("100.100.100.200/32"), ip_network("168.63.129.16/32"), ip_network("::/96"))


def is_outside(address: Address) -> bool:
    """Tell whether this is an address of the open internet, and nothing hidden in one."""
    inner = _inner(address)
    if inner is not None:
        return is_outside(inner)
    if any(address in network for network in _NEVER if network.version == address.version):
        return False
    # `is_global` is false for private, loopback, link-local, carrier-grade NAT, documentation and reserved ones.
    if isinstance(address, IPv6Address) and address.is_site_local:
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def parsed(text: str) -> Address | None:
    """Return the address that this is, None for a name. A zone (fe80::1%eth0) does not make it another address."""
    try:
        return ip_address(text.strip("[]").partition("%")[0])
    except ValueError:
        return None


def _inner(address: Address) -> IPv4Address | None:
    if isinstance(address, IPv4Address):
        return None
    if address.ipv4_mapped:
        return address.ipv4_mapped
    if address in _SIX_TO_FOUR:
        return address.sixtofour
    if any(address in network for network in _NAT64):
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.teredo[1] if address.teredo else None
