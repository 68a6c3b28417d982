"""Calendar invitations as calendars send them."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postroom.channels.mail.invitations import Invitation, read_invitation
from postroom.channels.mail.parsed import Address

_FOLDER = Path(__file__).resolve().parents[2] / "mails" / "invitations"


def _read(name: str) -> Invitation:
    found = read_invitation((_FOLDER / f"{name}.ics").read_bytes())
    assert found is not None
    return found


def _utc(moment: datetime | date) -> datetime:
    assert isinstance(moment, datetime)
    return moment.astimezone(UTC)


def test_outlooks_invitation_with_its_own_name_for_the_zone() -> None:
    found = _read("outlook")
    assert found.method == "request"
    assert found.title == "Inspection of 12 bicycles"
    assert _utc(found.start) == datetime(2026, 12, 7, 8, 0, tzinfo=UTC)
    assert found.place == "Workshop, Rue Haute 12"
    assert found.organiser == Address("Ann Peeters", "ann@customers.example")
    assert [(one.person.name, one.answer, one.optional) for one in found.attendees] == [
        ("Velo Support", "", False),
        ("Kim", "accepted", True),
    ]
    assert found.notes == "We look at the brakes, and at the\n lights."
    assert found.recurrence is not None
    assert (found.recurrence.frequency, found.recurrence.interval, found.recurrence.weekdays) == ("weekly", 2, (0, 4))
    assert found.recurrence.until == date(2027, 3, 31)


@pytest.mark.parametrize(
    ("name", "method"),
    [("update", "update"), ("cancelled", "cancel"), ("answer", "reply"), ("floating", "event"), ("outlook", "request")],
)
def test_what_is_sent_is_told_apart(name: str, method: str) -> None:
    assert _read(name).method == method


def test_whole_days_end_on_their_last_day() -> None:
    assert (_read("cancelled").start, _read("cancelled").end) == (date(2026, 12, 8), date(2026, 12, 10))


def test_a_time_without_a_zone_is_said_to_have_none() -> None:
    assert _read("floating").floating
    assert _read("floating").end == datetime(2026, 12, 8, 12, 0)  # noqa: DTZ001  (that is the point)


def test_a_zone_with_a_rule_of_each_second_is_not_computed() -> None:
    assert _utc(_read("wild_zone").start) == datetime(2026, 12, 7, 8, 0, tzinfo=UTC)


def _with_zone(name: str, offset: str) -> bytes:
    return (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VTIMEZONE\r\nTZID:" + name + "\r\nBEGIN:STANDARD\r\n"
        "DTSTART:16010101T000000\r\nTZOFFSETFROM:+0000\r\nTZOFFSETTO:" + offset + "\r\nEND:STANDARD\r\n"
        "END:VTIMEZONE\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART;TZID=" + name + ":20261207T090000\r\n"
        "END:VEVENT\r\nEND:VCALENDAR\r\n"
    ).encode()


@pytest.mark.parametrize("name", ["Customized Time Zone", "Europe/Paris", "W. Europe Standard Time"])
def test_mallorys_zone_is_not_used_for_anns_mail(name: str) -> None:
    mallorys = read_invitation(_with_zone(name, "+1200"))
    anns = read_invitation(_with_zone(name, "+0100"))
    assert mallorys is not None
    assert anns is not None
    assert _utc(anns.start) == datetime(2026, 12, 7, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "data",
    [
        b"", b"BEGIN:VCALENDAR", b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", b"\xff\xfeBEGIN:VCALENDAR",
        b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:No time\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
        b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART:tomorrow\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
        b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART:99991231T235959Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
        b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART:20261207\r\nDURATION:P9999999W\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
    ],
)  # fmt: skip
def test_a_broken_calendar_is_no_invitation(data: bytes) -> None:
    assert read_invitation(data) is None


_GOOD = (_FOLDER / "outlook.ics").read_bytes()


@given(st.integers(0, len(_GOOD)), st.integers(0, 40), st.binary(max_size=20))
def test_no_damage_raises(at: int, cut: int, put: bytes) -> None:
    read_invitation(_GOOD[:at] + put + _GOOD[at + cut :])
