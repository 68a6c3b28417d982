"""Find the conversation that a mail belongs to, and say why."""

from dataclasses import dataclass, replace

from postroom.channels.mail.marks import is_own_mail, is_reply_address
from postroom.channels.mail.parsed import Parsed
from postroom.channels.mail.spellings import spellings
from postroom.channels.mail.thread_clues import Clue, Question, clues, question
from postroom.channels.mail.thread_late import Waiting, join_waiting, keep_loose_ends, loose_ends, waiting_for
from postroom.channels.mail.thread_subjects import same_subject
from postroom.core.accounts.models import Mailbox
from postroom.core.conversations.actions.receive import IncomingMessage, Person
from postroom.core.conversations.evidence import ANSWERS, FORWARD, LATE, MARK, OLD, OUTLOOK, OWN, STRANGER
from postroom.core.conversations.former import is_or_was_in
from postroom.core.conversations.models import CLOSED, Conversation, Message
from postroom.core.conversations.models.message import OUT
from postroom.lib import clock


@dataclass(frozen=True)
class Thread:
    """Where a mail belongs and the evidence for it, as codes of postroom.core.conversations.evidence.

    Without a conversation it begins a new one; `offered` is one that it may belong to, for a person to decide.
    `side` is the side thread of that conversation to which it belongs, None for the talk with the customer.
    `thread_index` is Outlook's, in hex; `loose` are quoted ids that nobody here knows yet; `waiting` answered it early.
    The conversations hold what led to them: whoever files in one reads its row anew.
    """

    conversation: Conversation | None = None
    by: str = ""
    detail: str = ""
    offered: Conversation | None = None
    offered_by: str = ""
    thread_index: str = ""
    loose: tuple[str, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    side: int | None = None


def find_thread(parsed: Parsed, *, mailbox: Mailbox, automatic: str = "", outgoing: bool = False) -> Thread:
    """Return the conversation of this mailbox that the mail belongs to, and why.

    Call it inside the transaction that files the mail, while nobody else files in this mailbox.
    Quoting an id is not enough, since ids are seen by many: the sender must take part in that conversation.
    `automatic` is what triage said ("" for a person's mail); `outgoing` mail was written by one of us elsewhere: then
    one of those it goes to must take part.
    """
    if sent := _own(parsed, mailbox):
        return Thread(sent.conversation, OWN, str(sent.pk), side=sent.side_thread_id)
    asked = question(parsed, mailbox=mailbox, automatic=automatic, outgoing=outgoing, now=clock.now())
    thread = _decided(asked)
    return replace(
        thread,
        thread_index=asked.index,
        loose=loose_ends(asked, joined=thread.conversation is not None),
        waiting=waiting_for(asked),
    )


def with_evidence(mail: IncomingMessage, thread: Thread, *, mailbox: Mailbox | None = None) -> IncomingMessage:
    """Return the message with what the core stores of the evidence, and our signed addresses written plainly."""
    return replace(
        mail,
        to=_plain(mail.to, mailbox),
        cc=_plain(mail.cc, mailbox),
        joined_by=thread.by,
        joined_detail=thread.detail,
        offered_id=thread.offered.pk if thread.offered else None,
        offered_by=thread.offered_by,
        thread_index=thread.thread_index,
        side_thread_id=thread.side if thread.conversation else None,
    )


def late_answers(thread: Thread, *, message: Message) -> None:
    """After filing, in the same transaction: join what came before its question, and remember what is still to come."""
    if thread.loose:
        keep_loose_ends(thread.loose, message=message)
    # What waits for a side thread's mail is not brought into the talk.
    if thread.waiting and message.side_thread_id is None:
        join_waiting(thread.waiting, message=message)


def _decided(asked: Question) -> Thread:
    offered: Clue | None = None
    reason = ""
    for clue in clues(asked):
        instead = _objection(asked, clue)
        if clue.part and not instead:
            found = clue.candidate
            return Thread(found.conversation(asked.mailbox), clue.by, clue.detail, side=found.side)
        if offered is None and instead:
            offered, reason = clue, instead
        if clue.part:
            # What was meant is known, and that it is no answer: no weaker clue says otherwise.
            break
    if offered is None:
        return Thread()
    return Thread(offered=offered.candidate.conversation(asked.mailbox), offered_by=reason)


def _objection(asked: Question, clue: Clue) -> str:
    """Return the code of what speaks against joining by this clue, empty when nothing does."""
    # In a side thread "Fwd:" stands in front from the first mail on; what answers by id is an answer.
    goes_on = clue.candidate.side is not None and bool(asked.parsed.in_reply_to)
    if asked.forward and clue.by != LATE and not goes_on:
        return FORWARD
    if not clue.part:
        return STRANGER if clue.by in (ANSWERS, MARK, OUTLOOK) else ""
    found = clue.candidate
    if found.old and found.status == CLOSED and not same_subject(found.subject, asked.parsed.subject):
        return OLD
    return clue.only_offer


def _own(parsed: Parsed, mailbox: Mailbox) -> Message | None:
    if not parsed.message_id or mailbox.address not in spellings(parsed.from_.email):
        return None
    if not is_own_mail(parsed, mailbox=mailbox):
        return None
    sent = Message.objects.filter(is_or_was_in(mailbox), kind=OUT, rfc_id=f"<{parsed.message_id}>")
    return sent.select_related("conversation__contact").first()


def _plain(people: tuple[Person, ...], mailbox: Mailbox | None) -> tuple[Person, ...]:
    if mailbox is None or not any("+" in one.email for one in people):
        return people
    return tuple(
        replace(one, email=mailbox.address) if is_reply_address(one.email, mailbox=mailbox) else one for one in people
    )
