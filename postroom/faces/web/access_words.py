"""Levels of access as people say them, with the reason; and what a form of them says."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from postroom.core.accounts.models import ANSWERING, MANAGING, NONE, SEEING
from postroom.core.accounts.permissions import ANSWER, NOTE
from postroom.core.accounts.why import Why
from postroom.faces.web.role_words import role_word

LEVEL_WORDS: dict[int, str | Promise] = {
    NONE: pgettext_lazy("access to a mailbox", "None"),
    SEEING: pgettext_lazy("access to a mailbox", "See"),
    ANSWERING: pgettext_lazy("access to a mailbox", "Reply"),
    MANAGING: pgettext_lazy("access to a mailbox", "Manage"),
}
# What stood there when the page was made, and what is wanted: of two people who save, each changes what they changed.
_CHANGE = re.compile(r"([0-3]?):([0-3]?)")


@dataclass(frozen=True)
class Change:
    """One choice of a form that differs from what stood there; `level` None takes the decision back."""

    id: int
    level: int | None


def changes(form: QueryDict, *, prefix: str) -> Iterator[Change]:
    """Yield what was changed among the fields `<prefix>-<id>`; what cannot be read is as if it had not been sent."""
    for name in form:
        start, _dash, number = name.partition("-")
        found = _CHANGE.fullmatch(form.get(name) or "")
        if start == prefix and found and number.isascii() and number.isdigit() and len(number) < 18:
            was, level = found.groups()
            if was != level:
                yield Change(int(number), int(level) if level else None)


def options(present: int | None, *, undecided: str = "") -> list[tuple[str, str, bool]]:
    """Return a field's choices as (value, words, whether it is so now); `undecided` are the words for no decision."""
    was = "" if present is None else str(present)
    choices = [("", undecided)] if undecided else []
    choices += [(str(level), str(words)) for level, words in LEVEL_WORDS.items() if level or undecided]
    if not undecided:
        # For a team, no access and no decision are one thing.
        choices.insert(0, ("", str(LEVEL_WORDS[NONE])))
        was = was if was != "0" else ""
    return [(f"{was}:{value}", words, value == was) for value, words in choices]


def effective(why: Why) -> int:
    """Return what this person can do there in the end: their level, as far as their role lets them."""
    limited = why.level >= ANSWERING and ANSWER not in why.rights.permissions
    return SEEING if limited else why.level


def reason(why: Why) -> str:
    """Say why, in a sentence without its full stop."""
    if not why.person.is_active:
        return _("cannot sign in at present, so is in no mailbox")
    said = _decided(why)
    if why.level >= ANSWERING and ANSWER not in why.rights.permissions:
        role = role_word(why.person)
        if NOTE in why.rights.permissions:
            return _("%(reason)s; the role %(role)s only reads and writes notes") % {"reason": said, "role": role}
        return _("%(reason)s; the role %(role)s only reads") % {"reason": said, "role": role}
    return said


def by_teams(why: Why) -> str:
    """Say what is so while nothing was decided for the person themself."""
    level = why.teams[0][1] if why.teams else NONE
    return _("As their teams (%(level)s)") % {"level": LEVEL_WORDS[level]} if why.teams else _("Not decided")


def _decided(why: Why) -> str:
    if why.own is not None:
        return _("own grant, goes before the team’s") if why.teams else _("own grant")
    if not why.teams:
        return _("never let in")
    highest = why.teams[0][1]
    names = [name for name, level in why.teams if level == highest]
    if len(names) == 1:
        return _("through the team %(team)s") % {"team": names[0]}
    return _("through the teams %(teams)s") % {"teams": ", ".join(names)}
