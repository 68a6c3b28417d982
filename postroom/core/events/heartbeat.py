"""Signs of life: the worker writes one every few seconds, the health page reads when the last one was."""

from datetime import datetime

from postroom.core.events.models import Heartbeat
from postroom.lib import clock

WORKER = "worker"


def beat(process: str = WORKER) -> None:
    """Write that this kind of process is at work now."""
    Heartbeat.objects.update_or_create(process=process, defaults={"beat_at": clock.now()})


def last_beat(process: str = WORKER) -> datetime | None:
    """Return when this kind of process was last seen, or None for never."""
    return Heartbeat.objects.filter(process=process).values_list("beat_at", flat=True).first()
