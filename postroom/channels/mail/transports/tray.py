"""The demo's way out: the mail is kept and shown, and leaves nowhere."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from postroom.channels.mail.models import TrayMail
from postroom.channels.mail.transports.smtp import Envelope
from postroom.core.accounts.models import Mailbox
from postroom.core.storage import blobs
from postroom.lib import clock


def lay_in_tray(
    mailbox: Mailbox, raw: bytes, envelope: Envelope, *, laid_as: int, subject: str, before_data: Callable[[], None]
) -> str:
    """Keep the mail as it would have left; laid in twice it is there once. Return the words for the agent.

    `laid_as` is the message's id; for a letter of Postroom's own its id with a minus.
    """
    digest = blobs().put(raw)
    before_data()
    TrayMail.objects.get_or_create(
        message_id=laid_as,
        defaults={
            "mailbox": mailbox,
            "digest": digest,
            "envelope_from": envelope.sender,
            "envelope_to": list(envelope.recipients),
            "subject": subject,
            "at": clock.now(),
        },
    )
    return _("Laid in the mail tray.")
