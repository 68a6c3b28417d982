"""Moments are those of the clock on somebody's wall, on the days when it is changed too."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from postroom.core.conversations.moments import (
    NoMoment,
    PassedMoment,
    TooFar,
    presets,
    refuse_impossible,
    typed_moment,
)

BRUSSELS = ZoneInfo("Europe/Brussels")
NEW_YORK = ZoneInfo("America/New_York")
APIA = ZoneInfo("Pacific/Apia")
# A Wednesday.
NOON = datetime(2026, 11, 25, 11, 0, tzinfo=UTC)


def _offered(now: datetime, zone: ZoneInfo, hours: object = None) -> dict[str, str]:
    found = presets(now=now, zone=zone, working_hours=hours)
    return {one.code: f"{one.at.astimezone(zone):%a %d %b %H:%M}" for one in found}


def test_what_is_offered_at_noon() -> None:
    assert _offered(NOON, BRUSSELS) == {
        "later": "Wed 25 Nov 15:00",
        "evening": "Wed 25 Nov 18:00",
        "tomorrow": "Thu 26 Nov 09:00",
        "week": "Mon 30 Nov 09:00",
        "month": "Wed 23 Dec 09:00",
    }


def test_late_at_night_nothing_is_later_today() -> None:
    offered = _offered(NOON.replace(hour=22), BRUSSELS)
    assert list(offered) == ["tomorrow", "week", "month"]


def test_on_a_sunday_tomorrow_is_not_offered_twice() -> None:
    assert list(_offered(datetime(2026, 11, 22, 19, tzinfo=UTC), BRUSSELS)) == ["later", "tomorrow", "month"]


def test_tomorrow_is_the_readers_own_tomorrow() -> None:
    # 11:00 in London is the next day on Samoa already.
    assert _offered(NOON, APIA)["tomorrow"] == "Fri 27 Nov 09:00"
    assert _offered(NOON, NEW_YORK)["tomorrow"] == "Thu 26 Nov 09:00"


def test_a_morning_begins_when_the_persons_work_does() -> None:
    hours = {"4": [["07:30", "15:00"]], "1": [["nonsense", "15:00"]]}
    offered = _offered(NOON, BRUSSELS, hours)
    assert (offered["tomorrow"], offered["week"]) == ("Thu 26 Nov 07:30", "Mon 30 Nov 09:00")


@pytest.mark.parametrize("saturday", [datetime(2026, 3, 28, 12, tzinfo=UTC), datetime(2026, 10, 24, 12, tzinfo=UTC)])
def test_nine_is_nine_on_the_day_the_clock_is_changed(saturday: datetime) -> None:
    found = {one.code: one.at for one in presets(now=saturday, zone=BRUSSELS)}
    assert f"{found['tomorrow'].astimezone(BRUSSELS):%a %H:%M}" == "Sun 09:00"
    before = datetime(saturday.year, saturday.month, saturday.day, 9, tzinfo=BRUSSELS).astimezone(UTC)
    assert found["tomorrow"] - before == timedelta(hours=23 if saturday.month == 3 else 25)


def test_a_typed_time_is_read_by_the_wall_clock() -> None:
    assert typed_moment("2026-07-01T09:00", zone=BRUSSELS) == datetime(2026, 7, 1, 7, tzinfo=UTC)
    assert typed_moment("2026-12-01T09:00", zone=BRUSSELS) == datetime(2026, 12, 1, 8, tzinfo=UTC)
    # One that is offered names its own offset, whatever the zone.
    assert typed_moment("2026-12-01T09:00:00+00:00", zone=BRUSSELS) == datetime(2026, 12, 1, 9, tzinfo=UTC)


def test_a_time_that_is_leapt_over_and_one_that_comes_twice() -> None:
    # 02:30 does not exist on 29 March: as long after midnight, the wall says 03:30.
    leapt = typed_moment("2026-03-29T02:30", zone=BRUSSELS)
    assert f"{leapt.astimezone(BRUSSELS):%H:%M}" == "03:30"
    # 02:30 comes twice on 25 October; the first is meant.
    assert typed_moment("2026-10-25T02:30", zone=BRUSSELS) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["", "tomorrow", "2026-02-30T09:00", "2026-01-01", "0001-01-01T00:00", "9999-12-31T23:59+00:00x", "１０"]
)
def test_what_is_no_moment_is_said_to_be_none(text: str) -> None:
    with pytest.raises(NoMoment):
        typed_moment(text, zone=ZoneInfo("Asia/Tokyo"))


def test_moments_that_cannot_be_meant() -> None:
    with pytest.raises(PassedMoment):
        refuse_impossible(NOON, now=NOON)
    with pytest.raises(TooFar):
        refuse_impossible(NOON + timedelta(days=800), now=NOON)
    refuse_impossible(NOON + timedelta(minutes=1), now=NOON)
