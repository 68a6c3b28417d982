"""What a server holds beside what we hold, folder by folder and day by day."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

# Enough to see where something is amiss; the figures of a folder are for all its days.
DAYS_KEPT = 45
# What one press of the button brings; the next press brings more.
MISSING_KEPT = 5_000


@dataclass(frozen=True)
class DayFigures:
    """One day (UTC) of a folder, by the server's own date of each mail (INTERNALDATE)."""

    day: str
    server: int
    held: int
    missing: int
    gone: int

    @property
    def date(self) -> date:
        """The day."""
        return date.fromisoformat(self.day)


@dataclass(frozen=True)
class FolderFigures:
    """One folder of one account at the moment it was counted.

    Of what the server has (`server`) we hold `held`; `before` lay there before the mailbox was connected and was not
    wanted; `coming` is newer than what was taken so far; the rest is `missing`. `gone` is with us and no longer there.
    """

    folder: str
    cursor_id: int
    uidvalidity: int
    server: int
    held: int
    before: int
    coming: int
    missing: int
    gone: int
    missing_uids: tuple[int, ...] = ()
    days: tuple[DayFigures, ...] = ()

    @property
    def wanted(self) -> int:
        """How many of the server's mails are ours to hold."""
        return self.server - self.before

    def plain(self) -> dict[str, Any]:
        """Return it as values for a JSON column."""
        return asdict(self)

    @classmethod
    def read(cls, values: Mapping[str, Any]) -> "FolderFigures":
        """Return what `plain` wrote."""
        days = tuple(DayFigures(**day) for day in values["days"])
        return cls(**{**values, "days": days, "missing_uids": tuple(values["missing_uids"])})


@dataclass(frozen=True)
class Counted:
    """What one census of an account found, and how many missing mails it fetched."""

    folders: tuple[FolderFigures, ...]
    fetched: int = 0


@dataclass(frozen=True)
class Seen:
    """One folder as it is: the server's UIDs, ours, and when the server got each (as far as is known)."""

    folder: str
    cursor_id: int
    uidvalidity: int
    last_uid: int
    begun_at: datetime | None
    server: frozenset[int]
    held: frozenset[int]
    dates: Mapping[int, datetime]


def compare(seen: Seen) -> FolderFigures:
    """Say what is on both sides, and what is not and why."""
    lacking = seen.server - seen.held
    coming = {uid for uid in lacking if uid > seen.last_uid}
    before = {uid for uid in lacking - coming if _was_there(seen, uid)}
    missing = lacking - coming - before
    gone = seen.held - seen.server
    return FolderFigures(
        folder=seen.folder,
        cursor_id=seen.cursor_id,
        uidvalidity=seen.uidvalidity,
        server=len(seen.server),
        held=len(seen.held & seen.server),
        before=len(before),
        coming=len(coming),
        missing=len(missing),
        gone=len(gone),
        missing_uids=tuple(sorted(missing)[:MISSING_KEPT]),
        days=_days(seen, wanted=seen.server - before, missing=missing, gone=gone),
    )


def _was_there(seen: Seen, uid: int) -> bool:
    """Tell whether the mail lay there when the folder was connected, by the server's own date of it."""
    arrived = seen.dates.get(uid)
    return seen.begun_at is not None and arrived is not None and arrived < seen.begun_at


def _days(
    seen: Seen, *, wanted: Iterable[int], missing: frozenset[int], gone: frozenset[int]
) -> tuple[DayFigures, ...]:
    def by_day(uids: Iterable[int]) -> Counter[str]:
        return Counter(seen.dates[uid].date().isoformat() for uid in uids if uid in seen.dates)

    server, lost, left = by_day(wanted), by_day(missing), by_day(gone)
    held = by_day(uid for uid in wanted if uid in seen.held)
    newest = sorted(server | left, reverse=True)
    # Where something is missing comes first, when there are more days than are kept.
    kept = sorted(sorted(newest, key=lambda day: not lost[day])[:DAYS_KEPT], reverse=True)
    return tuple(DayFigures(day, server[day], held[day], lost[day], left[day]) for day in kept)
