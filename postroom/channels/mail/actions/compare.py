from django.db import transaction

from postroom.channels.mail import censuses
from postroom.channels.mail.noted import note_mailbox
from postroom.core.accounts.models import Mailbox
from postroom.core.conversations.allowed import must_answer
from postroom.core.events.actor import Actor
from postroom.core.events.kinds import CensusAsked
from postroom.core.events.record import record


def compare(mailbox: Mailbox, *, fetch: bool, by: Actor) -> bool:
    """Have the mailbox's servers counted at once, and with `fetch` what is missing fetched; the worker does it.

    False when no mail is fetched from anywhere, so that there is nothing to compare with.
    """
    must_answer(mailbox.pk, by=by)
    with transaction.atomic():
        sources = list(mailbox.sources.filter(active=True))
        for source in sources:
            censuses.ask(source, fetch=fetch)
        if not sources:
            return False
        note_mailbox("mailbox.compared", mailbox, by=by, after={"fetch": fetch})
        record(CensusAsked(address=mailbox.address, fetch=fetch), by=by, mailbox_id=mailbox.pk)
    return True
