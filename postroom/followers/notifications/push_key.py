"""The keys by which push services know this Postroom: made once, the private one sealed."""

from django.conf import settings

from postroom.core.accounts.models import Mailbox
from postroom.followers.notifications.models import PushKey
from postroom.lib import web_push
from postroom.lib.sealing import seal, unseal


def public_key() -> str:
    """Return what browsers subscribe with, as URL-safe base64."""
    return _row().public


def private_key() -> str:
    """Return what signs; SealBroken when it was sealed with another key."""
    return unseal(_row().sealed_private, key=settings.POSTROOM_KEY)


def contact() -> str:
    """Return whom a push service may turn to about us (RFC 8292, 2.1): some refuse to work for nobody."""
    if settings.POSTROOM_BASE_URL.startswith("https:"):
        return str(settings.POSTROOM_BASE_URL)
    address = Mailbox.objects.order_by("pk").values_list("address", flat=True).first()
    return f"mailto:{address or 'postroom@localhost'}"


def _row() -> PushKey:
    found = PushKey.objects.filter(pk=1).first()
    if found is None:
        private = web_push.new_private()
        public = web_push.encoded(web_push.point(web_push.private_key(private)))
        fresh = {"sealed_private": seal(private, key=settings.POSTROOM_KEY), "public": public}
        # Of two who make one at once, the first one's counts.
        found, _is_new = PushKey.objects.get_or_create(pk=1, defaults=fresh)
    return found
