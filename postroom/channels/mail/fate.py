"""What is to become of a mail that a machine sent: filed where it belongs, or parked with the reason."""

from dataclasses import dataclass

from postroom.channels.mail import letter_queue, reasons
from postroom.channels.mail.letters import is_letter, letter_spoken_of
from postroom.channels.mail.loops import goes_round
from postroom.channels.mail.marks import is_own_mail
from postroom.channels.mail.parsed import Parsed
from postroom.channels.mail.replies import find_answered, find_reply, standing
from postroom.channels.mail.said import outcomes
from postroom.channels.mail.thread import find_thread
from postroom.channels.mail.triage import Triage
from postroom.core.accounts.models import Mailbox
from postroom.core.conversations.automatic import ANSWERS, AUTOREPLY, AWAY, CHALLENGE, RECEIPT, REPORTS
from postroom.core.conversations.evidence import RECIPIENT, REPORT
from postroom.core.conversations.models import Conversation
from postroom.core.outbox.settling import COPY, seen_elsewhere


@dataclass(frozen=True)
class Fate:
    """`park_reason` is a code of reasons.py, "" for mail to file.

    `conversation` is where a machine's mail belongs, and `side` in which side thread of it, with the evidence (`by`, a
    code of evidence.py, and `detail`); None leaves it to threading.
    """

    park_reason: str = ""
    conversation: Conversation | None = None
    by: str = ""
    detail: str = ""
    # The side thread of that conversation.
    side: int | None = None


FILE = Fate()
_UNKNOWN = {
    RECEIPT: reasons.RECEIPT_UNKNOWN,
    AWAY: reasons.AWAY_UNKNOWN,
    CHALLENGE: reasons.CHALLENGE_UNKNOWN,
    AUTOREPLY: reasons.AUTOREPLY_UNKNOWN,
}


def decide(parsed: Parsed, triage: Triage, *, mailbox: Mailbox) -> Fate:
    """Say whether a mail is parked, and where a report is filed. Inside the transaction that files it.

    A person's mail costs no query and is never parked; nor is what only its words make look like a machine's.
    """
    if triage.kind == "person":
        return FILE
    if (letter := letter_spoken_of(parsed)) is not None and triage.sure:
        return _about_letter(parsed, triage, letter)
    if triage.kind == "loop":
        return _looping(parsed, triage, mailbox=mailbox)
    if triage.automatic in REPORTS:
        return _report(parsed, triage, mailbox=mailbox)
    if triage.automatic in ANSWERS:
        return _answer(parsed, triage, mailbox=mailbox)
    # Newsletters, notifications and what forms on web pages send: somebody's work.
    return FILE if triage.kind == "bulk" else _unless_round(_threaded(parsed, triage, mailbox=mailbox), triage)


def _about_letter(parsed: Parsed, triage: Triage, letter: int) -> Fate:
    """No conversation is made of it; that a letter never arrived is told to the owners."""
    failed = [outcome.words for outcome in outcomes(parsed, triage) if outcome.action == "failed"]
    if failed:
        letter_queue.came_back(letter, failed[0] or parsed.subject)
    return Fate(reasons.LETTER_ANSWERED)


def _looping(parsed: Parsed, triage: Triage, *, mailbox: Mailbox) -> Fate:
    if is_letter(parsed):
        return Fate(reasons.OWN_LETTER)
    if is_own_mail(parsed, mailbox=mailbox):
        seen_elsewhere(f"<{parsed.message_id}>", mailbox=mailbox, how=COPY)
        return Fate(reasons.OWN_COPY)
    return Fate(reasons.LOOP_MARK) if triage.sure else FILE


def _report(parsed: Parsed, triage: Triage, *, mailbox: Mailbox) -> Fate:
    emails = [email for outcome in outcomes(parsed, triage) for email in outcome.emails]
    found = find_reply(parsed, emails=emails, mailbox=mailbox)
    if found is None:
        return Fate(_UNKNOWN.get(triage.automatic, reasons.REPORT_UNKNOWN)) if triage.sure else FILE
    by = REPORT if found.proven else RECIPIENT
    reply = found.reply
    filed = Fate("", standing(reply.conversation), by, str(reply.pk), side=reply.side_thread_id)
    return _unless_round(filed, triage)


def _answer(parsed: Parsed, triage: Triage, *, mailbox: Mailbox) -> Fate:
    filed = _threaded(parsed, triage, mailbox=mailbox)
    if filed.conversation is None:
        answered = find_answered(parsed, mailbox=mailbox)
        if answered is None:
            return Fate(_UNKNOWN[triage.automatic]) if triage.sure else FILE
        filed = Fate("", standing(answered.conversation), RECIPIENT, side=answered.side_thread_id)
    return _unless_round(filed, triage)


def _threaded(parsed: Parsed, triage: Triage, *, mailbox: Mailbox) -> Fate:
    thread = find_thread(parsed, mailbox=mailbox, automatic=triage.automatic)
    # Without a conversation, threading decides when it is filed: it may offer one.
    if thread.conversation is None:
        return FILE
    return Fate("", thread.conversation, thread.by, thread.detail, side=thread.side)


def _unless_round(filed: Fate, triage: Triage) -> Fate:
    if filed.conversation is not None and triage.sure and goes_round(filed.conversation, automatic=triage.automatic):
        return Fate(reasons.LOOP_RATE)
    return filed
