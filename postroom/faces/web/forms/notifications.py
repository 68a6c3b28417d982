"""How a person wants to be told."""

import re
from collections.abc import Iterable

from django.http import QueryDict

from postroom.followers.notifications.actions.choose import Wanted
from postroom.followers.notifications.kinds import KINDS, WAYS, ways_of
from postroom.followers.notifications.models import Choices

_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


def wanted(typed: QueryDict) -> Wanted:
    """Read the form: `<reason>.<way>` for each tick, the quiet hours, and two more ticks."""
    ways = {kind.reason: [way for way in WAYS if f"{kind.reason}.{way}" in typed] for kind in KINDS}
    return Wanted(
        ways=ways,
        quiet_from=_time(typed.get("quiet-from", "")),
        quiet_until=_time(typed.get("quiet-until", "")),
        only_working_hours="only-working-hours" in typed,
        says_more="says-more" in typed,
    )


def shown(choices: Choices) -> Iterable[tuple[str, list[tuple[str, bool, bool]]]]:
    """Give for each kind its ways: (way, ticked, fixed)."""
    for kind in KINDS:
        ways = ways_of(kind.reason, choices.ways)
        yield kind.reason, [(way, way in ways, way in kind.fixed) for way in WAYS]


def _time(typed: str) -> str:
    # Some browsers add seconds.
    text = typed.strip()[:5]
    return text if _TIME.fullmatch(text) else ""
