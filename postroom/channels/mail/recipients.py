"""Whose mail this is: from an address to one of our mailboxes."""

from postroom.channels.mail.spellings import spellings
from postroom.core.accounts.models import Mailbox


def find_mailbox(address: str) -> Mailbox | None:
    """Return the mailbox of this address; `support+anything@` is `support@` unless it has a mailbox of its own."""
    local, _at, domain = address.strip().strip("<>").rpartition("@")
    plain = local.partition("+")[0] or local
    names = [*spellings(f"{local}@{domain}"), *spellings(f"{plain}@{domain}")]
    found = {mailbox.address: mailbox for mailbox in Mailbox.objects.filter(address__in=names)}
    return next((found[name] for name in names if name in found), None)
