"""What the tests of the search share: read all that waits, then ask."""

from postroom.core.accounts.models import User
from postroom.core.conversations.condition.words import BY_DATE, Hits, Term, Within, engine
from postroom.core.events.models import Event
from postroom.followers.search.files import read_next
from postroom.followers.search.react import react
from postroom.followers.search.read_again import index_next


def catch_up() -> None:
    """Do what the worker does until nothing is left.

    Nobody follows what is not committed yet, as nothing is in a test: so each event is reacted to by hand.
    """
    for event in Event.objects.order_by("pk"):
        react(event)
    while index_next() or read_next():
        pass


def hits(
    *words: str | Term, by: User, within: Within | None = None, order: str = BY_DATE, before: str = "", limit: int = 50
) -> Hits:
    """Ask as the pages do, by what stands behind the door; a plain string is a term of words by their beginnings."""
    terms = [word if isinstance(word, Term) else Term(word) for word in words]
    behind = engine()
    assert behind is not None
    return behind.find(terms, user=by, within=within, order=order, before=before, limit=limit)


def found(*words: str | Term, by: User, order: str = BY_DATE) -> list[int]:
    """Return the conversations of the first page, as long as nothing was spelled otherwise."""
    all_of_it = hits(*words, by=by, order=order)
    return [] if all_of_it.spelled else [hit.conversation_id for hit in all_of_it.found]
