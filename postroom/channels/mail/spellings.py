"""One address, two ways to write its domain: `bücher.example` is `xn--bcher-kva.example` (RFC 5890)."""

from functools import lru_cache

from postroom.lib.addresses import normalize
from postroom.lib.text import storable


@lru_cache(maxsize=1024)
def spellings(address: str) -> tuple[str, ...]:
    """Return the address, compared-ready, in each way its domain may be written; nothing when it is no address."""
    local, at, domain = normalize(storable(address)).rpartition("@")
    if not at:
        return ()
    return tuple(f"{local}@{one}" for one in dict.fromkeys((domain, _ascii(domain), _unicode(domain))))


def _ascii(domain: str) -> str:
    try:
        return domain.encode("idna").decode()
    except UnicodeError:
        return domain


def _unicode(domain: str) -> str:
    try:
        return domain.encode("ascii").decode("idna")
    except UnicodeError:
        return domain
