"""What is found of a message: the words of its parts, with its marks."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from postroom.core.conversations.condition.words import CC, FILE, FROM, SUBJECT, TO
from postroom.followers.search import marks
from postroom.followers.search.tokens import words_of

# A mail of a megabyte is a log or a book: what it says first is enough to find it.
_MOST_LETTERS = 400_000
_MOST_WORDS = 30_000
# PostgreSQL takes a megabyte of words in a row, each with where it stands.
_MOST_BYTES = 700_000

Person = tuple[str, str]


@dataclass(frozen=True)
class Sayings:
    """What one message says, part by part. `files` are names and texts; people are (name, address)."""

    message_id: int
    mailbox_id: int
    sensitive: bool
    subjects: tuple[str, ...] = ()
    sender: tuple[Person, ...] = ()
    to: tuple[Person, ...] = ()
    cc: tuple[Person, ...] = ()
    text: str = ""
    rfc_id: str = ""
    files: tuple[Person, ...] = field(default=())


def words_in(said: Sayings) -> list[str]:
    """Return all words of a message in their order, parts set apart by gaps, the marked ones first."""
    scope = marks.SENSITIVE if said.sensitive else marks.of_mailbox(said.mailbox_id)
    words = [scope, *_of_id(said.rfc_id)]
    people = {FROM: said.sender, TO: (*said.to, *said.cc), CC: said.cc}
    for part, texts in {
        SUBJECT: said.subjects,
        **{part: [" ".join(one) for one in some] for part, some in people.items()},
        FILE: [name for name, _text in said.files],
    }.items():
        words += _part(texts, part=part)
    whole = [*said.subjects, *(" ".join(one) for one in (*said.sender, *said.to, *said.cc)), said.text]
    words += _part([text[:_MOST_LETTERS] for text in (*whole, *(f"{name}\n{text}" for name, text in said.files))])
    return _bounded(words)


def people_of(rows: object) -> tuple[Person, ...]:
    """Read what a message keeps of its recipients: a list of {"name": …, "email": …}; whatever else is nobody."""
    if not isinstance(rows, Sequence):
        return ()
    found = [row for row in rows if isinstance(row, Mapping)]
    return tuple((str(row.get("name") or ""), str(row.get("email") or "")) for row in found)


def letters_of_id(rfc_id: str) -> str:
    """Return a Message-ID as one word: its letters and digits."""
    return "".join(words_of(rfc_id)[0])[:80]


def _of_id(rfc_id: str) -> list[str]:
    letters = letters_of_id(rfc_id)
    return [marks.of_id(letters)] if letters else []


def _part(texts: Iterable[str], *, part: str = "") -> list[str]:
    """Return the words of the texts one after the other, and at the end those that are written otherwise as well."""
    words: list[str] = []
    others: dict[str, None] = {}
    for text in texts:
        in_place, otherwise = words_of(text)
        words += [marks.GAP, *in_place]
        others |= dict.fromkeys(otherwise)
    words += [marks.GAP, *others] if others else []
    return [word if word == marks.GAP else marks.of_part(part, word) for word in words] if part else words


def _bounded(words: list[str]) -> list[str]:
    words = words[:_MOST_WORDS]
    if len(words) < _MOST_WORDS // 10:
        return words
    size = 0
    for at, word in enumerate(words):
        size += len(word.encode()) + 8
        if size > _MOST_BYTES:
            return words[:at]
    return words
