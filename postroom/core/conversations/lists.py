"""A page of any list: of a folder, or of what a condition finds."""

from dataclasses import dataclass
from typing import TypeAlias

from postroom.core.accounts.models import User
from postroom.core.conversations.condition import words
from postroom.core.conversations.condition.language import Condition, Test, Words, every
from postroom.core.conversations.condition.plan import Plan, plan_of
from postroom.core.conversations.folders import FOLLOWING, MENTIONS, Folder
from postroom.core.conversations.models import Conversation
from postroom.core.conversations.queries import Cursor, Row, list_page, rows_of
from postroom.core.conversations.selections import NEWEST, RANK, Selection, find_page

Listing: TypeAlias = Folder | Selection
# Characters of a snippet.
_BEFORE_A_MATCH = 28


_OWN = {MENTIONS: Selection(Test("is", "mentioned")), FOLLOWING: Selection(Test("is", "following"))}


class NoSuchPage(Exception):
    """An address names the page of a list that we never wrote."""


@dataclass(frozen=True)
class Listed:
    """Rows in their order; `next` goes back in as `before`, "" at the end.

    `spelled`: nothing matched what was typed, and this was looked for instead. `many`: only the newest of very many
    finds were put in order.
    """

    rows: tuple[Row, ...]
    next: str = ""
    spelled: str = ""
    many: bool = False


def page_of(user: User, listing: Listing, *, before: str = "", limit: int = 50) -> Listed:
    """Return one page of a list as this person sees it. A page of a selection may be short, and still have a next."""
    listing = _as_condition(listing)
    if isinstance(listing, Selection) and listing.sort in (NEWEST, RANK):
        plan = plan_of(listing.condition, user=user)
        if plan.terms:
            return _by_words(user, listing, plan, before=before, limit=limit)
    cursor = Cursor.parse(before)
    if before and cursor is None:
        raise NoSuchPage
    if isinstance(listing, Folder):
        page = list_page(user, listing, before=cursor, limit=limit)
        return Listed(page.rows, str(page.next or ""))
    found = find_page(user, listing, before=cursor, limit=limit)
    return Listed(_rows(user, found.ids), str(found.next or ""))


def next_after(user: User, listing: Listing, conversation: Conversation) -> int | None:
    """Return the conversation that comes after this one in a list, whether it is still there or has just left it."""
    below: tuple[Row, ...] = ()
    listing = _as_condition(listing)
    if isinstance(listing, Folder):
        before = Cursor(conversation.last_activity_at, conversation.pk)
        below = list_page(user, listing, before=before, limit=1).rows
    else:
        shown = page_of(user, listing).rows
        places = [place for place, row in enumerate(shown) if row.id == conversation.pk]
        below = shown[places[0] + 1 :] if places else _older(shown, conversation)
    rows = below or page_of(user, listing, limit=1).rows
    return rows[0].id if rows and rows[0].id != conversation.pk else None


def _as_condition(listing: Listing) -> Listing:
    """One's own folders are few conversations out of many, in all states: what a condition finds best."""
    return _OWN.get(listing.name, listing) if isinstance(listing, Folder) else listing


def _older(rows: tuple[Row, ...], conversation: Conversation) -> tuple[Row, ...]:
    return tuple(row for row in rows if row.last_activity_at <= conversation.last_activity_at)


def _by_words(user: User, listing: Selection, plan: Plan, *, before: str, limit: int) -> Listed:
    engine = words.engine()
    assert engine is not None  # a plan has terms only then
    order = words.BY_RANK if listing.sort == RANK else words.BY_DATE
    hits = engine.find(plan.terms, user=user, within=plan.within, order=order, before=before, limit=limit)
    rows = _rows(user, tuple(hit.conversation_id for hit in hits.found))
    # What was looked up by the rule a moment ago.
    seen = {row.id for row in rows}
    messages = {hit.conversation_id: hit.message_id for hit in hits.found if hit.conversation_id in seen}
    snippets = engine.snippets(tuple(messages.values()), hits.spelled or plan.terms)
    marked = tuple(row._replace(found=_in_sight(snippets.get(messages[row.id], ()), row.subject)) for row in rows)
    spelled = str(every(tuple(_said(term) for term in hits.spelled))) if hits.spelled else ""
    return Listed(marked, hits.next, spelled, hits.many)


def _in_sight(pieces: tuple[words.Piece, ...], subject: str) -> tuple[words.Piece, ...]:
    """Shorten what stands before the first match: a narrow line shows little. A subject stays whole."""
    first = next((place for place, piece in enumerate(pieces) if piece.matched), 0)
    before = "".join(piece.text for piece in pieces[:first])
    if len(before) <= _BEFORE_A_MATCH or "".join(piece.text for piece in pieces) == subject:
        return pieces
    _cut, _blank, kept = before[-_BEFORE_A_MATCH:].partition(" ")
    return (words.Piece(f"… {kept or before[-_BEFORE_A_MATCH:]}"), *pieces[first:])


def _said(term: words.Term) -> Condition:
    return Test(term.part, term.text, phrase=term.phrase) if term.part else Words(term.text, phrase=term.phrase)


def _rows(user: User, ids: tuple[int, ...]) -> tuple[Row, ...]:
    found = {row.id: row for row in rows_of(ids, user=user)}
    return tuple(found[one] for one in ids if one in found)
