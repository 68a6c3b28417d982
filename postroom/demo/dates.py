"""Days as people write them: `{date+3}`, `{weekday+2}` and `{friday}` in a text become days after the mail's own."""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta

from django.utils import timezone

_PLACE = re.compile(r"\{(date|weekday|friday|stamp|day)([+-]\d+)?\}")

_WEEKDAYS = {
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "fr": ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    "nl": ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"),
    "de": ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"),
    "es": ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
}
_MONTHS = {
    "en": "January February March April May June July August September October November December",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
}


def fill(text: str, *, language: str, moment: datetime) -> str:
    """Return the text with its days written out, counted from the local day of `moment`."""
    today = timezone.localtime(moment).date()
    return _PLACE.sub(lambda place: _written(place, language=language, today=today), text)


def long_date(day: date, *, language: str) -> str:
    """Return a day and month with the weekday, as in a letter."""
    name, month = _WEEKDAYS[language][day.weekday()], _MONTHS[language].split()[day.month - 1]
    joint = {"de": f"{name}, {day.day}. {month}", "es": f"el {name} {day.day} de {month}"}
    return joint.get(language, f"{name} {day.day} {month}")


def weekday(day: date, *, language: str) -> str:
    """Return the weekday; Spanish says it with its article."""
    name = _WEEKDAYS[language][day.weekday()]
    return f"el {name}" if language == "es" else name


def _written(place: "re.Match[str]", *, language: str, today: date) -> str:
    day = _workday(today, int(place[2] or 0))
    if place[1] == "friday":
        day = today + timedelta(days=(4 - today.weekday()) % 7 or 7)
        return long_date(day, language=language)
    ways: dict[str, Callable[[], str]] = {
        "date": lambda: long_date(day, language=language),
        "weekday": lambda: weekday(day, language=language),
        "stamp": lambda: day.strftime("%Y%m%d"),
        "day": lambda: day.strftime("%d/%m/%Y"),
    }
    return ways[place[1]]()


def _workday(today: date, days: int) -> date:
    """Count on or back; nobody promises a Sunday or, at a workshop, a Monday."""
    day = today + timedelta(days=days)
    while days > 0 and day.weekday() in (0, 6):
        day += timedelta(days=1)
    return day
