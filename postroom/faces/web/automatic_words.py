"""What a machine's mail is called on its message."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from postroom.core.conversations import automatic

# Codes of postroom.core.conversations.automatic; "auto" and "bulk" are how older rows say it.
AUTOMATIC_WORDS: dict[str, Promise] = {
    automatic.BOUNCE: _("not delivered"),
    automatic.DELAY: _("delayed"),
    automatic.DELIVERED: _("delivery report"),
    automatic.RECEIPT: _("read receipt"),
    automatic.AWAY: _("out of office"),
    automatic.CHALLENGE: _("asks for proof"),
    automatic.AUTOREPLY: _("automatic answer"),
    automatic.GENERATED: _("automatic"),
    automatic.LIST: _("mailing list"),
    automatic.NEWSLETTER: _("newsletter"),
    automatic.COMPLAINT: _("complaint"),
    automatic.LOOP: _("came back"),
    "auto": _("automatic"),
    "bulk": _("newsletter"),
}
