"""Whose images from outside are shown."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from postroom.core.events.kinds.kind import Kind


@dataclass(frozen=True)
class ImagesTrusted(Kind):
    """From now on the images of this sender's mails to this mailbox are shown at once."""

    name = "images.trusted"
    sentence = _("lets images from %(email)s be shown")
    personal = frozenset({"email"})
    email: str


@dataclass(frozen=True)
class ImagesDistrusted(Kind):
    """They are held back again."""

    name = "images.distrusted"
    sentence = _("holds images from %(email)s back again")
    personal = frozenset({"email"})
    email: str
