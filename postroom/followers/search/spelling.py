"""What somebody may have meant, when nothing holds what they typed."""

from collections.abc import Sequence
from dataclasses import replace

from postroom.core.accounts.models import User
from postroom.core.conversations.condition.words import Term, Within
from postroom.followers.search import by_date
from postroom.followers.search.asked import asked
from postroom.followers.search.folding import fold
from postroom.followers.search.vocabulary import similar

_MOST_WORDS = 6
_MOST_TRIED = 4


def likelier(terms: Sequence[Term], *, user: User, within: Within | None) -> list[Term] | None:
    """Return the terms with words that are written otherwise, or None.

    The words come from everybody's mail. So a word is taken only when it finds something that this person may see: what
    they may not, is not even suggested.
    """
    words = [word for term in terms for word in term.text.split()]
    if len(words) > _MOST_WORDS:
        return None
    changed = False
    result: list[Term] = []
    for term in terms:
        better = [_better(word, term, user=user, within=within) for word in term.text.split()]
        changed = changed or better != term.text.split()
        result.append(replace(term, text=" ".join(better)))
    return result if changed else None


def _better(word: str, term: Term, *, user: User, within: Within | None) -> str:
    """Return the word itself when it is somewhere, or else the likeliest word like it that is."""
    for one in (word, *similar(fold(word), most=_MOST_TRIED)):
        wanted = asked([replace(term, text=one)])
        if wanted and by_date.find(wanted, user=user, within=within, before="", limit=1).found:
            return one
    return word
