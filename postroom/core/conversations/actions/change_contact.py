from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from postroom.core.accounts.models import Mailbox, User
from postroom.core.conversations.actions.moving import MovedSince, held
from postroom.core.conversations.allowed import must_answer
from postroom.core.conversations.models import MERGED, ChosenContact, Contact, Conversation, Participant
from postroom.core.events.actor import Actor
from postroom.core.events.kinds import ContactChanged
from postroom.core.events.record import record
from postroom.lib import clock
from postroom.lib.addresses import is_address, normalize
from postroom.lib.text import one_line


class ContactRefused(Exception):
    """The customer stays who they are; the text says why, for the person who asked."""


class NoAddress(ContactRefused):
    def __init__(self, typed: str) -> None:
        words = _("“%(address)s” is not a mail address. Nothing was changed. It looks like ann@example.org.")
        super().__init__(words % {"address": typed[:100]})


class OwnAddress(ContactRefused):
    def __init__(self, address: str) -> None:
        words = _("%(address)s is a mailbox of yours. Nothing was changed. Type a customer’s address.")
        super().__init__(words % {"address": address})


def change_contact(conversation: Conversation, *, email: str, by: Actor, name: str = "") -> bool:
    """Let the conversation be with somebody else from now on; False when it is with them. Its opposite is itself.

    Later replies go to the new one by default, and never to the one before, who still may write: their mail joins as
    before. A new address makes a contact. ContactRefused for what is no customer's address.
    """
    must_answer(conversation.mailbox_id, by=by)
    address = normalize(email)[:254]
    if not is_address(address):
        raise NoAddress(email.strip())
    if Mailbox.objects.filter(address=address).exists():
        raise OwnAddress(address)
    now = clock.now()
    with transaction.atomic():
        row = held(conversation.pk)[conversation.pk]
        if row.status == MERGED:
            raise MovedSince
        former = row.contact
        contact, _made = Contact.objects.get_or_create(
            email=address, defaults={"name": one_line(name, length=200), "created_at": now}
        )
        if contact.pk == former.pk:
            return False
        person = by if isinstance(by, User) else None
        ChosenContact.objects.update_or_create(conversation=row, defaults={"contact": contact, "by": person, "at": now})
        Conversation.objects.filter(pk=row.pk).update(contact=contact)
        _exchange(row, former=former, contact=contact, at=now)
        said = ContactChanged(email=address, former=former.email, contact_id=contact.pk, former_id=former.pk)
        record(said, by=by, mailbox_id=row.mailbox_id, conversation_id=row.pk)
    conversation.contact = contact
    return True


def _exchange(conversation: Conversation, *, former: Contact, contact: Contact, at: datetime) -> None:
    for one, dropped in ((former, at), (contact, None)):
        email = normalize(one.email)[:254]
        Participant.objects.update_or_create(conversation=conversation, email=email, defaults={"dropped_at": dropped})
