"""Sign-ins that were refused: one entry a minute for each person and network, however often somebody tries.

What was typed as an address is not kept: it may be a password in the wrong field. Tries at nobody we know are counted
together, so that invented names fill no disk.
"""

from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network

from django.db import transaction
from django.db.models import F

from postroom.core.audit.models import AuditEntry, RefusedSignIn
from postroom.core.audit.origin import Origin, coming_from, present_origin
from postroom.core.audit.write import Values, write
from postroom.lib import clock
from postroom.lib.text import one_line

REFUSED = "sign_in.refused"
_MINUTE = timedelta(minutes=1)
_AT_ONCE = 200
# An attacker with a whole network of addresses fills no disk either: the rest of that minute is one entry.
_MOST_A_MINUTE = 200
_MANY = "many"
_MOST_TOLD = 50


def note_refusal(*, person_id: int | None) -> None:
    """Count a sign-in that was refused, from where the present request comes; None for nobody we know."""
    origin = present_origin()
    minute = clock.now().replace(second=0, microsecond=0)
    key = {"minute": minute, "ip": _network(origin.ip), "person_id": person_id or 0}
    with transaction.atomic():
        if not RefusedSignIn.objects.filter(**key).exists() and _crowded(minute):
            key |= {"ip": _MANY, "person_id": 0}
        RefusedSignIn.objects.get_or_create(**key, defaults={"device": one_line(origin.device, length=200)})
        RefusedSignIn.objects.filter(**key).update(n=F("n") + 1)


def tell_refusal(*, subject: str, after: Values) -> None:
    """Write a refused sign-in that says why; the next ones of that minute from there are only counted."""
    newest = AuditEntry.objects.filter(action=REFUSED).order_by("-id").values_list("at", "ip", "subject")
    since = clock.now() - _MINUTE
    lately = [(ip, about) for at, ip, about in newest[:_MOST_TOLD] if at >= since]
    if len(lately) == _MOST_TOLD or (present_origin().ip, subject) in lately:
        note_refusal(person_id=None)
    else:
        write(REFUSED, by=None, subject=subject, after=after)


def tell_of_refusals() -> None:
    """Write an entry for each count whose minute is over."""
    over = RefusedSignIn.objects.filter(minute__lte=clock.now() - _MINUTE).order_by("minute", "pk")
    if not over.exists():
        return
    with transaction.atomic():
        for row in over.select_for_update()[:_AT_ONCE]:
            with coming_from(Origin(ip=row.ip, device=row.device)):
                _tell(row)


def _tell(row: RefusedSignIn) -> None:
    told = f"person:{row.person_id}" if row.person_id else ""
    # The count goes with the entry, or neither does: two rounds at once tell it once.
    if RefusedSignIn.objects.filter(pk=row.pk).delete()[0]:
        minute = row.minute.isoformat(timespec="minutes")
        write(REFUSED, by=None, subject=told, after={"tries": row.n, "minute": minute})


def _crowded(minute: datetime) -> bool:
    return RefusedSignIn.objects.filter(minute=minute).count() >= _MOST_A_MINUTE


def _network(ip: str) -> str:
    """Return the address, of IPv6 its /64: one household has as many of those as it likes."""
    try:
        address = ip_address(ip)
    except ValueError:
        return one_line(ip, length=45)
    return str(address) if address.version == 4 else str(ip_network((int(address) >> 64 << 64, 64)))
