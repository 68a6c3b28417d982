"""What the bar above a list says: which conversations, and what to do with them."""

from django.http import HttpRequest
from django.utils.translation import gettext as _

from postroom.core.conversations.bulk.jobs import MOST_PICKED, TooMany
from postroom.core.conversations.bulk.wanted import Picked, Wanted
from postroom.faces.web.access import person
from postroom.faces.web.fragments import small_number
from postroom.faces.web.moments import ANSWER, chosen
from postroom.faces.web.verbs import Refused

_PRIORITIES = {"-1": -1, "0": 0, "1": 1, "2": 2}


def picked(request: HttpRequest) -> list[Picked]:
    """Read `ids`: "12.345,13.346", each a conversation and its newest message on the screen."""
    said = request.POST.get("ids", "")
    pairs = [one.partition(".") for one in said.split(",") if one]
    if len(pairs) > MOST_PICKED:
        raise TooMany(MOST_PICKED)
    found = [Picked(small_number(number), small_number(seen)) for number, _dot, seen in pairs]
    return [one for one in found if one.id]


def wanted(request: HttpRequest) -> Wanted:
    """Read `verb`: "close", or with what it needs behind a colon, "assign:user-3"; MomentRefused, Refused."""
    verb, _colon, needs = request.POST.get("verb", "").partition(":")
    if verb == "assign" and needs in ("", "nobody"):
        return Wanted("unassign")
    if verb == "assign":
        kind, _dash, number = (needs if needs != "me" else f"user-{person(request).pk}").partition("-")
        owner = small_number(number) or None
        return Wanted(verb, team_id=owner) if kind == "team" else Wanted(verb, user_id=owner)
    if verb in ("tag", "untag"):
        return Wanted(verb, tag=needs or request.POST.get("name", ""))
    if verb == "priority" and needs in _PRIORITIES:
        return Wanted(verb, priority=_PRIORITIES[needs])
    if verb == "move":
        return Wanted(verb, mailbox_id=small_number(needs) or None)
    if verb == "snooze":
        until = None if needs == ANSWER else chosen(needs or request.POST.get("at", ""))
        return Wanted(verb, until=until, wakes_on_answer=not request.POST.get("stay"))
    if needs:
        raise Refused(_("That cannot be done. Nothing was changed."))
    return Wanted(verb)
