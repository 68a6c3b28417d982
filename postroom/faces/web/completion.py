"""What may stand where somebody is typing a condition: operators, and the people, tags, mailboxes behind them."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.functional import Promise

from postroom.core.accounts.models import Team, User
from postroom.core.accounts.queries import mailboxes_of
from postroom.core.conversations.condition.language import Test
from postroom.core.conversations.condition.operators import ALIASES, OPERATORS, Operator
from postroom.core.conversations.filters import seen_by
from postroom.core.conversations.models import Contact, Conversation, ConversationTag, Tag

_MOST = 8
# So many tags are asked about, by their names.
_MOST_TAGS = 200
# From the last blank or bracket up to the cursor; a quotation mark right behind the colon is part of it.
_TYPED = re.compile(r"(-?)(?:([A-Za-z-]+):(\"?)([^\"()]*)|([A-Za-z-]*))$")
_START = re.compile(r"(?:^|[\s(])(-?(?:[A-Za-z-]+:\"[^\"]*|[^\s()\"]*))$")


@dataclass(frozen=True)
class Suggestion:
    """`text` goes into the condition; `word` is shown, with a note of what it means."""

    text: str
    word: str
    note: str | Promise = ""


@dataclass(frozen=True)
class Suggestions:
    """They take the place of what stands from `start` to `end`."""

    start: int
    end: int
    suggestions: tuple[Suggestion, ...]


def suggestions(text: str, *, at: int, user: User) -> Suggestions:
    """Return what may stand at the cursor: names of operators, or values of the one that is there."""
    begun = _START.search(text[:at])
    word = begun[1] if begun else ""
    typed = _TYPED.fullmatch(word)
    start = at - len(word)
    if not typed or not word:
        return Suggestions(at, at, ())
    sign, key, _mark, value, name = typed.groups()
    if key is None:
        return Suggestions(start, at, tuple(islice(_operators(sign, name.lower()), _MOST)))
    operator = OPERATORS.get(ALIASES.get(key.lower(), key.lower()))
    if operator is None:
        return Suggestions(at, at, ())
    # A word that goes on behind the cursor is taken with it.
    end = at + len(re.match(r"[^\s()]*", text[at:])[0])  # type: ignore[index]
    found = tuple(islice(_values(sign, operator, value.lower(), user), _MOST))
    # What is written out needs no suggestion, and the arrows are the list's again.
    done = len(found) == 1 and found[0].text.strip() == text[start:end]
    return Suggestions(start, end, () if done else found)


def _operators(sign: str, typed: str) -> Iterator[Suggestion]:
    for name, operator in OPERATORS.items():
        if name.startswith(typed) and typed:
            yield Suggestion(f"{sign}{name}:", f"{name}:", operator.meaning)
    for alias, name in ALIASES.items():
        if len(typed) > 1 and alias.startswith(typed) and not name.startswith(typed):
            yield Suggestion(f"{sign}{name}:", f"{name}:", OPERATORS[name].meaning)


def _values(sign: str, operator: Operator, typed: str, user: User) -> Iterator[Suggestion]:
    for known in operator.values:
        if known.name.startswith(typed):
            yield Suggestion(f"{sign}{operator.name}:{known.name} ", known.name, known.meaning)
    for name, note in _NAMES.get(operator.name, _nobody)(typed, user):
        yield Suggestion(f"{sign}{Test(operator.name, name)} ", name, note)


Names = Iterator[tuple[str, str]]


def _nobody(_typed: str, _user: User) -> Names:
    return iter(())


def _tags(typed: str, user: User) -> Names:
    """Return tags of conversations that this person sees: a tag may say what is in others."""
    # One after the other until enough are seen: for all at once PostgreSQL reads every tag of every conversation.
    tags = Tag.objects.filter(name__icontains=typed).order_by("name").values_list("pk", "name")
    on = ConversationTag.objects.filter(seen_by(user, through="conversation"))
    return islice(((name, "") for pk, name in tags[:_MOST_TAGS] if on.filter(tag_id=pk).exists()), _MOST)


def _colleagues(typed: str, user: User) -> Names:
    rows = User.objects.filter(is_active=True, membership__mailbox__in=mailboxes_of(user)).distinct().order_by("name")
    return _matching(rows, typed)


def _people(typed: str, user: User) -> Names:
    """Return customers whose address begins so, as far as this person sees a conversation of theirs."""
    if not typed or not typed.isascii():
        return iter(())
    theirs = Conversation.objects.visible_to(user).filter(contact_id=OuterRef("pk"))
    # A range, since only that uses the index of either engine.
    rows = Contact.objects.filter(email__gte=typed, email__lt=_after(typed)).filter(Exists(theirs)).order_by("email")
    return ((email, name) for email, name in rows.values_list("email", "name")[:_MOST])


def _teams(typed: str, _user: User) -> Names:
    rows = Team.objects.filter(name__icontains=typed).order_by("name")
    return ((name, "") for name in rows.values_list("name", flat=True)[:_MOST])


def _mailboxes(typed: str, user: User) -> Names:
    for name, address in mailboxes_of(user).values_list("name", "address"):
        if typed in name.lower() or address.startswith(typed):
            yield (address, name)


def _matching(rows: QuerySet[User], typed: str) -> Names:
    for name, email in rows.values_list("name", "email"):
        if typed in name.lower() or email.startswith(typed):
            yield (email, name)


def _after(typed: str) -> str:
    return typed[:-1] + chr(ord(typed[-1]) + 1)


_NAMES: dict[str, Callable[[str, User], Names]] = {
    "tag": _tags,
    "assignee": _colleagues,
    "team": _teams,
    "mailbox": _mailboxes,
    "from": _people,
    "to": _people,
    "cc": _people,
    "contact": _people,
}
