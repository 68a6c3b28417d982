"""A fuzzer that follows coverage: what reaches a new line of the mail's reader is kept, and mutated again."""

import random
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import CodeType, FrameType
from typing import Protocol

from tests.fuzz.checks import Outcome
from tests.fuzz.mutations import mutated

MAX_SIZE = 8000
MAX_KEPT = 3000
_ROOT = Path(__file__).resolve().parents[2] / "postroom"
_WATCHED = tuple(str(_ROOT / folder) + "/" for folder in ("channels/mail", "lib"))

Arc = tuple[CodeType, int, int]


class Guided:
    """Yields mails, one after the other; `run` checks each and learns from where it went."""

    def __init__(self, seeds: Sequence[bytes], chance: random.Random) -> None:
        self._chance = chance
        self._seen: set[Arc] = set()
        self._kept = [seed for seed in seeds if len(seed) <= MAX_SIZE]
        self._seeds = len(self._kept)
        self._next = 0

    @property
    def reached(self) -> tuple[int, int]:
        """How many steps from line to line were seen, and how many mails were kept for reaching new ones."""
        return len(self._seen), len(self._kept) - self._seeds

    def mail(self) -> bytes:
        """Return the next mail to try: first the seeds, then mutations of what was kept, the newest more often."""
        if self._next < self._seeds:
            self._next += 1
            return self._kept[self._next - 1]
        newest = self._kept[-50:] if self._chance.random() < 0.5 else self._kept
        return mutated(self._chance.choice(newest), self._chance, self._kept)[:MAX_SIZE]

    def run(self, raw: bytes, check: Callable[[bytes], Outcome]) -> Outcome:
        """Check the mail, and keep it when it went where none has gone."""
        arcs: set[Arc] = set()
        sys.settrace(_tracer(arcs))
        try:
            outcome = check(raw)
        finally:
            sys.settrace(None)
        if arcs - self._seen:
            self._seen |= arcs
            if len(self._kept) < MAX_KEPT and self._next >= self._seeds:
                self._kept.append(raw)
        return outcome


class _Trace(Protocol):
    def __call__(self, frame: FrameType, event: str, arg: object, /) -> "_Trace | None": ...


def _tracer(arcs: set[Arc]) -> _Trace:
    """Return a trace function that notes each step from line to line in our own code."""

    def called(frame: FrameType, _event: str, _arg: object, /) -> _Trace | None:
        if not frame.f_code.co_filename.startswith(_WATCHED):
            return None
        code, last = frame.f_code, 0

        def stepped(frame: FrameType, event: str, _arg: object, /) -> _Trace | None:
            nonlocal last
            if event == "line":
                arcs.add((code, last, frame.f_lineno))
                last = frame.f_lineno
            return stepped

        return stepped

    return called
