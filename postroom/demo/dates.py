"""Days as people write them: `{date+3}`, `{weekday+2}` and `{friday}` in a text become days after the mail's own.

`{same}` is the weekday that was named last in the conversation: how people agree on a day.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from django.utils import timezone

from postroom.demo.script import Thread

_PLACE = re.compile(r"\{(date|weekday|friday|stamp|day|same)([+-]\d+)?\}")
# Where a sentence begins, a weekday has a capital in every language.
_BEGINS = re.compile(r"(?:^|\n|[.!?] )$")

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
    return _filled(text, language=language, today=timezone.localtime(moment).date(), named=[])


def fill_thread(thread: Thread, moments: Sequence[datetime]) -> Thread:
    """Return the thread with the days in all its texts written out; there is one moment for each step."""
    named: list[date] = []
    steps = []
    for step, moment in zip(thread.steps, moments, strict=True):
        today = timezone.localtime(moment).date()
        steps.append(replace(step, text=_filled(step.text, language=thread.language, today=today, named=named)))
    return thread.with_steps(tuple(steps))


def long_date(day: date, *, language: str) -> str:
    """Return a day and month with the weekday, as in a letter."""
    name, month = _WEEKDAYS[language][day.weekday()], _MONTHS[language].split()[day.month - 1]
    joint = {"de": f"{name}, {day.day}. {month}", "es": f"el {name} {day.day} de {month}"}
    return joint.get(language, f"{name} {day.day} {month}")


def weekday(day: date, *, language: str) -> str:
    """Return the weekday; Spanish says it with its article."""
    name = _WEEKDAYS[language][day.weekday()]
    return f"el {name}" if language == "es" else name


def _filled(text: str, *, language: str, today: date, named: list[date]) -> str:
    """Write the days out; `named` holds those that were named before and takes the new ones."""

    here: dict[str, date] = {}

    def written(place: "re.Match[str]") -> str:
        if place[1] == "same":
            words = weekday(named[-1], language=language)
        else:
            ahead = "friday" if place[1] == "friday" else place[2] or "+0"
            if ahead not in here:
                day = _friday(today) if ahead == "friday" else _workday(today, int(ahead))
                # Two different days stay two days, though a weekend pushed both to the same one.
                here[ahead] = _workday(day, 1) if day in here.values() else day
            named.append(here[ahead])
            words = _written(here[ahead], way=place[1], language=language)
        return words[0].upper() + words[1:] if _BEGINS.search(text[: place.start()]) else words

    return _PLACE.sub(written, text)


def _written(day: date, *, way: str, language: str) -> str:
    if way == "stamp":
        return day.strftime("%Y%m%d")
    if way == "day":
        return day.strftime("%d/%m/%Y")
    return weekday(day, language=language) if way == "weekday" else long_date(day, language=language)


def _friday(today: date) -> date:
    return today + timedelta(days=(4 - today.weekday()) % 7 or 7)


def _workday(today: date, days: int) -> date:
    """Count on or back to a day from Tuesday to Friday, when offices and the workshop are both at work."""
    day = today + timedelta(days=days)
    while days and day.weekday() in (5, 6, 0):
        day += timedelta(days=1 if days > 0 else -1)
    return day
