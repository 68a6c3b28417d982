"""Side threads on the way in: the third party's answers come back into theirs, and the customer's mail never does."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from django.conf import settings

from postroom.channels.mail import thread_rows as rows
from postroom.channels.mail.marks import addressed_side
from postroom.channels.mail.parsed import Parsed
from postroom.channels.mail.spellings import spellings
from postroom.channels.mail.thread_rows import Candidate
from postroom.channels.mail.thread_subjects import is_answer, same_subject
from postroom.core.accounts.models import Mailbox
from postroom.core.conversations.beside import customers_of, people_beside
from postroom.core.conversations.models import MERGED
from postroom.lib import message_ids


def as_spoken(found: list[Candidate], *, people: Iterable[str]) -> list[Candidate]:
    """Return the candidates, but what the customer writes belongs to the talk, whatever it quotes.

    A third party may have let them in on a side thread; what they say there is still said by the customer.
    """
    wanted = set(people)
    numbers = {one.conversation_id for one in found if one.side is not None}
    theirs = {number for number in numbers if wanted & _spelled(customers_of(number))}
    return [replace(one, side=None) if one.side is not None and one.conversation_id in theirs else one for one in found]


def taking_part(people: Iterable[str], found: Iterable[Candidate]) -> set[tuple[int, int | None]]:
    """Return the places (conversation, side thread or None) in which one of these people takes part."""
    found = list(found)
    talks = rows.taking_part(people, [one for one in found if one.side is None])
    places: set[tuple[int, int | None]] = {(number, None) for number in talks}
    sides = {one.side for one in found if one.side is not None}
    if sides:
        wanted = set(people)
        there = {side for side, emails in people_beside(sides).items() if wanted & _spelled(emails)}
        places |= {one.place for one in found if one.side in there}
    return places


def sides_named(parsed: Parsed, ids: Iterable[str], *, mailbox: Mailbox) -> Iterator[int]:
    """Yield the side threads that the mail names: by our signed ids, then by the signed address it was sent to."""
    signed = (message_ids.side_of(one, key=settings.POSTROOM_KEY) for one in ids)
    named = [number for number in (*signed, addressed_side(parsed, mailbox=mailbox)) if number is not None]
    yield from dict.fromkeys(named)


def sent_beside(
    parsed: Parsed, *, email: str, mailbox: Mailbox, since: datetime, old_before: datetime
) -> list[Candidate]:
    """Return the side threads of late in which we wrote to this address under the subject that the mail answers."""
    if not email or not is_answer(parsed):
        return []
    lately = rows.sent_beside(email, mailbox=mailbox, since=since, old_before=old_before)
    fit = [one for one in lately if one.status != MERGED and same_subject(one.subject, parsed.subject)]
    # Under the subject of two of them it may be either.
    return fit[:1] if len({one.side for one in fit}) == 1 else []


def _spelled(emails: Iterable[str]) -> set[str]:
    return {spelling for email in emails for spelling in spellings(email)}
