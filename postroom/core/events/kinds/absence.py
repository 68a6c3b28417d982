"""Who goes on holiday, and comes back."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from postroom.core.events.kinds.kind import Kind


@dataclass(frozen=True)
class PersonAway(Kind):
    """Somebody is, or will be, away; `cover` is who covers for them, empty for nobody."""

    name = "person.away"
    sentence = _("said that %(person)s is away")
    personal = frozenset({"person", "cover"})
    person: str
    user_id: int
    cover: str


@dataclass(frozen=True)
class PersonBack(Kind):
    """Somebody is there again."""

    name = "person.back"
    sentence = _("said that %(person)s is back")
    personal = frozenset({"person"})
    person: str
    user_id: int
