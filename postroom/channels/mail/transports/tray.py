"""The demo's way out: the mail is kept and shown, and leaves nowhere."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from postroom.channels.mail.build import subject_line
from postroom.channels.mail.models import TrayMail
from postroom.channels.mail.transports.smtp import Envelope
from postroom.core.conversations.models import Message
from postroom.core.storage import blobs
from postroom.lib import clock


def lay_in_tray(message: Message, raw: bytes, envelope: Envelope, *, before_data: Callable[[], None]) -> str:
    """Keep the mail as it would have left; laid in twice it is there once. Return the words for the agent."""
    digest = blobs().put(raw)
    before_data()
    TrayMail.objects.get_or_create(
        message_id=message.pk,
        defaults={
            "mailbox": message.conversation.mailbox,
            "digest": digest,
            "envelope_from": envelope.sender,
            "envelope_to": list(envelope.recipients),
            "subject": subject_line(message),
            "at": clock.now(),
        },
    )
    return _("Laid in the mail tray.")
