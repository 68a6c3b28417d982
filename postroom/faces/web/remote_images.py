"""Addresses under which we fetch a mail's remote images ourselves, once its reader has asked for them."""

import base64
import binascii

from django.core.signing import BadSignature, Signer
from django.urls import reverse

from postroom.lib import clock

_SIGNER = Signer(salt="postroom.remote-image")
# Addresses of one half day are the same, so that the browser's copy can be used.
_PERIOD = 12 * 60 * 60
# Longer ones are somebody's payload; browsers and proxies refuse them, too.
_LONGEST = 4000


def address(url: str) -> str:
    """Return where we serve this image from, good for 12 to 24 hours; empty for an address that is too long.

    The signature is what makes it no open door: only what stood in a mail of ours is fetched.
    """
    if len(url) > _LONGEST:
        return ""
    ends = (int(clock.now().timestamp()) // _PERIOD + 2) * _PERIOD
    words = base64.urlsafe_b64encode(url.encode("utf-8", "replace")).decode().rstrip("=")
    return reverse("remote-image", args=[_SIGNER.sign(f"{ends}.{words}")])


def read(token: str) -> str:
    """Return the image's own address; empty when the token is not ours or too old."""
    try:
        ends, words = _SIGNER.unsign(token).split(".")
        if int(ends) < clock.now().timestamp():
            return ""
        return base64.urlsafe_b64decode(words + "=" * (-len(words) % 4)).decode()
    except (BadSignature, ValueError, binascii.Error):
        return ""
