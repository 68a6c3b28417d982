"""What the database knows that a mail may belong to: each question one statement that costs the same at any size.

Written out, since every mail asks them and Django's way of making statements cost more than the database's answers.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from postroom.core.accounts.models import Mailbox
from postroom.core.conversations.models import (
    MERGED,
    SPAM,
    Contact,
    Conversation,
    Delivery,
    FormerMailbox,
    LooseEnd,
    Message,
    Participant,
    SideThread,
)
from postroom.lib.addresses import normalize
from postroom.lib.rows import moment
from postroom.lib.statements import run

_MESSAGES = Message._meta.db_table  # noqa: SLF001  (documented by Django)
_CONVERSATIONS = Conversation._meta.db_table  # noqa: SLF001
_CONTACTS = Contact._meta.db_table  # noqa: SLF001
_ENDS = LooseEnd._meta.db_table  # noqa: SLF001
_PARTICIPANTS = Participant._meta.db_table  # noqa: SLF001
_DELIVERIES = Delivery._meta.db_table  # noqa: SLF001
_SIDES = SideThread._meta.db_table  # noqa: SLF001
_FORMER = FormerMailbox._meta.db_table  # noqa: SLF001
# More rows than any honest thread needs; a hostile one may repeat an id as often as it likes.
_ENOUGH = 200

# `+` keeps the planners from the mailbox's index: SQLite took it for three ids and read the whole mailbox (measured).
# What was moved to another mailbox is still answered at the old one's address.
_HERE = f"""
    (+c.mailbox_id = %s OR EXISTS (SELECT 1 FROM {_FORMER} f WHERE f.conversation_id = c.id AND f.mailbox_id = %s))
"""  # noqa: S608
_WHERE_IT_IS = f"""
    JOIN {_CONVERSATIONS} c ON c.id = m.conversation_id JOIN {_CONTACTS} p ON p.id = c.contact_id
"""
_WHAT_IT_IS = (
    "c.id, c.status, c.merged_into_id, c.subject, c.contact_id, p.email, c.mailbox_id, c.last_activity_at < %s"
)
_KNOWN = f"""
    SELECT 0, m.rfc_id, m.id, m.side_thread_id, {_WHAT_IT_IS} FROM {_MESSAGES} m {_WHERE_IT_IS}
    WHERE m.rfc_id IN (%s) AND m.kind <> 'note' AND {_HERE}
"""  # noqa: S608
_LOOSE = f"""
    SELECT 1, l.rfc_id, m.id, m.side_thread_id, {_WHAT_IT_IS}
    FROM {_ENDS} l JOIN {_MESSAGES} m ON m.id = l.message_id {_WHERE_IT_IS}
    WHERE l.rfc_id IN (%s) AND +l.mailbox_id = %s
"""  # noqa: S608
_OUTLOOK = f"""
    SELECT 0, m.thread_index, m.id, m.side_thread_id, {_WHAT_IT_IS} FROM {_MESSAGES} m {_WHERE_IT_IS}
    WHERE m.thread_index = %s AND m.thread_index > '' AND {_HERE} LIMIT {_ENOUGH}
"""  # noqa: S608
_ONE = f"""
    SELECT 0, '', NULL, NULL, {_WHAT_IT_IS} FROM {_CONVERSATIONS} c JOIN {_CONTACTS} p ON p.id = c.contact_id
    WHERE c.id = %s AND {_HERE}
"""  # noqa: S608
# The contact as a value and not as a join, so that the rows come out of the index in order and 20 of them end it.
_RECENT = f"""
    SELECT 0, '', NULL, NULL, {_WHAT_IT_IS} FROM {_CONVERSATIONS} c JOIN {_CONTACTS} p ON p.id = c.contact_id
    WHERE c.contact_id = (SELECT id FROM {_CONTACTS} WHERE email = %s)
    AND c.last_activity_at >= %s AND {_HERE} AND c.status <> '{SPAM}'
    ORDER BY c.last_activity_at DESC LIMIT 20
"""  # noqa: S608
# Of these the subject is the side thread's own.
_WHAT_IT_IS_BESIDE = _WHAT_IT_IS.replace("c.subject", "s.subject")
_SIDE = f"""
    SELECT 0, '', NULL, s.id, {_WHAT_IT_IS_BESIDE} FROM {_SIDES} s
    JOIN {_CONVERSATIONS} c ON c.id = s.conversation_id JOIN {_CONTACTS} p ON p.id = c.contact_id
    WHERE s.id = %s AND {_HERE}
"""  # noqa: S608
_SENT_BESIDE = f"""
    SELECT 0, '', m.id, s.id, {_WHAT_IT_IS_BESIDE} FROM {_DELIVERIES} d JOIN {_MESSAGES} m ON m.id = d.message_id
    JOIN {_SIDES} s ON s.id = m.side_thread_id {_WHERE_IT_IS}
    WHERE d.email = %s AND d.at >= %s AND {_HERE} ORDER BY d.at DESC LIMIT 20
"""  # noqa: S608
_TAKING_PART = f"SELECT conversation_id FROM {_PARTICIPANTS} WHERE conversation_id IN (%s) AND email IN (%s)"  # noqa: S608


@dataclass(frozen=True, slots=True)
class Candidate:
    """A conversation that a mail may belong to; `message_id` and `named` are the row that led to it and its id.

    `side` is the side thread of that row, None for the talk with the customer.
    `late` when that row waits for the named id and does not carry it; `old` when nothing happened for very long.
    """

    late: bool
    named: str
    message_id: int | None
    side: int | None
    conversation_id: int
    status: str
    merged_into: int | None
    subject: str
    contact_id: int
    contact_email: str
    mailbox_id: int
    old: bool

    @property
    def place(self) -> tuple[int, int | None]:
        """The conversation, and the side thread or None."""
        return (self.conversation_id, self.side)

    def conversation(self, mailbox: Mailbox) -> Conversation:
        """Return the conversation with what is known of it; who files in it reads its row anew."""
        found = Conversation(
            id=self.conversation_id,
            mailbox_id=self.mailbox_id,
            contact_id=self.contact_id,
            subject=self.subject,
            status=self.status,
            merged_into_id=self.merged_into,
        )
        if self.mailbox_id == mailbox.pk:
            found.mailbox = mailbox
        found._state.adding = False  # noqa: SLF001  (the row is there)
        return found


def named_by_ids(
    ids: Sequence[str], *, awaited: Sequence[str], mailbox: Mailbox, old_before: datetime
) -> list[Candidate]:
    """Return what carries one of `ids`, and what quotes one of `ids` or `awaited` without anybody knowing that mail."""
    parts: list[str] = []
    values: list[Any] = []
    if ids:
        parts.append(_KNOWN % ("%s", _places(ids), "%s", "%s"))
        values += [moment(old_before), *ids, mailbox.pk, mailbox.pk]
    if wanted := (*awaited, *ids):
        parts.append(_LOOSE % ("%s", _places(wanted), "%s"))
        values += [moment(old_before), *wanted, mailbox.pk]
    return _rows(" UNION ALL ".join(parts) + f" LIMIT {_ENOUGH}", values) if parts else []


def of_outlook_thread(index: str, *, mailbox: Mailbox, old_before: datetime) -> list[Candidate]:
    """Return what lies in the Outlook thread of this index (hex)."""
    return _rows(_OUTLOOK, [moment(old_before), index, mailbox.pk, mailbox.pk])


def numbered(conversation_id: int, *, mailbox: Mailbox, old_before: datetime) -> Candidate | None:
    """Return the conversation of this number, or the one that it was joined to."""
    seen: set[int] = set()
    number: int | None = conversation_id
    while number is not None and number not in seen:
        seen.add(number)
        found = next(iter(_rows(_ONE, [moment(old_before), number, mailbox.pk, mailbox.pk])), None)
        if found is None or found.status != MERGED:
            return found
        number = found.merged_into
    return None


def recent_with(email: str, *, mailbox: Mailbox, since: datetime, old_before: datetime) -> list[Candidate]:
    """Return the newest conversations with this contact since that moment, junk left out, merged ones as they are."""
    return _rows(_RECENT, [moment(old_before), normalize(email), moment(since), mailbox.pk, mailbox.pk])


def side_thread(number: int, *, mailbox: Mailbox, old_before: datetime) -> Candidate | None:
    """Return the side thread of this number."""
    return next(iter(_rows(_SIDE, [moment(old_before), number, mailbox.pk, mailbox.pk])), None)


def sent_beside(email: str, *, mailbox: Mailbox, since: datetime, old_before: datetime) -> list[Candidate]:
    """Return the side threads in which something went to this address since that moment, the newest first."""
    values = [moment(old_before), normalize(email)[:254], moment(since), mailbox.pk, mailbox.pk]
    return _rows(_SENT_BESIDE, values)


def taking_part(emails: Iterable[str], candidates: Iterable[Candidate]) -> set[int]:
    """Return in which of these conversations one of the addresses wrote, was written to, or is the contact."""
    wanted = sorted(set(emails))
    mine = {one.conversation_id for one in candidates if normalize(one.contact_email) in wanted}
    others = sorted({one.conversation_id for one in candidates} - mine)
    if not others or not wanted:
        return mine
    rows = run(_TAKING_PART % (_places(others), _places(wanted)), [*others, *wanted])
    return mine | {row[0] for row in rows}


def _rows(sql: str, values: list[Any]) -> list[Candidate]:
    return [Candidate(*(bool(row[0]), *row[1:-1], bool(row[-1]))) for row in run(sql, values)]


def _places(values: Sequence[object]) -> str:
    return ", ".join(["%s"] * len(values))
