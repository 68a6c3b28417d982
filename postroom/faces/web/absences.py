"""Absences in words: on the owner's menu, after giving work away, and on one's own profile."""

from datetime import date, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from postroom.core.accounts.absence import Absence, absences
from postroom.core.accounts.models import User
from postroom.faces.web import words
from postroom.lib import clock


def absence_now(person: User) -> Absence | None:
    """Return the person's absence, None while they are there."""
    return absences([person], now=clock.now()).get(person.pk)


def last_day(absence: Absence) -> date | None:
    """Return the last day of an absence in the reader's time zone; None for one without an end."""
    return timezone.localdate(absence.until - timedelta(seconds=1)) if absence.until else None


def away_words(absence: Absence) -> str:
    """Say it in a few words: "Away until 3 Dec · Bob covers"."""
    day = last_day(absence)
    said = _("Away until %(day)s") % {"day": words.short_day(day)} if day else _("Away")
    return " · ".join([said, _("%(name)s covers") % {"name": absence.cover}] if absence.cover else [said])


def given_words(name: str, absence: Absence | None) -> str:
    """Say to whom something was given, and that they are away if so."""
    if absence is None:
        return _("Given to %(name)s.") % {"name": name}
    day = last_day(absence)
    if day and absence.cover:
        said = _("Given to %(name)s, who is away until %(day)s. %(cover)s covers.")
    elif day:
        said = _("Given to %(name)s, who is away until %(day)s.")
    elif absence.cover:
        said = _("Given to %(name)s, who is away. %(cover)s covers.")
    else:
        said = _("Given to %(name)s, who is away.")
    return said % {"name": name, "day": words.short_day(day) if day else "", "cover": absence.cover}
