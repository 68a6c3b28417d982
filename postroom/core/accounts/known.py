"""Browsers and networks that a person has signed in from before."""

import hashlib
from datetime import timedelta

from postroom.core.accounts.models import DEVICE, NETWORK, KnownOrigin, User
from postroom.lib import addresses, clock
from postroom.lib.networks import neighbourhood
from postroom.lib.text import storable

# Somebody who was away for longer is told again.
REMEMBERED = timedelta(days=400)


def device_digest(token: str) -> str:
    """Return how the token of a browser's long-lived cookie is kept."""
    return hashlib.sha256(f"device:{token}".encode(errors="replace")).hexdigest()


def known_device(email: str, *, token: str) -> str:
    """Return the digest of this browser when this account was signed in to in it, else an empty string."""
    if not token:
        return ""
    digest = device_digest(token)
    rows = KnownOrigin.objects.filter(kind=DEVICE, digest=digest, last_at__gt=clock.now() - REMEMBERED)
    known = rows.filter(user__email=storable(addresses.normalize(email)), user__is_active=True)
    return digest if known.exists() else ""


def remember_origin(user: User, *, device: str, ip: str) -> bool:
    """Note that this person has signed in with this browser (its digest) from there.

    True when one of the two is new and the person had signed in before: that is worth telling. Inside a transaction.
    """
    now = clock.now()
    KnownOrigin.objects.filter(user=user, last_at__lte=now - REMEMBERED).delete()
    first_ever = not KnownOrigin.objects.filter(user=user).exists()
    network = hashlib.sha256(f"network:{neighbourhood(ip)}".encode()).hexdigest()
    new = False
    for kind, digest in ((DEVICE, device), (NETWORK, network)):
        row = {"kind": kind, "first_at": now, "last_at": now}
        known, made = KnownOrigin.objects.get_or_create(user=user, digest=digest, defaults=row)
        new = new or made
        if not made:
            KnownOrigin.objects.filter(pk=known.pk).update(last_at=now)
    return new and not first_ever
