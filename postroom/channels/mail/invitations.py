"""Calendar invitations: what a text/calendar part says (RFC 5545, RFC 5546)."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from icalendar import Calendar

from postroom.channels.mail.invitation_zones import with_own_zones
from postroom.channels.mail.parsed import Address
from postroom.lib.text import one_line, storable

REQUEST = "request"
UPDATE = "update"
CANCEL = "cancel"
REPLY = "reply"
COUNTER = "counter"
EVENT = "event"

MAX_SIZE = 256_000
_MAX_ATTENDEES = 200


@dataclass(frozen=True, slots=True)
class Attendee:
    """Somebody invited; `answer` is accepted, declined, tentative, delegated or ""."""

    person: Address
    answer: str
    optional: bool


@dataclass(frozen=True, slots=True)
class Recurrence:
    """How an event comes again. `frequency` is daily, weekly, monthly or yearly; weekdays are 0 (Monday) to 6."""

    frequency: str
    interval: int
    weekdays: tuple[int, ...]
    count: int | None
    until: date | None


@dataclass(frozen=True, slots=True)
class Invitation:
    """One event. `start` and `end` are aware; for a whole day they are dates and `end` is its last day.

    `floating` says that no time zone was stated: the time is the same on every clock.
    """

    method: str
    uid: str
    title: str
    start: datetime | date
    end: datetime | date | None
    floating: bool
    place: str
    notes: str
    organiser: Address | None
    attendees: tuple[Attendee, ...]
    recurrence: Recurrence | None


def read_invitation(data: bytes) -> Invitation | None:
    """Return the first event of a calendar file, None when there is none that can be understood."""
    if len(data) > MAX_SIZE or b"BEGIN:VCALENDAR" not in data.upper()[:MAX_SIZE]:
        return None
    try:
        calendar = Calendar.from_ical(with_own_zones(data))
        event = next(iter(calendar.walk("VEVENT")), None)
        return _invitation(calendar, event) if event is not None else None
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, OverflowError, RecursionError):
        # The library has no one exception for broken calendars; the file stays to be downloaded.
        return None


def _invitation(calendar: Any, event: Any) -> Invitation:
    start, floating = _moment(event["DTSTART"].dt)
    people = event.get("ATTENDEE", [])
    people = people if isinstance(people, list) else [people]
    organiser = event.get("ORGANIZER")
    return Invitation(
        method=_method(calendar, event),
        uid=_line(event.get("UID"), 300),
        title=_line(event.get("SUMMARY"), 300),
        start=start,
        end=_end(event, start),
        floating=floating,
        place=_line(event.get("LOCATION"), 500),
        notes=storable(str(event.get("DESCRIPTION") or ""))[:5000].strip(),
        organiser=_person(organiser) if organiser is not None else None,
        attendees=tuple(_attendee(one) for one in people[:_MAX_ATTENDEES]),
        recurrence=_recurrence(event.get("RRULE")),
    )


def _method(calendar: Any, event: Any) -> str:
    method = str(calendar.get("METHOD") or "").upper()
    if method == "CANCEL" or str(event.get("STATUS") or "").upper() == "CANCELLED":
        return CANCEL
    if method == "REQUEST":
        return UPDATE if int(event.get("SEQUENCE") or 0) > 0 else REQUEST
    return {"REPLY": REPLY, "COUNTER": COUNTER}.get(method, EVENT)


def _moment(value: Any) -> tuple[datetime | date, bool]:
    if not isinstance(value, date) or not 1900 < value.year < 9000:
        raise ValueError("no moment that a calendar shows")
    return value, isinstance(value, datetime) and value.tzinfo is None


def _end(event: Any, start: datetime | date) -> datetime | date | None:
    if event.get("DTEND") is not None:
        end, _floating = _moment(event["DTEND"].dt)
    elif event.get("DURATION") is not None:
        end = start + event["DURATION"].dt
    else:
        return None
    if isinstance(start, datetime):
        whole = datetime.combine(end, time(), tzinfo=start.tzinfo) if not isinstance(end, datetime) else end
        return whole if (whole.tzinfo is None) == (start.tzinfo is None) and whole > start else None
    # RFC 5545 section 3.6.1: the end of whole days is the day after.
    last = (end.date() if isinstance(end, datetime) else end) - timedelta(days=1)
    return last if last > start else None


def _attendee(value: Any) -> Attendee:
    stated = value.params
    answer = str(stated.get("PARTSTAT") or "").lower()
    known = answer if answer in ("accepted", "declined", "tentative", "delegated") else ""
    return Attendee(_person(value), known, str(stated.get("ROLE") or "").upper() == "OPT-PARTICIPANT")


def _person(value: Any) -> Address:
    email = re.sub(r"(?i)^mailto:", "", str(value)).strip()
    name = _line(value.params.get("CN"), 200).strip("\"'")
    return Address(name=name if name != email else "", email=one_line(email, length=254))


def _recurrence(rule: Any) -> Recurrence | None:
    if isinstance(rule, list):
        rule = rule[0] if rule else None
    frequency = str(rule["FREQ"][0]).lower() if rule and rule.get("FREQ") else ""
    if frequency not in ("daily", "weekly", "monthly", "yearly"):
        return None
    days = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
    named = [str(day).upper()[-2:] for day in rule.get("BYDAY", [])]
    until = (rule.get("UNTIL") or [None])[0]
    return Recurrence(
        frequency=frequency,
        interval=int((rule.get("INTERVAL") or [1])[0]),
        weekdays=tuple(sorted({days.index(day) for day in named if day in days})) if frequency == "weekly" else (),
        count=int(rule["COUNT"][0]) if rule.get("COUNT") else None,
        until=until.date() if isinstance(until, datetime) else until if isinstance(until, date) else None,
    )


def _line(value: object, length: int) -> str:
    return one_line(str(value or ""), length=length)
