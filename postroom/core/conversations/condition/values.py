"""The value of an operator in its one form, or the sentence that says why it is none."""

import re
from datetime import UTC
from difflib import get_close_matches

from django.utils.translation import gettext as _

from postroom.core.conversations.condition.operators import (
    CHOICE,
    MESSAGE_ID,
    NUMBER,
    PERIOD,
    SPAN,
    VALUE_ALIASES,
    Operator,
)
from postroom.core.conversations.condition.periods import period, span
from postroom.lib import clock

_NUMBER = re.compile(r"#?([0-9]{1,18})")
_MESSAGE_ID = re.compile(r"<?([^<>\s]{1,990})>?")


def value_of(operator: Operator, typed: str) -> tuple[str, str]:
    """Return the value in its one form and "", or "" and what is wrong with it."""
    if not typed:
        return "", _("“%(name)s:” wants a value right behind it, as in %(example)s.") % {
            "name": operator.name,
            "example": operator.example,
        }
    folded = typed.lower()
    folded = VALUE_ALIASES.get((operator.name, folded), folded)
    if operator.takes(folded):
        return folded, ""
    if operator.kind == CHOICE:
        return "", _no_choice(operator, folded)
    return _FORMS[operator.kind](operator, typed) if operator.kind in _FORMS else (typed, "")


def _no_choice(operator: Operator, typed: str) -> str:
    names = [value.name for value in operator.values]
    values = {"name": operator.name, "typed": typed}
    if near := get_close_matches(typed, names, n=1, cutoff=0.6):
        return _("“%(name)s:” knows no “%(typed)s”. Did you mean %(name)s:%(meant)s?") % {**values, "meant": near[0]}
    return _("“%(name)s:” knows no “%(typed)s”. It knows: %(all)s.") % {**values, "all": ", ".join(names)}


def _number(_operator: Operator, typed: str) -> tuple[str, str]:
    found = _NUMBER.fullmatch(typed)
    if not found:
        return "", _("A conversation’s number has digits only, as in number:1204.")
    return str(int(found[1])), ""


def _message_id(_operator: Operator, typed: str) -> tuple[str, str]:
    found = _MESSAGE_ID.fullmatch(typed)
    if not found:
        return "", _("A Message-ID is one word, as in id:<1204.ab@example.org>.")
    return f"<{found[1]}>", ""


def _span(operator: Operator, typed: str) -> tuple[str, str]:
    if span(typed.lower()) is None:
        sentence = _(
            "“%(typed)s” is no length of time. Write hours, days, weeks, months or years: %(name)s:12h, 3d, 2w, 1m, 1y."
        )
        return "", sentence % {"typed": typed, "name": operator.name}
    return typed.lower(), ""


def _period(operator: Operator, typed: str) -> tuple[str, str]:
    if period(typed.lower(), now=clock.now(), zone=UTC) is None:
        sentence = _(
            "“%(typed)s” is no day. Write %(name)s:2026-03-02, %(name)s:2026-03, %(name)s:2026, %(name)s:yesterday, or "
            "%(name)s:3d for three days ago."
        )
        return "", sentence % {"typed": typed, "name": operator.name}
    return typed.lower(), ""


_FORMS = {NUMBER: _number, MESSAGE_ID: _message_id, SPAN: _span, PERIOD: _period}
