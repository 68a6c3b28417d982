"""The door to the full-text engine: what a condition asks of it, and what it answers. Start-up says who stands behind.

With nobody behind it (a tool, a test of something else) a term is looked for in subject and snippet only, by a scan.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from django.db.models import Q

from postroom.core.accounts.models import User

# Where a term is looked for. ANYWHERE: subject, text, names and addresses, names and text of files.
ANYWHERE = ""
SUBJECT = "subject"
# Name and address of the sender; of a recipient, Cc and Bcc too; of Cc alone.
FROM = "from"
TO = "to"
CC = "cc"
# The name of an attached file.
FILE = "file"
PARTS = (ANYWHERE, SUBJECT, FROM, TO, CC, FILE)

BY_RANK = "rank"
BY_DATE = "date"


@dataclass(frozen=True)
class Term:
    """Something to look for, as it was typed: accents, case and the ends of words are the engine's to forgive.

    `phrase`: these words beside each other, in this order, and whole; else every word of `text`, each by its beginning.
    """

    text: str
    phrase: bool = False
    part: str = ANYWHERE


@dataclass(frozen=True)
class Hit:
    """A conversation, and its message that matches best (BY_RANK) or last (BY_DATE)."""

    conversation_id: int
    message_id: int


@dataclass(frozen=True)
class Hits:
    """Hits in their order, each conversation once.

    `next` goes back in as `before` for more; "" at the end. `spelled`: nothing matched what was typed, and these terms
    were looked for instead. `many`: there were more matches than were ranked, and the newest of them were.
    """

    found: tuple[Hit, ...]
    next: str = ""
    spelled: tuple[Term, ...] | None = None
    many: bool = False


@dataclass(frozen=True)
class Within:
    """In which conversations is looked: of these statuses and mailboxes, and `rest`, which an empty Q leaves out."""

    statuses: tuple[str, ...]
    mailboxes: tuple[int, ...]
    rest: Q

    @property
    def condition(self) -> Q:
        """All of it."""
        return self.rest & Q(status__in=self.statuses, mailbox_id__in=self.mailboxes)


class Piece(NamedTuple):
    """A piece of a text, and whether it is what matched. Plain text, not escaped."""

    text: str
    matched: bool = False


class Engine(Protocol):
    """What a full-text engine does. No method raises for any text."""

    def matching(self, term: Term) -> Q:
        """Return the condition on a conversation that one of its messages matches the term."""

    def find(
        self, terms: Sequence[Term], *, user: User, within: Within | None, order: str, before: str, limit: int
    ) -> Hits:
        """Return conversations that this person may see, with a message that matches every term.

        `within` is a further condition on the conversation. `before` is "" or the `next` of the page before; anything
        else begins at the start.
        """

    def snippets(self, message_ids: Sequence[int], terms: Sequence[Term]) -> Mapping[int, tuple[Piece, ...]]:
        """Return for each message the stretch of its text in which the terms are; none for one without a match.

        Only for messages that the reader may see: the caller has asked.
        """


_behind: Engine | None = None


def stand_behind(engine: Engine | None) -> None:
    """Let this engine answer from now on; None: nobody."""
    global _behind  # noqa: PLW0603  (wiring says it once, at start-up)
    _behind = engine


def engine() -> Engine | None:
    """Return who stands behind the door."""
    return _behind


def matching(term: Term) -> Q:
    """Return the condition on a conversation that it matches a term."""
    if _behind is not None:
        return _behind.matching(term)
    return _plainly(term)


def _plainly(term: Term) -> Q:
    words = [term.text] if term.phrase else term.text.split()
    found = Q()
    for word in words:
        found &= _in_copies(word, part=term.part)
    return found


def _in_copies(word: str, *, part: str) -> Q:
    subject, snippet = Q(subject__icontains=word), Q(snippet__icontains=word)
    person = Q(contact__email__icontains=word) | Q(contact__name__icontains=word)
    if part == SUBJECT:
        return subject
    if part == ANYWHERE:
        return subject | snippet | person
    return person if part == FROM else Q(pk__in=())
