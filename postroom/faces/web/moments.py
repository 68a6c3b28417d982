"""The moments a page offers and reads, by the clock of whoever looks at it."""

from datetime import datetime

from django.http import HttpRequest
from django.utils import timezone

from postroom.core.conversations.moments import Preset, presets, typed_moment
from postroom.faces.web.access import person
from postroom.lib import clock

# What forms say for "no moment: until the customer answers".
ANSWER = "answer"


def moments_here(request: HttpRequest) -> tuple[Preset, ...]:
    """Return what is offered to this person now."""
    zone = timezone.get_current_timezone()
    return presets(now=clock.now(), zone=zone, working_hours=person(request).working_hours)


def chosen(text: str) -> datetime:
    """Read a moment from a form: one of those offered, or one typed; MomentRefused for anything else."""
    return typed_moment(text, zone=timezone.get_current_timezone())
