from django.db import transaction

from postroom.core.conversations.actions.mailbox_naming import names_like
from postroom.core.conversations.actions.moving import (
    AloneAlready,
    Beside,
    MovedSince,
    NotAMail,
    carry_former,
    held,
    move,
    name_of,
)
from postroom.core.conversations.actions.recount import recount
from postroom.core.conversations.allowed import must_answer
from postroom.core.conversations.evidence import TAKEN_OUT
from postroom.core.conversations.models import OPEN, SPAM, Contact, Conversation, Message
from postroom.core.conversations.models.message import CANCELLED, IN
from postroom.core.events.actor import Actor
from postroom.core.events.kinds import BegunByHand, MessageTakenOut
from postroom.core.events.record import record


def take_out(message: Message, *, by: Actor) -> Conversation:
    """Let a mail begin a conversation of its own and return that; MoveRefused when it cannot. Answers to it follow it.

    Whoever only this mail brought into the old conversation takes no part there any more. Its opposite is `move_back`.
    """
    must_answer(message.conversation.mailbox_id, by=by)
    with transaction.atomic():
        here = Message.objects.values_list("conversation_id", flat=True).get(pk=message.pk)
        source = held(here)[here]
        if Message.objects.filter(pk=message.pk, conversation=source).count() != 1:
            raise MovedSince
        if message.side_thread_id is not None:
            raise Beside
        contact = customer_of(message)
        if contact is None:
            raise NotAMail
        if not source.messages.exclude(pk=message.pk).exclude(delivery=CANCELLED).exists():
            raise AloneAlready
        made = begin_with(message, source, contact)
        if source.sensitive:
            names_like(made, other=source)
        was = (message.joined_by, message.joined_detail)
        move([message.pk], into=made)
        message.conversation = made
        message.joined_by, message.joined_detail = TAKEN_OUT, name_of(by)[:300]
        message.save(update_fields=["joined_by", "joined_detail"])
        recount(source)
        recount(made)
        place = {"mailbox_id": made.mailbox_id, "message_id": message.pk}
        record(MessageTakenOut(to=made.pk), by=by, conversation_id=source.pk, **place)
        record(BegunByHand(origin=source.pk, was=was), by=by, conversation_id=made.pk, **place)
    return made


def customer_of(message: Message) -> Contact | None:
    """Return the customer of a conversation that this mail begins; None for what was written here."""
    if message.kind == IN:
        return message.contact
    if not message.raw_digest or not message.to:
        return None
    # An answer that was written in another mail program.
    first = message.to[0]
    email = first["email"].strip().lower()
    return Contact.objects.get_or_create(email=email, defaults={"name": first.get("name", "")})[0] if email else None


def begin_with(message: Message, source: Conversation, contact: Contact) -> Conversation:
    """Make a conversation for a mail of another one, with that one's owner; nothing is moved yet."""
    made = Conversation.objects.create(
        mailbox=source.mailbox,
        contact=contact,
        subject=message.subject or source.subject,
        status=SPAM if source.status == SPAM else OPEN,
        assignee_id=source.assignee_id,
        team_id=source.team_id,
        created_at=message.created_at,
        last_activity_at=message.created_at,
    )
    carry_former(source, into=made)
    return made
