"""Whose mail this is: from an address to one of our mailboxes."""

from collections.abc import Iterator

from postroom.core.accounts.models import Mailbox
from postroom.lib.addresses import normalize
from postroom.lib.text import storable


def find_mailbox(address: str) -> Mailbox | None:
    """Return the mailbox of this address; `support+anything@` is `support@` unless it has a mailbox of its own."""
    names = list(_names(normalize(storable(address.strip().strip("<>")))))
    found = {mailbox.address: mailbox for mailbox in Mailbox.objects.filter(address__in=names)}
    return next((found[name] for name in names if name in found), None)


def _names(address: str) -> Iterator[str]:
    local, at, domain = address.rpartition("@")
    if not at:
        return
    plain = local.partition("+")[0]
    for name in dict.fromkeys((local, plain or local)):
        for spelling in dict.fromkeys((domain, _ascii(domain), _unicode(domain))):
            yield f"{name}@{spelling}"


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
