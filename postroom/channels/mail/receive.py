"""File what was taken in: the whole way of a mail into a conversation, on one screen."""

from datetime import timedelta

from django.db import transaction

from postroom.channels.mail.claims import claim, hand_back, held
from postroom.channels.mail.duplicates import find_original
from postroom.channels.mail.models import DUPLICATE, FILED, IncomingMail
from postroom.channels.mail.reading import Reading, read
from postroom.channels.mail.thread import find_thread, late_answers, with_evidence
from postroom.core.conversations.actions.receive import receive
from postroom.lib.killpoint import killpoint


def file_next() -> bool:
    """File the oldest waiting mail in its conversation; tell whether there was one.

    The try is counted before the mail is looked at. Whatever happens, the mail waits until the commit that holds its
    message, and one worker only files it.
    """
    mail = claim()
    if mail is None:
        return False
    killpoint("after_claim")
    try:
        reading = read(mail)
    except OSError:
        # A full disk is not the mail's fault.
        hand_back(mail, wait=timedelta(seconds=30))
        raise
    original = find_original(mail, parsed=reading.parsed)
    if original:
        _mark_duplicate(mail, original=original)
    else:
        _file(mail, reading=reading)
    killpoint("after_file_commit")
    return True


def _file(mail: IncomingMail, *, reading: Reading) -> None:
    with transaction.atomic():
        thread = find_thread(reading.parsed, mailbox=mail.mailbox, automatic=reading.message.automatic)
        incoming = with_evidence(reading.message, thread)
        message = receive(mailbox=mail.mailbox, mail=incoming, conversation=thread.conversation)
        late_answers(thread, message=message)
        killpoint("before_file_commit")
        filed = held(mail).update(
            state=FILED, leased_until=None, conversation_id=message.conversation_id, message_id=message.pk
        )
        # Another worker took it over while this one was slow: then it is theirs to file.
        transaction.set_rollback(not filed)


def _mark_duplicate(mail: IncomingMail, *, original: IncomingMail) -> None:
    held(mail).update(
        state=DUPLICATE,
        leased_until=None,
        duplicate_of=original,
        conversation_id=original.conversation_id,
        message_id=original.message_id,
    )
