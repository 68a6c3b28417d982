"""File one message that came by a channel: a customer's, or one that an agent wrote in another program."""

from datetime import datetime

from django.db import transaction

from postroom.core.accounts.models import Mailbox, User
from postroom.core.conversations import copies
from postroom.core.conversations.actions.check_files import want_checked
from postroom.core.conversations.actions.gone_owner import free_of_gone_owner
from postroom.core.conversations.actions.hold_back import overtake
from postroom.core.conversations.actions.mailbox_naming import named_by_mailbox
from postroom.core.conversations.automatic import REPORTS
from postroom.core.conversations.incoming import File, IncomingMessage, Person
from postroom.core.conversations.models import CLOSED, OPEN, SPAM, Attachment, Contact, Conversation, Message
from postroom.core.conversations.models.conversation import Participant
from postroom.core.conversations.models.message import IN, OUT, SENT
from postroom.core.events.actor import SYSTEM, Actor
from postroom.core.events.kinds import AnsweredBeside, AnsweredElsewhere, Kind, MessageReceived
from postroom.core.events.record import record
from postroom.lib import clock
from postroom.lib.addresses import normalize
from postroom.lib.rows import create, create_all, create_once, find
from postroom.lib.text import one_line, storable

__all__ = ["File", "IncomingMessage", "Person", "receive"]


def receive(
    *, mailbox: Mailbox, mail: IncomingMessage, conversation: Conversation | None = None, spam: bool = False
) -> Message:
    """File a message in its conversation, or in a new one; a closed or pending conversation opens again.

    What an agent wrote in another mail program (`outgoing`) answers the customer instead and wakes nothing; history
    (`quiet`) changes nobody's work.
    """
    now = clock.now()
    at = min(mail.happened_at or now, now)
    # A savepoint of its own would cost two statements and undo nothing that the whole does not undo.
    with transaction.atomic(savepoint=False):
        contact = _contact(mail, mailbox, now=now)
        place = copies.lock(conversation) if conversation else None
        started = place is None
        if place is None:
            place = _begin(mail, mailbox=mailbox, contact=contact, at=at, spam=spam)
        author = _author(mail)
        message = _message(place.conversation, mail, contact=contact, author=author, at=at)
        _attach(message, mail.files)
        reopened = copies.bring_up_to_date(place, message=message, mail=mail)
        _join(message, mail, mailbox=mailbox)
        if reopened:
            free_of_gone_owner(place.conversation)
        _tell(message, mail, contact=contact, author=author, started=started, reopened=reopened)
        if not started and copies.wakes_anybody(mail):
            overtake(place.conversation, by=contact, side=message.side_thread_id)
    return message


def _contact(mail: IncomingMessage, mailbox: Mailbox, *, now: datetime) -> Contact:
    """Return whom the conversation is with: the sender, or for what we wrote ourselves the first who got it."""
    customer = mail.sender
    if mail.outgoing:
        others = (one for one in (*mail.to, *mail.cc) if _address(one) not in ("", mailbox.address))
        customer = next(others, mail.sender)
    email = _address(customer) or "unknown@invalid"
    name = one_line(customer.name, length=200)
    known = find(Contact, ("id", "name"), email=email)
    if known is None:
        met = create_once(Contact, email=email, name=name, created_at=now)
        if met:
            return met
        # Another worker has just met the same person.
        known = find(Contact, ("id", "name"), email=email) or (None, "")
    contact = Contact(id=known[0], email=email, name=known[1])
    if name and not contact.name:
        contact.name = name
        Contact.objects.filter(pk=contact.pk).update(name=name)
    return contact


def _begin(mail: IncomingMessage, *, mailbox: Mailbox, contact: Contact, at: datetime, spam: bool) -> copies.Place:
    status = SPAM if spam else CLOSED if mail.quiet or mail.outgoing else OPEN
    conversation = create(
        Conversation,
        mailbox_id=mailbox.pk,
        contact_id=contact.pk,
        subject=one_line(mail.subject, length=500),
        status=status,
        created_at=at,
        closed_at=at if status == CLOSED else None,
        last_activity_at=at,
    )
    conversation.mailbox, conversation.contact = mailbox, contact
    named_by_mailbox(conversation)
    return copies.Place(conversation)


def _author(mail: IncomingMessage) -> User | None:
    if not mail.outgoing:
        return None
    return User.objects.filter(email=_address(mail.sender), is_active=True).first()


def _message(
    conversation: Conversation, mail: IncomingMessage, *, contact: Contact, author: User | None, at: datetime
) -> Message:
    message = create(
        Message,
        conversation_id=conversation.pk,
        kind=OUT if mail.outgoing else IN,
        contact_id=None if mail.outgoing else contact.pk,
        author_id=author.pk if author else None,
        delivery=SENT if mail.outgoing else "",
        created_at=at,
        from_name=one_line(mail.sender.name, length=200),
        from_email=one_line(mail.sender.email, length=254),
        reply_to=one_line(mail.reply_to.email, length=254) if mail.reply_to else "",
        to=_people(mail.to),
        cc=_people(mail.cc),
        subject=one_line(mail.subject, length=500),
        text=storable(mail.text),
        untrusted_html=storable(mail.untrusted_html),
        rfc_id=_indexable(one_line(mail.rfc_id, length=998)),
        in_reply_to=storable(mail.in_reply_to),
        references=storable(mail.references),
        raw_digest=mail.raw_digest,
        automatic=mail.automatic,
        automatic_by=one_line(mail.automatic_by, length=200) or None,
        problems=list(mail.problems),
        sent_at=mail.sent_at or (at if mail.outgoing else None),
        joined_by=mail.joined_by,
        joined_detail=one_line(mail.joined_detail, length=300),
        offered_id=mail.offered_id,
        offered_by=mail.offered_by,
        thread_index=mail.thread_index,
        side_thread_id=mail.side_thread_id,
        protection=mail.protection or {},
    )
    message.conversation = conversation
    return message


def _attach(message: Message, files: tuple[File, ...]) -> None:
    rows = [
        {
            "conversation_id": message.conversation_id,
            "message_id": message.pk,
            "name": one_line(file.name, length=255) or "file",
            "content_type": one_line(file.content_type, length=120) or "application/octet-stream",
            "size": file.size,
            "digest": file.digest,
            "content_id": one_line(file.content_id, length=255),
            "inline": file.inline,
            "created_at": message.created_at,
        }
        for file in files
    ]
    create_all(Attachment, rows)
    want_checked(file.digest for file in files)


def _join(message: Message, mail: IncomingMessage, *, mailbox: Mailbox) -> None:
    """Everybody on the mail takes part from now on, but for ourselves and the systems that carried it.

    Nobody by a side thread: they would be let into the talk with the customer.
    """
    if mail.automatic in REPORTS or mail.side_thread_id is not None:
        return
    people = [*mail.to, *mail.cc]
    if not mail.outgoing:
        people += [mail.sender, *([mail.reply_to] if mail.reply_to else [])]
    here = message.conversation
    # It was moved to another mailbox, and they wrote to the one where it was.
    own = {mailbox.address} if here.mailbox_id == mailbox.pk else {mailbox.address, here.mailbox.address}
    emails = {_address(person) for person in people} - {"", *own}
    rows = [{"conversation_id": message.conversation_id, "email": email} for email in sorted(emails)[:200]]
    create_all(Participant, rows, ignore=True)


def _tell(
    message: Message, mail: IncomingMessage, *, contact: Contact, author: User | None, started: bool, reopened: bool
) -> None:
    by: Actor = (author or SYSTEM) if mail.outgoing else contact
    record(
        _what(mail, contact, started=started, reopened=reopened),
        by=by,
        mailbox_id=message.conversation.mailbox_id,
        conversation_id=message.conversation_id,
        message_id=message.pk,
    )


def _what(mail: IncomingMessage, contact: Contact, *, started: bool, reopened: bool) -> Kind:
    if mail.outgoing:
        return AnsweredElsewhere(quiet=mail.quiet)
    if mail.side_thread_id is not None:
        return AnsweredBeside(email=contact.email, reopened=reopened, quiet=mail.quiet)
    return MessageReceived(email=contact.email, started=started, reopened=reopened, quiet=mail.quiet)


def _address(person: Person) -> str:
    return normalize(storable(person.email))[:254]


def _indexable(rfc_id: str) -> str:
    """Return the id, or nothing for one that no index takes (2,704 bytes on PostgreSQL): no mail program makes such."""
    return rfc_id if len(rfc_id.encode()) <= 2000 else ""


def _people(people: tuple[Person, ...]) -> list[dict[str, str]]:
    return [
        {"name": one_line(person.name, length=200), "email": one_line(person.email, length=254)} for person in people
    ]
