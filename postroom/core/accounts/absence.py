"""Who is on holiday now, and who covers for them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from postroom.core.accounts.models import User


@dataclass(frozen=True)
class Absence:
    """A person is away until `until` (None: until they say so); `cover` is a colleague's name, "" for nobody's."""

    until: datetime | None
    cover: str
    words: str


def absences(people: Iterable[User], *, now: datetime) -> dict[int, Absence]:
    """Return the absences of those who are away now, by the person's number: one query when anybody is."""
    away = [one for one in people if is_away(one, now=now)]
    wanted = {one.covered_by_id for one in away if one.covered_by_id}
    covers = dict(User.objects.filter(pk__in=wanted, is_active=True).values_list("pk", "name")) if wanted else {}
    return {
        one.pk: Absence(one.away_until, covers.get(one.covered_by_id or 0, ""), one.away_words or "") for one in away
    }


def is_away(person: User, *, now: datetime) -> bool:
    """Tell whether this person is away at this moment."""
    since, until = person.away_from, person.away_until
    return since is not None and since <= now and (until is None or now < until)
