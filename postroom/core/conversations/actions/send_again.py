from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext as _

from postroom.core.conversations.allowed import must_answer
from postroom.core.conversations.models import Message
from postroom.core.conversations.models.delivery import BOUNCED, TURNED_AWAY, WAITING
from postroom.core.conversations.models.message import DEFERRED, QUEUED, SENT
from postroom.core.events.actor import Actor
from postroom.core.events.kinds import ReplySentAgain
from postroom.core.events.record import record
from postroom.lib import clock
from postroom.lib.addresses import normalize

# Those who are known not to have it. A delayed mail is still on its way.
WITHOUT_IT = (TURNED_AWAY, BOUNCED)


class HasIt(Exception):
    """Nothing was sent: one of them has the reply, or was never written to."""

    def __init__(self, email: str) -> None:
        super().__init__(
            _("%(email)s is not among those who did not get this reply, so nothing was sent again.") % {"email": email}
        )


def send_again_to(message: Message, emails: Collection[str], *, by: Actor) -> bool:
    """Send the same mail, under the same Message-ID, to those of its recipients who did not get it, and to them only.

    HasIt when one of them is none of these. False when the reply is on its way, or never left.
    """
    wanted = {normalize(email) for email in emails}
    conversation = message.conversation
    must_answer(conversation.mailbox_id, by=by)
    with transaction.atomic():
        # Whoever changes this row first decides; a worker that claims it then finds the recipients below.
        left = Message.objects.filter(pk=message.pk, delivery__in=(SENT, DEFERRED), sent_at__isnull=False)
        if not wanted or not left.update(delivery=QUEUED, send_after=clock.now(), attempts=0, delivery_words=""):
            return False
        rows = message.deliveries.filter(email__in=wanted, state__in=WITHOUT_IT)
        if missing := wanted - set(rows.values_list("email", flat=True)):
            raise HasIt(min(missing))
        rows.update(state=WAITING)
        message.delivery = QUEUED
        record(
            ReplySentAgain(),
            by=by,
            mailbox_id=conversation.mailbox_id,
            conversation_id=conversation.pk,
            message_id=message.pk,
        )
    return True
