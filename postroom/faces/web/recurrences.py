"""How an event comes again, in words."""

from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from postroom.channels.mail.invitations import Recurrence


def recurrence_words(recurrence: Recurrence) -> str:
    """Return "Every 2 weeks on Monday and Friday, until 3 March 2027" or its like."""
    words = _every(recurrence)
    if recurrence.weekdays:
        days = get_text_list([str(WEEKDAYS[day]) for day in recurrence.weekdays], _("and"))
        words = _("%(every)s on %(days)s") % {"every": words, "days": days}
    if recurrence.count:
        times = ngettext("%(count)s time", "%(count)s times", recurrence.count) % {"count": recurrence.count}
        return _("%(every)s, %(times)s") % {"every": words, "times": times}
    if recurrence.until:
        until = date_format(recurrence.until, pgettext("date format", "j F Y"))
        return _("%(every)s, until %(date)s") % {"every": words, "date": until}
    return words


def _every(recurrence: Recurrence) -> str:
    n = max(1, recurrence.interval)
    match recurrence.frequency:
        case "daily":
            words = ngettext("Every day", "Every %(n)s days", n)
        case "weekly":
            words = ngettext("Every week", "Every %(n)s weeks", n)
        case "monthly":
            words = ngettext("Every month", "Every %(n)s months", n)
        case _:
            words = ngettext("Every year", "Every %(n)s years", n)
    return words % {"n": n}
