"""The head of a conversation: what it is about, who has it, and what can be done to it."""

from typing import NamedTuple

from django.db.models import QuerySet
from django.http import HttpRequest

from postroom.core.accounts.absence import Absence, absences
from postroom.core.accounts.models import Team, User
from postroom.core.accounts.rights import Answerer, answerers_shown
from postroom.core.conversations.models import Conversation, Tag
from postroom.core.conversations.naming import named_in
from postroom.faces.web.absences import away_words
from postroom.faces.web.access import person
from postroom.lib import clock
from postroom.lib.prepared import prepared


class Colleague(NamedTuple):
    """Somebody a conversation can be given to; `away` in a few words, "" for whoever is there."""

    pk: int
    name: str
    photo: str
    away: str
    away_in_full: str


def head(request: HttpRequest, conversation: Conversation) -> dict[str, object]:
    """Return what the head's template shows: three queries (tags, people, teams).

    A sensitive one takes one more, and so does somebody who is away.
    """
    named = list(named_in(conversation)) if conversation.sensitive else []
    people = answerers_shown(conversation.mailbox_id)
    if conversation.sensitive:
        named_ids = {one.pk for one in named}
        people = [one for one in people if one.pk in named_ids]
    away = _absences(people)
    return {
        # Who sees a sensitive conversation.
        "named": named,
        "conversation": conversation,
        "tags": _tags(conversation.pk),
        "colleagues": tuple(_colleague(one, away.get(one.pk)) for one in people),
        "absences": away,
        # Those with somebody who can do the work.
        "teams": _teams([one.pk for one in people]),
        "me": person(request),
    }


def _absences(people: list[Answerer]) -> dict[int, Absence]:
    perhaps = [one.pk for one in people if one.away_from]
    return absences(User.objects.filter(pk__in=perhaps), now=clock.now()) if perhaps else {}


def _colleague(person: Answerer, absence: Absence | None) -> Colleague:
    away, in_full = (away_words(absence), absence.words) if absence else ("", "")
    return Colleague(person.pk, person.name, person.photo, away, in_full)


@prepared
def _tags(conversation_id: int) -> QuerySet[Tag]:
    return Tag.objects.filter(conversations=conversation_id).order_by("name")


@prepared
def _teams(people: list[int]) -> QuerySet[Team]:
    return Team.objects.filter(members__in=people).distinct().order_by("name")
