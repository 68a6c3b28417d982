"""Which time zones there are, and which is a person's."""

import zoneinfo
from functools import lru_cache

from postroom.core.accounts.models import User

# In some systems' folders, and no places.
_NO_PLACES = frozenset({"Factory", "localtime", "posixrules", "build"})


@lru_cache(maxsize=1)
def time_zones() -> frozenset[str]:
    """Return all IANA names: read from the disk once."""
    return frozenset(zoneinfo.available_timezones()) - _NO_PLACES


def zone_of(person: User) -> zoneinfo.ZoneInfo | None:
    """Return a person's time zone; None for the installation's own, and for one that is not known here any more."""
    if not person.time_zone:
        return None
    try:
        return zoneinfo.ZoneInfo(person.time_zone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return None
