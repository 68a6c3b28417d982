"""From which networks people may come."""

from collections.abc import Iterable

from postroom.core.accounts.models import SecurityPolicy
from postroom.lib.networks import Network, address, network, within
from postroom.lib.rows import find


def is_allowed(ip: str) -> bool:
    """Tell whether somebody at this address may come in; everybody may while no network is named.

    Asked for each request, by the primary key, so that a change counts at once in every process.
    """
    found = find(SecurityPolicy, ("allow_list",), id=1)
    return found is None or not found[0] or is_in(ip, found[0])


def is_in(ip: str, allowed: Iterable[str]) -> bool:
    """Tell whether the address is in one of these networks."""
    return within(address(ip), _read(allowed))


def _read(allowed: Iterable[str]) -> list[Network]:
    return [network(str(one)) for one in allowed]
