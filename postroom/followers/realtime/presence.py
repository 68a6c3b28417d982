"""What the browsers are told of who has which conversation open: numbers only, and only to those who see it."""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from postroom.core.conversations.presence import Present
from postroom.core.conversations.seers import who_see


@dataclass(frozen=True)
class Told:
    """Frames by person: what has changed, and all there is (b"" for nothing) for those who know nothing yet."""

    changes: dict[int, bytes]
    wholes: dict[int, bytes]


def changed(before: Present, now: Present) -> set[int]:
    """Return the conversations in which somebody came, went, began or stopped to write."""
    return {number for number in before.keys() | now.keys() if before.get(number) != now.get(number)}


def told(before: Present, now: Present, *, listeners: Collection[int], unaware: Collection[int]) -> Told:
    """Return the frames for these people; nobody is told of themself."""
    news = changed(before, now)
    everybody = {*listeners, *unaware}
    seen_by = who_see(news | now.keys() if unaware else news, among=everybody if news else unaware)
    return Told(
        changes={one: frame for one in everybody if (frame := _frame(news, now, seen_by, to=one, whole=False))},
        wholes={one: _frame(now, now, seen_by, to=one, whole=True) for one in unaware},
    )


def _frame(
    numbers: Iterable[int], now: Present, seen_by: Mapping[int, Collection[int]], *, to: int, whole: bool
) -> bytes:
    """Return a frame without an id, since it moves nobody's place in the log; b"" when there is nothing to tell."""
    here = {
        number: [[other, writes] for other, writes in sorted(now.get(number, {}).items()) if other != to]
        for number in sorted(numbers)
        if to in seen_by.get(number, ())
    }
    if not here:
        return b""
    data = json.dumps({"whole": whole, "here": here}, separators=(",", ":"))
    return f"event: presence\ndata: {data}\n\n".encode()
