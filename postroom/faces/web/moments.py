"""The moments a page offers and reads, by the clock of whoever looks at it."""

from datetime import date, datetime
from functools import lru_cache

from django.http import HttpRequest
from django.utils import formats, timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from postroom.core.conversations.moments import Preset, presets, typed_moment
from postroom.faces.web.access import person
from postroom.faces.web.words import short_day
from postroom.lib import clock

_WORDS = {
    "later": _("Later today"),
    "evening": _("This evening"),
    "tomorrow": _("Tomorrow"),
    "week": _("Next week"),
    "month": _("In four weeks"),
}
# What forms say for "no moment: until the customer answers".
ANSWER = "answer"
_KEPT = "_postroom_moments"


def moments_here(request: HttpRequest) -> tuple[Preset, ...]:
    """Return what is offered to this person now: the same in all menus of a page."""
    kept: tuple[Preset, ...] | None = getattr(request, _KEPT, None)
    if kept is None:
        zone = timezone.get_current_timezone()
        kept = presets(now=clock.now(), zone=zone, working_hours=person(request).working_hours)
        setattr(request, _KEPT, kept)
    return kept


def preset_words(preset: Preset) -> str:
    """Say how a moment that is offered is called."""
    return str(_WORDS[preset.code])


def offered_as(moment: datetime) -> str:
    """Say when beside a preset's name, which tells the day already: "21:00", "Mon 09:00", "20 Dec 09:00"."""
    # Without its zone: the same moment on two clocks counts as equal.
    local = timezone.localtime(moment).replace(tzinfo=None)
    return _said(local, timezone.localdate(clock.now()), get_language())


@lru_cache(maxsize=1024)
def _said(local: datetime, today: date, language: str | None) -> str:
    """The same dozen is offered on each page for an hour."""
    del language
    days = (local.date() - today).days
    if days == 0:
        return f"{local:%H:%M}"
    day = formats.date_format(local, "D") if days < 8 else short_day(local.date())
    return f"{day} {local:%H:%M}"


def chosen(text: str) -> datetime:
    """Read a moment from a form: one of those offered, or one typed; MomentRefused for anything else."""
    return typed_moment(text, zone=timezone.get_current_timezone())
