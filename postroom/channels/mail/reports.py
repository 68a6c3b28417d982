"""Delivery reports and receipts, bound to the exact reply and recipient that they speak of."""

from postroom.channels.mail.judging import quoted_ids
from postroom.channels.mail.parsed import Parsed
from postroom.channels.mail.recipients_of import whose
from postroom.channels.mail.replies import find_reply
from postroom.channels.mail.said import outcomes
from postroom.channels.mail.triage import Outcome, Triage
from postroom.channels.mail.triage.bounce_prose import human_part
from postroom.core.accounts.models import Mailbox
from postroom.core.conversations.automatic import REPORTS
from postroom.core.conversations.models import Delivery, Message
from postroom.core.conversations.models.delivery import BOUNCED, DELAYED, DELIVERED, READ, TURNED_AWAY
from postroom.core.events.actor import SYSTEM
from postroom.core.events.kinds import Kind, ReplyArrived, ReplyBounced, ReplyDelayed
from postroom.core.events.record import record
from postroom.core.outbox import settling
from postroom.lib import clock

_STATES = {"failed": BOUNCED, "delayed": DELAYED, "delivered": DELIVERED, "read": READ}
# What is known better is not overwritten by what is heard later: a warning may overtake the report of the end.
_RANKS = (DELAYED, DELIVERED, READ, BOUNCED, TURNED_AWAY)


def note(parsed: Parsed, triage: Triage, *, mailbox: Mailbox, message: Message) -> None:
    """Write down what a filed mail tells of a reply of ours: who got it, who did not, that it left.

    Called in the transaction that filed `message`, for every mail: a person's answer, too, shows that the reply it
    quotes had left.
    """
    if triage.automatic in REPORTS:
        _note_report(parsed, triage, mailbox=mailbox, message=message)
    elif quoted := quoted_ids(parsed):
        settling.any_seen_elsewhere(quoted, mailbox=mailbox, how=settling.ANSWER)


def _note_report(parsed: Parsed, triage: Triage, *, mailbox: Mailbox, message: Message) -> None:
    said = outcomes(parsed, triage)
    found = find_reply(parsed, emails=[email for one in said for email in one.emails], mailbox=mailbox)
    if found is None:
        return
    changed = [
        row
        for outcome in said
        for email in whose(outcome, reply=found.reply, alone=len(said) == 1, words=human_part(parsed.text))
        if (row := _write(found.reply, email, outcome, report=message))
    ]
    _tell(found.reply, changed)
    _settle(found.reply, said)


def _write(reply: Message, email: str, outcome: Outcome, *, report: Message) -> Delivery | None:
    """Keep what the report says of one recipient; None when something better is known of them."""
    state = _STATES[outcome.action]
    row = Delivery.objects.filter(message=reply, email=email).first() or Delivery(message=reply, email=email)
    if row.state in _RANKS and _RANKS.index(row.state) > _RANKS.index(state):
        return None
    row.state, row.status, row.words = state, outcome.status[:12], outcome.words[:2000]
    row.report_id, row.at = report.pk, clock.now()
    row.save()
    return row


def _tell(reply: Message, rows: list[Delivery]) -> None:
    for kind in _news(rows):
        record(
            kind,
            by=SYSTEM,
            mailbox_id=reply.conversation.mailbox_id,
            conversation_id=reply.conversation_id,
            message_id=reply.pk,
        )


def _news(rows: list[Delivery]) -> list[Kind]:
    def of(*states: str) -> list[str]:
        return [row.email for row in rows if row.state in states]

    news: list[Kind] = []
    if bounced := of(BOUNCED):
        news.append(ReplyBounced(bounced, next((row.status for row in rows if row.state == BOUNCED), "")))
    if late := of(DELAYED):
        news.append(ReplyDelayed(late))
    if there := of(DELIVERED, READ):
        news.append(ReplyArrived(there))
    return news


def _settle(reply: Message, said: tuple[Outcome, ...]) -> None:
    """A report proves that an uncertain reply left; one that names everybody as failed, that nobody has it."""
    everybody = len({person["email"].lower() for person in (*reply.to, *reply.cc, *reply.bcc)})
    bounced = reply.deliveries.filter(state__in=(BOUNCED, TURNED_AWAY))
    if bounced.count() < everybody:
        settling.left(reply, how=settling.REPORT)
        return
    words = next((outcome.words for outcome in said if outcome.words), "")
    settling.came_back(reply, words=words or " ".join(row.words for row in bounced)[:500])
