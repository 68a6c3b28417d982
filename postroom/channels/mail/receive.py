"""File what was taken in: the whole way of a mail into a conversation, on one screen."""

from collections.abc import Collection
from dataclasses import asdict, replace
from datetime import timedelta

from django.db import transaction

from postroom.channels.mail import reports
from postroom.channels.mail.answers import look_at_files, take_answer
from postroom.channels.mail.claims import claim, hand_back, in_turn, one_at_a_time, settle
from postroom.channels.mail.duplicates import find_in_new_place, find_original, find_own_reply
from postroom.channels.mail.fate import Fate, decide
from postroom.channels.mail.letters import is_letter
from postroom.channels.mail.models import DUPLICATE, FILED, PARKED, QUARANTINED, IncomingMail
from postroom.channels.mail.reading import Reading, read
from postroom.channels.mail.reasons import OWN_COPY, OWN_LETTER
from postroom.channels.mail.thread import Thread, find_thread, late_answers, with_evidence
from postroom.channels.mail.thread_clues import thread_marks
from postroom.core.conversations.actions.receive import receive
from postroom.core.conversations.actions.reread import reread
from postroom.core.conversations.models import Message
from postroom.core.outbox.settling import SENT_FOLDER, seen_elsewhere
from postroom.lib.killpoint import killpoint
from postroom.lib.log_file import carry_over


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
    _file(mail, reading=reading)
    killpoint("after_file_commit")
    return True


def file_at_once(mail: IncomingMail, *, raw: bytes) -> bool:
    """File a mail that has no row yet, its row in the same commit; False when it has to be stored and go the long way.

    Only for bytes that were not there before: the stored file is the trace of a try. Whoever sends a mail again that
    killed us here finds its file, and it goes the long way, on which each try is counted before it begins.
    """
    before = dict(vars(mail))
    mail.attempts = 1
    try:
        _file(mail, reading=read(mail, raw=raw))
    except Exception:  # noqa: BLE001  (the mail is safe; it fails again in `file_next`, where it is seen)
        # As it came: the row that it was given is rolled back.
        vars(mail).clear()
        vars(mail).update(before)
        mail._state.adding = True  # noqa: SLF001  (documented by Django)
        return False
    killpoint("after_file_commit")
    return True


def _file(mail: IncomingMail, *, reading: Reading) -> None:
    look_at_files(mail, reading=reading)
    # Not durable=True: the demo is one transaction, and whoever calls us outside of one gets its commit all the same.
    with in_turn(), transaction.atomic():
        one_at_a_time(mail.mailbox_id, marks=marks_of(mail, reading))
        # Another worker took it over while this one was slow: then it is theirs to file.
        transaction.set_rollback(not _decided(mail, reading=reading))
    carry_over()


def marks_of(mail: IncomingMail, reading: Reading) -> Collection[str]:
    """Return what this mail and others are found by, when all there is to do with it is to find its conversation.

    Nothing for what may have to do with more: a machine's mail, what we wrote elsewhere, what is read once more.
    """
    special = reading.unreadable or reading.message.automatic or reading.triage.kind != "person"
    if special or mail.outgoing or mail.quiet or mail.message_id:
        return ()
    return thread_marks(reading.parsed, digest=mail.digest)


def _decided(mail: IncomingMail, *, reading: Reading) -> bool:
    """Decide what becomes of the mail and write it down; tell whether it is still ours."""
    if mail.message_id and (message := Message.objects.filter(pk=mail.message_id).first()):
        return _read_again(mail, reading=reading, message=message)
    if original := find_original(mail, parsed=reading.parsed):
        return settle(
            mail,
            state=DUPLICATE,
            duplicate_of_id=original.pk,
            conversation_id=original.conversation_id,
            message_id=original.message_id,
        )
    if mail.outgoing and (reply := find_own_reply(mail, parsed=reading.parsed)):
        seen_elsewhere(reply.rfc_id, mailbox=mail.mailbox, how=SENT_FOLDER)
        return _settle(mail, message=reply, state=DUPLICATE, reason=OWN_COPY)
    if mail.outgoing and is_letter(reading.parsed):
        return settle(mail, state=PARKED, reason=OWN_LETTER)
    if reading.unreadable:
        message = receive(mailbox=mail.mailbox, mail=reading.message)
        return _settle(mail, message=message, state=QUARANTINED, reason=reading.unreadable)
    if taken := take_answer(mail, reading=reading):
        killpoint("before_file_commit")
        return settle(mail, **asdict(taken))
    fate = Fate() if mail.outgoing else decide(reading.parsed, reading.triage, mailbox=mail.mailbox)
    if fate.park_reason:
        return settle(mail, state=PARKED, reason=fate.park_reason)
    thread = _thread(mail, reading, fate)
    if same := find_in_new_place(mail, parsed=reading.parsed, conversation=thread.conversation):
        return _settle(mail, message=same, state=DUPLICATE)
    return _settle(mail, message=_message(mail, reading, thread), state=FILED)


def _read_again(mail: IncomingMail, *, reading: Reading, message: Message) -> bool:
    """It could not be understood before, and a person asked to try again: its message says now what it says."""
    if reading.unreadable:
        return _settle(mail, message=message, state=QUARANTINED, reason=reading.unreadable)
    reread(message, mail=reading.message, mail_id=mail.pk)
    return _settle(mail, message=message, state=FILED)


def _thread(mail: IncomingMail, reading: Reading, fate: Fate) -> Thread:
    if fate.conversation:
        return Thread(fate.conversation, fate.by, fate.detail, side=fate.side)
    automatic = reading.message.automatic
    return find_thread(reading.parsed, mailbox=mail.mailbox, automatic=automatic, outgoing=mail.outgoing)


def _message(mail: IncomingMail, reading: Reading, thread: Thread) -> Message:
    incoming = with_evidence(reading.message, thread, mailbox=mail.mailbox)
    if mail.outgoing or mail.quiet:
        happened_at = (mail.server_date or reading.parsed.date) if mail.quiet else None
        incoming = replace(incoming, outgoing=mail.outgoing, quiet=mail.quiet, happened_at=happened_at)
    message = receive(mailbox=mail.mailbox, mail=incoming, conversation=thread.conversation)
    late_answers(thread, message=message)
    reports.note(reading.parsed, reading.triage, mailbox=mail.mailbox, message=message)
    return message


def _settle(mail: IncomingMail, *, message: Message, state: str, reason: str = "") -> bool:
    killpoint("before_file_commit")
    return settle(mail, state=state, reason=reason, conversation_id=message.conversation_id, message_id=message.pk)
