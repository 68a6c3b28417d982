from django.db import transaction
from django.utils.translation import gettext as _

from postroom.core.accounts.models import SecurityPolicy
from postroom.core.audit.write import write
from postroom.core.events.actor import Actor
from postroom.lib.network.allowance import entry_problem

MOST_HOSTS = 200


class HostRefused(Exception):
    """A host could not be allowed; the sentence says why."""


def allow_host(entry: str, *, by: Actor) -> bool:
    """Let requests go to a host inside our own network: `mail.lan`, `mail.lan:993` or `192.168.1.0/24`.

    False when it was allowed already; HostRefused when it is no host.
    """
    entry = entry.strip().lower()
    if entry_problem(entry):
        raise HostRefused(_("This is no host. It looks like mail.lan, mail.lan:993 or 192.168.1.0/24."))
    with transaction.atomic():
        kept = _locked()
        if entry in kept.allowed_hosts:
            return False
        if len(kept.allowed_hosts) >= MOST_HOSTS:
            raise HostRefused(_("That are too many hosts. Allow a network instead, like 192.168.1.0/24."))
        _change(kept, [*kept.allowed_hosts, entry], by=by)
    return True


def forbid_host(entry: str, *, by: Actor) -> bool:
    """Take the leave back; connections that are open now go on. False when it was not allowed."""
    with transaction.atomic():
        kept = _locked()
        if entry not in kept.allowed_hosts:
            return False
        _change(kept, [other for other in kept.allowed_hosts if other != entry], by=by)
    return True


def _locked() -> SecurityPolicy:
    SecurityPolicy.objects.get_or_create(pk=1)
    return SecurityPolicy.objects.select_for_update().get(pk=1)


def _change(kept: SecurityPolicy, hosts: list[str], *, by: Actor) -> None:
    write(
        "security.hosts",
        by=by,
        subject="policy:1",
        before={"allowed_hosts": list(kept.allowed_hosts)},
        after={"allowed_hosts": hosts},
    )
    SecurityPolicy.objects.filter(pk=1).update(allowed_hosts=hosts)
