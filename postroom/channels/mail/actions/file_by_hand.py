from dataclasses import replace

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from postroom.channels.mail.models import DUPLICATE, FILED, PARKED, QUARANTINED, IncomingMail
from postroom.channels.mail.noted import note_mail
from postroom.channels.mail.reading import read
from postroom.channels.mail.reasons import TAKEN_ANSWERS
from postroom.core.accounts.models import User
from postroom.core.conversations.actions.receive import receive
from postroom.core.conversations.allowed import must_answer
from postroom.core.conversations.beside import side_answered
from postroom.core.conversations.evidence import BY_HAND
from postroom.core.conversations.models import Conversation, Message
from postroom.core.events.kinds import MailFiledByHand, MailTakenBack
from postroom.core.events.record import record


class NotForHands(Exception):
    """The mail cannot be filed, or taken back, as it is; the sentence says why."""


def file_by_hand(mail: IncomingMail, *, conversation: Conversation | None = None, by: User) -> Message:
    """Put a parked mail or a duplicate into this conversation of the same mailbox, or into a new one.

    A quarantined mail has its message already and stays where it is. NotForHands when it is filed already.
    """
    must_answer(mail.mailbox_id, by=by)
    if mail.state == QUARANTINED and mail.message_id:
        return _leave_as_it_is(mail, by=by)
    if conversation is not None and conversation.mailbox_id != mail.mailbox_id:
        raise NotForHands(_("That conversation is in another mailbox. Nothing was changed."))
    # Read before the transaction: a mail may take a second to read.
    incoming = replace(read(mail).message, joined_by=BY_HAND, joined_detail=by.name)
    if conversation is not None:
        quoted = (incoming.in_reply_to, incoming.references)
        side = side_answered(*quoted, sender=incoming.sender.email, into=conversation.pk)
        incoming = replace(incoming, side_thread_id=side)
    with transaction.atomic():
        if not _outside(mail).update(state=FILED, leased_until=None):
            raise NotForHands(_("Somebody filed this mail just now. Look at it in its conversation."))
        message = receive(mailbox=mail.mailbox, mail=incoming, conversation=conversation)
        places = {"conversation_id": message.conversation_id, "message_id": message.pk}
        IncomingMail.objects.filter(pk=mail.pk).update(**places)
        note_mail("ledger_mail.filed", mail, by=by, conversation_id=message.conversation_id)
        _record(MailFiledByHand(mail_id=mail.pk), message, by=by)
    return message


def take_back(mail: IncomingMail, *, by: User) -> None:
    """Put a mail that was filed by hand outside again. NotForHands when its conversation holds more than it by now."""
    must_answer(mail.mailbox_id, by=by)
    with transaction.atomic():
        again = IncomingMail.objects.select_for_update(of=("self",)).filter(pk=mail.pk, state=FILED).first()
        message = Message.objects.filter(pk=(again.message_id if again else 0) or 0).first()
        if again is None or message is None or not filed_by_hand(again):
            raise NotForHands(_("This mail was not filed by hand. Nothing was changed."))
        if Conversation.objects.filter(pk=message.conversation_id, sensitive_since__isnull=False).exists():
            # Outside of it everybody on the mailbox would see it.
            raise NotForHands(_("Its conversation is sensitive, so it stays there. Nothing was changed."))
        if Message.objects.filter(conversation=message.conversation_id).exclude(pk=message.pk).exists():
            raise NotForHands(_("Its conversation holds other messages by now. Take it out into one of its own first."))
        state = DUPLICATE if again.duplicate_of_id else PARKED
        original = again.duplicate_of
        places = {
            "conversation_id": original.conversation_id if original else None,
            "message_id": original.message_id if original else None,
        }
        IncomingMail.objects.filter(pk=mail.pk).update(state=state, **places)
        note_mail("ledger_mail.taken_back", mail, by=by, conversation_id=message.conversation_id)
        _record(MailTakenBack(mail_id=mail.pk), message, by=by)
        Conversation.objects.filter(pk=message.conversation_id).delete()


def filed_by_hand(mail: IncomingMail) -> bool:
    """Tell whether a filed mail stood outside before: what files by itself leaves neither a reason nor an original.

    But for an answer of one of us, which is its own reason.
    """
    return mail.state == FILED and mail.reason not in TAKEN_ANSWERS and bool(mail.reason or mail.duplicate_of_id)


def _leave_as_it_is(mail: IncomingMail, *, by: User) -> Message:
    with transaction.atomic():
        message = Message.objects.get(pk=mail.message_id or 0)
        if not _outside(mail).update(state=FILED, reason="", leased_until=None):
            raise NotForHands(_("Somebody filed this mail just now. Look at it in its conversation."))
        note_mail("ledger_mail.filed", mail, by=by, conversation_id=message.conversation_id)
        _record(MailFiledByHand(mail_id=mail.pk), message, by=by)
    return message


def _outside(mail: IncomingMail) -> QuerySet[IncomingMail]:
    return IncomingMail.objects.filter(pk=mail.pk, state__in=(PARKED, QUARANTINED, DUPLICATE))


def _record(kind: MailFiledByHand | MailTakenBack, message: Message, *, by: User) -> None:
    record(
        kind,
        by=by,
        mailbox_id=message.conversation.mailbox_id,
        conversation_id=message.conversation_id,
        message_id=message.pk,
    )
