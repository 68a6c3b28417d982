import hashlib

from django.db import transaction
from django.db.models import QuerySet

from postroom.core.accounts.models import User
from postroom.core.accounts.models.session import Session
from postroom.followers.notifications.models import PushDevice
from postroom.lib import clock
from postroom.lib.http import is_private_enough
from postroom.lib.text import one_line
from postroom.lib.web_push import Keys, are_good

# Of one person; whoever has more forgot some, and the oldest go.
_MOST = 20
_LONGEST = 2000


class NoSuchDevice(Exception):
    """What a browser gave is no subscription: no https address, or no key."""


def add_device(user: User, session: Session | None, *, endpoint: str, keys: Keys) -> bool:
    """Let a browser be told, or keep its new keys; True when it is new. NoSuchDevice.

    A browser in which somebody else signed in is theirs from then on.
    """
    if (
        session is None
        or not is_private_enough(endpoint)
        or len(endpoint) > _LONGEST
        or not endpoint.isascii()
        or not are_good(keys)
    ):
        raise NoSuchDevice
    fields = {
        "user": user,
        "session": session,
        "endpoint": endpoint,
        "p256dh": keys.p256dh,
        "auth": keys.auth,
        "device": one_line(session.device, length=200),
        "problem": "",
    }
    with transaction.atomic():
        # What was on its way to the person before stays theirs: it goes with the row.
        PushDevice.objects.filter(digest=_digest(endpoint)).exclude(user=user).delete()
        fresh = {**fields, "created_at": clock.now()}
        _row, is_new = PushDevice.objects.update_or_create(
            digest=_digest(endpoint), defaults=fields, create_defaults=fresh
        )
        kept = PushDevice.objects.filter(user=user).order_by("-pk").values_list("pk", flat=True)
        PushDevice.objects.filter(pk__in=list(kept[_MOST:])).delete()
    return is_new


def remove_device(user: User, *, device_id: int = 0, endpoint: str = "") -> bool:
    """Tell a browser of this person no more, by its number or its own address; False when it was not told."""
    rows = PushDevice.objects.filter(user=user)
    rows = rows.filter(pk=device_id) if device_id else rows.filter(digest=_digest(endpoint))
    return rows.delete()[0] > 0


def devices_of(user: User) -> QuerySet[PushDevice]:
    """Return the browsers in which this person is told, the newest first."""
    return PushDevice.objects.filter(user=user, session__expire_date__gt=clock.now()).order_by("-pk")


def _digest(endpoint: str) -> str:
    return hashlib.sha256(endpoint.encode(errors="replace")).hexdigest()
