from django.db import transaction

from postroom.channels.mail.models import PARKED, QUARANTINED, STORED, IncomingMail
from postroom.channels.mail.noted import note_mail
from postroom.core.conversations.allowed import must_answer
from postroom.core.events.actor import Actor
from postroom.core.events.kinds import MailReadAgain
from postroom.core.events.record import record


def retry(mail: IncomingMail, *, by: Actor) -> bool:
    """Let the worker read a quarantined or parked mail again, with as many tries as a new one.

    It is read in the worker, where a mail that kills its reader kills nobody's page. What could not be read keeps its
    message, and what it says now goes there. False when it waits or is filed already.
    """
    must_answer(mail.mailbox_id, by=by)
    with transaction.atomic():
        outside = IncomingMail.objects.filter(pk=mail.pk, state__in=(QUARANTINED, PARKED))
        if not outside.update(state=STORED, attempts=0, leased_until=None, reason="", problem=""):
            return False
        note_mail("ledger_mail.read_again", mail, by=by)
        record(
            MailReadAgain(mail_id=mail.pk),
            by=by,
            mailbox_id=mail.mailbox_id,
            conversation_id=mail.conversation_id,
            message_id=mail.message_id,
        )
    return True
