"""Which drafts somebody sees: their own, and those that are shared."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from postroom.core.accounts.models import User
from postroom.core.conversations.models import Conversation, Draft, DraftComment
from postroom.lib.prepared import prepared

# What the composer of a conversation holds; what is written beside it has a composer of its own for each mail.
WRITTEN_HERE = ("reply", "note")
WRITTEN_BESIDE = ("forward", "beside")
FIRST = "new"


@dataclass(frozen=True)
class Mark:
    """What a list says of a conversation's drafts: the reader has one, or `holder` shares one with the team."""

    mine: bool
    holder: str


def same_place(mode: str, *, about: int = 0) -> Q:
    """Return which drafts of a person in a conversation are written in one place: a reply and a note are."""
    return Q(mode__in=WRITTEN_HERE) if mode in WRITTEN_HERE else Q(mode=mode, about=about)


def drafts_in(conversation: Conversation, *, reader: User) -> QuerySet[Draft]:
    """Return the drafts of a conversation, which this person sees, that they may read: the last changed first."""
    return _seen(conversation.pk, reader=reader)


def _seen(conversation_id: int, *, reader: User) -> QuerySet[Draft]:
    rows = Draft.objects.filter(Q(shared=True) | Q(author=reader), conversation=conversation_id)
    return rows.select_related("author", "changed_by").order_by("-changed_at", "-pk")


@prepared
def listed_drafts(reader: User, conversation_id: int) -> QuerySet[Draft]:
    """Return the list of `drafts_in`, for a page: by a statement that is made once."""
    return _seen(conversation_id, reader=reader)


def held_by(person: User, *, conversation: Conversation) -> Draft | None:
    """Return the draft that this person's composer goes on with: the one they changed last, None for none."""
    return next(iter(_held(person, conversation.pk)), None)


@prepared
def _held(person: User, conversation_id: int) -> QuerySet[Draft]:
    return _seen(conversation_id, reader=person).filter(author=person, mode__in=WRITTEN_HERE)[:1]


def held_beside(person: User, *, conversation: Conversation, mode: str, about: int) -> Draft | None:
    """Return the draft that this person's form below the message `about` goes on with."""
    here = same_place(mode, about=about)
    return Draft.objects.filter(here, conversation=conversation, author=person).select_related("author").first()


def first_mail_of(person: User) -> Draft | None:
    """Return what this person has begun to write as the first mail of a conversation."""
    return Draft.objects.filter(conversation=None, author=person).select_related("author").first()


def comments_of_others(draft: Draft, *, reader: User) -> list[DraftComment]:
    """Return what colleagues said of a draft, in order."""
    return list(draft.comments.exclude(author=reader).select_related("author").order_by("pk"))


def marks(numbers: Collection[int], *, reader: User) -> dict[int, Mark]:
    """Return the marks of these conversations, which the reader sees: one query."""
    found: dict[int, Mark] = {}
    for number, author_id, name in _authors(reader, list(numbers)):
        mine = author_id == reader.pk
        if mine or number not in found:
            found[number] = Mark(mine=mine, holder="" if mine else name)
    return found


@prepared
def _authors(reader: User, numbers: list[int]) -> "QuerySet[Draft, tuple[int, int, str]]":
    rows = Draft.objects.filter(Q(shared=True) | Q(author=reader), conversation__in=numbers)
    return rows.values_list("conversation_id", "author_id", "author__name")
