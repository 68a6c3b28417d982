"""Everything in a mail that points to a conversation, the surest first."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings

from postroom.channels.mail import thread_rows as rows
from postroom.channels.mail.marks import addressed
from postroom.channels.mail.parsed import Parsed
from postroom.channels.mail.spellings import spellings
from postroom.channels.mail.thread_beside import as_spoken, sent_beside, sides_named, taking_part
from postroom.channels.mail.thread_rows import Candidate
from postroom.channels.mail.thread_subjects import is_answer, is_common, is_forward, is_reference, same_subject
from postroom.core.accounts.models import Mailbox
from postroom.core.conversations.evidence import ANSWERS, FRESH, LATE, MARK, OUTLOOK, SIBLING, SUBJECT
from postroom.core.conversations.models import MERGED
from postroom.lib import message_ids, thread_index
from postroom.lib.addresses import normalize

# How long after its last mail a conversation is still found by subject and sender.
WINDOW = timedelta(days=14)
# Who answers a conversation that rested so long, under another subject, only wanted our address.
LONG_AGO = timedelta(days=365)
# A mail may quote thousands of ids; those that matter are the last ones.
_IDS = 60


@dataclass(frozen=True, slots=True)
class Clue:
    """A candidate and the code of what points to it; `part` when the mail's people take part there.

    `only_offer` when it is not enough to join: the code to offer it with.
    """

    candidate: Candidate
    by: str
    detail: str
    part: bool
    only_offer: str = ""


@dataclass
class Question:
    """A mail whose conversation is looked for, and what the database said so far."""

    parsed: Parsed
    mailbox: Mailbox
    people: frozenset[str]
    first: str
    automatic: str
    now: datetime
    ids: tuple[str, ...] = ()
    index: str = ""
    forward: bool = False
    found: list[Candidate] = field(default_factory=list)

    @property
    def old_before(self) -> datetime:
        return self.now - LONG_AGO

    @property
    def own_id(self) -> str:
        return f"<{self.parsed.message_id}>" if self.parsed.message_id else ""

    @property
    def addresses(self) -> set[str]:
        """Everybody on the mail, in brackets: old programs write whom they answer where the id belongs."""
        parsed = self.parsed
        people = (parsed.from_, *parsed.reply_to, *parsed.to, *parsed.cc)
        return {f"<{spelling}>" for one in people for spelling in (one.email, normalize(one.email))}

    def is_known(self, rfc_id: str) -> bool:
        return any(one.named == rfc_id and not one.late for one in self.found)


def question(parsed: Parsed, *, mailbox: Mailbox, automatic: str, outgoing: bool, now: datetime) -> Question:
    """Return what is asked about a mail: its people (the sender; for our own mail whom it goes to) and quoted ids."""
    # From alone: it is what servers vouch for (DMARC). Anybody may write a participant's address into Reply-To.
    written = (*parsed.to, *parsed.cc) if outgoing else (parsed.from_,)
    people = {spelling for one in written for spelling in spellings(one.email)} - set(spellings(mailbox.address))
    return Question(
        parsed=parsed,
        mailbox=mailbox,
        people=frozenset(people),
        first=next((one.email for one in written if set(spellings(one.email)) & people), ""),
        automatic=automatic,
        now=now,
        ids=quoted_ids(parsed),
        index=thread_index.read(parsed.header("Thread-Index")),
        forward=is_forward(parsed),
    )


def quoted_ids(parsed: Parsed) -> tuple[str, ...]:
    """Return the ids that the mail answers, in brackets: In-Reply-To, then the References from the newest back."""
    ids = dict.fromkeys((*parsed.in_reply_to, *reversed(parsed.references)))
    return tuple(f"<{one}>" for one in ids if one != parsed.message_id)[:_IDS]


def thread_marks(parsed: Parsed, *, digest: str) -> frozenset[str]:
    """Return all that two mails of one thread have in common, of which the clues below find one in the other's row.

    Its bytes, its own id and those it quotes, its sender, Outlook's index; where a conversation's number points to it,
    that is there already.
    """
    index = thread_index.read(parsed.header("Thread-Index"))
    own = (f"<{parsed.message_id}>",) if parsed.message_id else ()
    return frozenset((digest, *own, *quoted_ids(parsed), normalize(parsed.from_.email), *filter(None, (index,))))


def clues(asked: Question) -> Iterator[Clue]:
    """Yield what points to a conversation, asking the database for each kind only when the surer ones gave nothing."""
    awaited = [asked.own_id] if asked.own_id else []
    named = rows.named_by_ids(asked.ids, awaited=awaited, mailbox=asked.mailbox, old_before=asked.old_before)
    asked.found = as_spoken(named, people=asked.people)
    part = taking_part(asked.people, asked.found)
    yield from _by_ids(asked, part)
    yield from _by_sides(asked)
    yield from _by_signed_ids(asked)
    yield from _by_loose_ends(asked, part)
    yield from _by_address(asked)
    yield from _by_outlook(asked)
    yield from _by_subject(asked)
    yield from _by_subject_beside(asked)


def _by_ids(asked: Question, part: set[tuple[int, int | None]]) -> Iterator[Clue]:
    known = [one for one in asked.found if not one.late]
    # The newest row first, where several carry an id.
    for one in sorted(known, key=lambda one: (asked.ids.index(one.named), -(one.message_id or 0))):
        yield Clue(one, ANSWERS, str(one.message_id), one.place in part)


def _by_sides(asked: Question) -> Iterator[Clue]:
    """Side threads that are named by a signed id or address: a relay may have given our mail another Message-ID."""
    for number in sides_named(asked.parsed, asked.ids, mailbox=asked.mailbox):
        if found := rows.side_thread(number, mailbox=asked.mailbox, old_before=asked.old_before):
            one = as_spoken([found], people=asked.people)[0]
            yield Clue(one, MARK, "", one.place in taking_part(asked.people, [one]))


def _by_signed_ids(asked: Question) -> Iterator[Clue]:
    """Our own ids whose right half is gone or another's, or whose message is not here any more."""
    numbers = (message_ids.conversation_of(one, key=settings.POSTROOM_KEY) for one in asked.ids)
    for number in dict.fromkeys(number for number in numbers if number is not None):
        yield from _numbered(asked, number)


def _by_loose_ends(asked: Question, part: set[tuple[int, int | None]]) -> Iterator[Clue]:
    late = sorted((one for one in asked.found if one.late), key=lambda one: one.message_id or 0)
    for one in late:
        if one.place not in part:
            continue
        if one.named == asked.own_id:
            yield Clue(one, LATE, str(one.message_id), part=True)
        # An "id" may be anything, a person's address too: two mails about different things do not share one.
        elif same_subject(one.subject, asked.parsed.subject):
            yield Clue(one, SIBLING, str(one.message_id), part=True)


def _by_address(asked: Question) -> Iterator[Clue]:
    number = addressed(asked.parsed, mailbox=asked.mailbox)
    if number is not None:
        yield from _numbered(asked, number)


def _by_outlook(asked: Question) -> Iterator[Clue]:
    if not asked.index:
        return
    topic = asked.parsed.header("Thread-Topic") or asked.parsed.subject
    found = rows.of_outlook_thread(asked.index, mailbox=asked.mailbox, old_before=asked.old_before)
    found = as_spoken(found, people=asked.people)
    part = taking_part(asked.people, found)
    for one in _each_once(found):
        if same_subject(one.subject, topic):
            yield Clue(one, OUTLOOK, topic[:300], one.place in part)


def _by_subject(asked: Question) -> Iterator[Clue]:
    """Same subject and same sender within the window: enough for an answer or a case number, else worth an offer."""
    parsed = asked.parsed
    answer = is_answer(parsed) or not asked.addresses.issuperset(asked.ids)
    common = is_common(parsed.subject)
    if asked.automatic or asked.forward or (common and not answer) or not _speaks_for_itself(asked):
        return
    # Only who began a conversation is looked for so; others in it quote an id sooner or later.
    since = asked.now - WINDOW
    recent = rows.recent_with(asked.first, mailbox=asked.mailbox, since=since, old_before=asked.old_before)
    same = [one for one in recent if same_subject(one.subject, parsed.subject)]
    if common and len(same) > 1:
        return
    only_offer = "" if answer or is_reference(parsed.subject) else FRESH
    for one in same:
        if one.status == MERGED:
            yield from _numbered(asked, one.conversation_id, by=SUBJECT, detail=one.subject, only_offer=only_offer)
        else:
            yield Clue(one, SUBJECT, one.subject[:300], part=True, only_offer=only_offer)


def _by_subject_beside(asked: Question) -> Iterator[Clue]:
    """An answer that quotes nothing, from somebody to whom we wrote in a side thread under that subject."""
    if asked.automatic or asked.forward:
        return
    since = asked.now - WINDOW
    found = sent_beside(
        asked.parsed, email=asked.first, mailbox=asked.mailbox, since=since, old_before=asked.old_before
    )
    for one in as_spoken(found, people=asked.people):
        yield Clue(one, SUBJECT, one.subject[:300], part=True)


def _speaks_for_itself(asked: Question) -> bool:
    """A form or a list that writes for many people names each of them in Reply-To."""
    own = asked.people | {asked.mailbox.address}
    return bool(asked.people) and all(own & set(spellings(one.email)) for one in asked.parsed.reply_to if one.email)


def _numbered(
    asked: Question, number: int, *, by: str = MARK, detail: str = "", only_offer: str = ""
) -> Iterator[Clue]:
    found = rows.numbered(number, mailbox=asked.mailbox, old_before=asked.old_before)
    if found:
        part = bool(taking_part(asked.people, [found]))
        yield Clue(found, by, detail[:300], part, only_offer)


def _each_once(found: Iterable[Candidate]) -> list[Candidate]:
    newest_first = sorted(found, key=lambda one: -(one.message_id or 0))
    return list({one.place: one for one in reversed(newest_first)}.values())[::-1]
