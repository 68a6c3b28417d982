from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from postroom.core.accounts.actions.people import PersonRefused
from postroom.core.accounts.models import User
from postroom.core.audit.write import write
from postroom.core.events.actor import Actor
from postroom.core.events.kinds import PersonAway, PersonBack
from postroom.core.events.record import record
from postroom.lib.text import one_line


def go_away(
    person: User, *, since: datetime, until: datetime | None, covered_by: User | None, words: str, by: Actor
) -> bool:
    """Say from when to when somebody is away (None: until they say so) and who covers. False when it was said already.

    It takes nothing from them and gives nothing away: colleagues see it where they choose an owner.
    """
    if until is not None and until <= since:
        raise PersonRefused(_("This is before the first day. Choose a later one, or leave it empty."), field="until")
    if covered_by is not None and covered_by.pk == person.pk:
        raise PersonRefused(_("Nobody covers for themself. Choose a colleague, or nobody."), field="cover")
    wanted = {
        "away_from": since,
        "away_until": until,
        "covered_by": covered_by,
        "away_words": one_line(words, length=200),
    }
    if all(getattr(person, name) == value for name, value in wanted.items()):
        return False
    with transaction.atomic():
        User.objects.filter(pk=person.pk).update(**wanted)
        cover = covered_by.name if covered_by else ""
        after = {"from": since.isoformat(), "until": until.isoformat() if until else "", "cover": cover}
        write("person.away", by=by, subject=f"person:{person.pk}", subject_name=person.name, after=after)
        record(PersonAway(person=person.name, user_id=person.pk, cover=cover), by=by)
    for name, value in wanted.items():
        setattr(person, name, value)
    return True


def come_back(person: User, *, by: Actor) -> bool:
    """Say that somebody is there again, or will not go. False when they were."""
    gone = dict.fromkeys(("away_from", "away_until", "covered_by", "away_words"))
    with transaction.atomic():
        if not User.objects.filter(pk=person.pk, away_from__isnull=False).update(**gone):
            return False
        write("person.back", by=by, subject=f"person:{person.pk}", subject_name=person.name)
        record(PersonBack(person=person.name, user_id=person.pk), by=by)
    for name in gone:
        setattr(person, name, None)
    return True
