from django.db import transaction

from postroom.core.accounts.models import Mailbox, Signature, User
from postroom.core.audit.write import write
from postroom.core.events.actor import Actor
from postroom.core.events.kinds.staff import SignatureChanged
from postroom.core.events.record import record
from postroom.lib.text import storable

_LONGEST = 5000


def set_signature(person: User, *, mailbox: Mailbox, text: str, by: Actor) -> bool:
    """Say how a person signs in one mailbox; empty is the mailbox's own signature again. False when it was so."""
    text = storable(text).strip()[:_LONGEST]
    with transaction.atomic():
        old = signature_of(person, mailbox_id=mailbox.pk)
        if (old or "") == text:
            return False
        if text:
            Signature.objects.update_or_create(user=person, mailbox=mailbox, defaults={"text": text})
        else:
            Signature.objects.filter(user=person, mailbox=mailbox).delete()
        write(
            "person.signature",
            by=by,
            subject=f"person:{person.pk}",
            subject_name=person.name,
            mailbox_id=mailbox.pk,
            before={"own": old is not None},
            after={"own": bool(text)},
        )
        record(SignatureChanged(address=mailbox.address, user_id=person.pk), by=by, mailbox_id=mailbox.pk)
    return True


def signature_of(person: User, *, mailbox_id: int) -> str | None:
    """Return how a person signs in a mailbox; None when as everybody does."""
    rows = Signature.objects.filter(user=person, mailbox=mailbox_id)
    return rows.values_list("text", flat=True).first()
