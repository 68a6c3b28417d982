"""From which networks people may come."""

from collections.abc import Iterable

from postroom.core.accounts.models import SecurityPolicy
from postroom.lib.networks import Network, address, network, within


def is_allowed(ip: str) -> bool:
    """Tell whether somebody at this address may come in; everybody may while no network is named.

    Asked for each request, by the primary key, so that a change counts at once in every process.
    """
    named = SecurityPolicy.objects.filter(pk=1).order_by().values_list("allow_list", flat=True).first()
    return not named or is_in(ip, named)


def is_in(ip: str, allowed: Iterable[str]) -> bool:
    """Tell whether the address is in one of these networks."""
    return within(address(ip), _read(allowed))


def _read(allowed: Iterable[str]) -> list[Network]:
    return [network(str(one)) for one in allowed]
