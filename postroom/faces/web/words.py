"""Times, sizes and names as people say them; the templates' filters."""

from datetime import date, datetime
from functools import lru_cache

from django.utils import formats, timezone
from django.utils.translation import get_language, ngettext, pgettext, pgettext_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from postroom.lib import clock

PRIORITY_WORDS = {-1: _lazy("Low"), 0: _lazy("Normal"), 1: _lazy("High"), 2: _lazy("Urgent")}
# Said of one conversation; the folders of the same names are said of many.
STATUS_WORDS = {
    "open": pgettext_lazy("status", "Open"),
    "pending": pgettext_lazy("status", "Pending"),
    "snoozed": pgettext_lazy("status", "Snoozed"),
    "closed": pgettext_lazy("status", "Closed"),
    "spam": pgettext_lazy("status", "Spam"),
    "trash": pgettext_lazy("status", "In the trash"),
    "merged": pgettext_lazy("status", "Joined"),
}

_MINUTE = 60
_HOUR = 60 * _MINUTE
_DAY = 24 * _HOUR


def ago(moment: datetime | None) -> str:
    """Say how long ago: "now", "4 min", "3 h", "2 days", then a date."""
    if moment is None:
        return ""
    seconds = (clock.now() - moment).total_seconds()
    if seconds < _MINUTE:
        return _("now")
    if seconds < _HOUR:
        return _("%(n)s min") % {"n": int(seconds // _MINUTE)}
    if seconds < _DAY:
        return _("%(n)s h") % {"n": int(seconds // _HOUR)}
    days = int(seconds // _DAY)
    if days < 7:
        return ngettext("%(n)s day", "%(n)s days", days) % {"n": days}
    local = timezone.localtime(moment)
    return _day(local, this_year=local.year == timezone.localtime(clock.now()).year)


def short_time(moment: datetime | None) -> str:
    """Say when, as a list does: "14:02" today, "3 Nov" this year, else with the year."""
    if moment is None:
        return ""
    # Asked once: a list has a hundred moments.
    zone = timezone.get_current_timezone()
    local, today = moment.astimezone(zone), clock.now().astimezone(zone)
    if local.date() == today.date():
        return f"{local:%H:%M}"
    return _day(local, this_year=local.year == today.year)


def until(moment: datetime | None) -> str:
    """Say when something comes, short: "14:00" today, "Tue 09:00" within a week, "3 Dec 09:00" later."""
    if moment is None:
        return ""
    local, today = timezone.localtime(moment), timezone.localdate(clock.now())
    days = (local.date() - today).days
    if days == 0:
        return f"{local:%H:%M}"
    if days == 1:
        return _("tomorrow %(time)s") % {"time": f"{local:%H:%M}"}
    day = formats.date_format(local, "D") if 1 < days < 7 else _day(local, this_year=local.year == today.year)
    return f"{day} {local:%H:%M}"


def exact(moment: datetime | None) -> str:
    """Say the moment in full, for the title of a shorter time."""
    if moment is None:
        return ""
    # Without its zone: the same moment on two clocks counts as equal.
    local = timezone.localtime(moment).replace(tzinfo=None, second=0, microsecond=0)
    return _in_full(local, language=get_language() or "")


@lru_cache(maxsize=5000)
def _in_full(local: datetime, *, language: str) -> str:
    pattern = pgettext("date format", "l j F Y, H:i")
    day, minute, more = pattern.partition("H:i")
    if minute and not more:
        # Customers write at another minute each, and on the same days.
        return f"{_date(local.date(), pattern=day, language=language)}{local:%H:%M}"
    return formats.date_format(local, pattern)


def moment(at: datetime | None) -> str:
    """Say the day and the minute, as a record does."""
    return formats.date_format(timezone.localtime(at), pgettext("date format", "j M Y, H:i")) if at else ""


def calendar_day(day: date | None) -> str:
    """Return a day in words, with its year."""
    return formats.date_format(day, pgettext("date format", "j M Y")) if day else ""


def iso(moment: datetime | None) -> str:
    """Return the moment for a <time datetime>."""
    return moment.isoformat(timespec="seconds") if moment else ""


def waits(since: datetime | None) -> str:
    """Say how long a customer has waited, short enough for a list: "4 min", "3 h", "2 d"."""
    if since is None:
        return ""
    seconds = max((clock.now() - since).total_seconds(), 0)
    if seconds < _HOUR:
        return _("%(n)s min") % {"n": max(int(seconds // _MINUTE), 1)}
    if seconds < 2 * _DAY:
        return _("%(n)s h") % {"n": int(seconds // _HOUR)}
    return _("%(n)s d") % {"n": int(seconds // _DAY)}


def size(octets: int) -> str:
    """Say how big a file is, in the units that people's machines show."""
    if octets < 1000:
        return ngettext("%(n)s byte", "%(n)s bytes", octets) % {"n": octets}
    if octets < 1_000_000:
        return _("%(n)s kB") % {"n": round(octets / 1000)}
    return _("%(n)s MB") % {"n": formats.number_format(octets / 1_000_000, 1)}


def number(n: int) -> str:
    """Write a number with its thousands apart: 1,204."""
    return formats.number_format(n, force_grouping=True)


def short_day(date_of_it: date) -> str:
    """Say a day: "3 Nov" this year, else with the year."""
    this_year = date_of_it.year == timezone.localtime(clock.now()).year
    pattern = pgettext("date format", "j M") if this_year else pgettext("date format", "j M Y")
    return _date(date_of_it, pattern=pattern, language=get_language() or "")


@lru_cache(maxsize=1000)
def initials(name: str) -> str:
    """Return one or two letters for a face without a picture."""
    words = [word for word in name.replace("@", " ").replace(".", " ").split() if word[0].isalnum()]
    letters = [words[0][0], words[-1][0]] if len(words) > 1 and "@" not in name else [word[0] for word in words[:1]]
    return "".join(letters).upper() or "?"


def people(persons: list[dict[str, str]]) -> str:
    """Name the people of a To or Cc, at most three: "Ann, Bob and 2 more"."""
    names = [one.get("name") or one.get("email") or "" for one in persons]
    if len(names) <= 3:
        return ", ".join(names)
    return _("%(names)s and %(n)s more") % {"names": ", ".join(names[:2]), "n": len(names) - 2}


def addresses(persons: list[dict[str, str]]) -> str:
    """Write the people of a To or Cc with their addresses."""
    named = [(one.get("name"), one.get("email") or "") for one in persons]
    return ", ".join(f"{name} <{email}>" if name and name != email else email for name, email in named)


@lru_cache(maxsize=1000)
def hue(text: str) -> int:
    """Return one of twelve hues (0–11), always the same for the same text."""
    return sum(text.encode("utf-8", "replace")) % 12


def _day(local: datetime, *, this_year: bool) -> str:
    return _of_year(local.date(), this_year=this_year, language=get_language() or "")


# A list has few days and many rows.
@lru_cache(maxsize=1000)
def _of_year(day: date, *, this_year: bool, language: str) -> str:
    # Translators: Django's date formats; "b" is a month's short name in small letters.
    pattern = pgettext("date format", "j M") if this_year else pgettext("date format", "j M Y")
    return _date(day, pattern=pattern, language=language)


@lru_cache(maxsize=1000)
def _date(day: date, *, pattern: str, language: str) -> str:  # noqa: ARG001  (a key of the cache)
    return formats.date_format(day, pattern)
