"""Everything that happens in the demo, in the order of time."""

from dataclasses import dataclass
from datetime import datetime

from postroom.demo.dates import fill_thread
from postroom.demo.reading import read_threads
from postroom.demo.script import Step, Thread
from postroom.demo.timing import moments
from postroom.demo.triage import complete


@dataclass(frozen=True)
class Act:
    """One step of a thread with the moment at which it happens."""

    thread: Thread
    place: int
    moment: datetime

    @property
    def step(self) -> Step:
        return self.thread.steps[self.place]


def plan(*, now: datetime) -> list[Act]:
    """Return every step of every thread, its days written out, told back from `now` (aware). Always the same."""
    acts = [act for thread in read_threads() for act in _acts(complete(thread), now=now)]
    return sorted(acts, key=lambda act: act.moment)


def _acts(thread: Thread, *, now: datetime) -> list[Act]:
    times = moments(thread, now=now)
    dated = fill_thread(thread, times)
    return [Act(thread=dated, place=place, moment=moment) for place, moment in enumerate(times)]
