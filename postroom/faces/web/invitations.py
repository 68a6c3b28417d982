"""Invitations among a message's files, as cards."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from postroom.channels.mail.invitations import (
    CANCEL,
    COUNTER,
    MAX_SIZE,
    REPLY,
    REQUEST,
    UPDATE,
    Attendee,
    Invitation,
    read_invitation,
)
from postroom.channels.mail.parsed import Address
from postroom.core.conversations.models import Attachment
from postroom.core.storage import blobs
from postroom.faces.web.recurrences import recurrence_words
from postroom.lib.blobs import BlobMissing

_MOST = 3


@dataclass(frozen=True)
class Guest:
    """Somebody invited, and what they answered, in words."""

    name: str
    address: str
    answer: str
    words: str


@dataclass(frozen=True)
class Card:
    """An invitation as the page shows it; times are in the reader's zone."""

    kind: str
    headline: str
    title: str
    when: str
    zone: str
    again: str
    place: str
    organiser: str
    guests: tuple[Guest, ...]
    notes: str
    file: Attachment


def is_calendar(file: Attachment) -> bool:
    """Tell whether the file may hold an invitation."""
    return file.size <= MAX_SIZE and (
        file.content_type.lower() == "text/calendar" or file.name.lower().endswith((".ics", ".ical"))
    )


def cards(files: list[Attachment]) -> tuple[Card, ...]:
    """Return a card for each event among the files; programs send the same one twice, as text and as a file."""
    found: dict[tuple[str, str], Card] = {}
    for file in filter(is_calendar, files):
        try:
            invitation = read_invitation(blobs().get(file.digest))
        except BlobMissing:
            continue
        if invitation is not None and len(found) < _MOST:
            found.setdefault((invitation.uid or file.digest, invitation.method), _card(invitation, file))
    return tuple(found.values())


def _card(invitation: Invitation, file: Attachment) -> Card:
    return Card(
        kind=invitation.method,
        headline=_headline(invitation),
        title=invitation.title or _("Event without a title"),
        when=_when(invitation),
        zone=_zone(invitation),
        again=recurrence_words(invitation.recurrence) if invitation.recurrence else "",
        place=invitation.place,
        organiser=str(_named(invitation.organiser)) if invitation.organiser else "",
        guests=tuple(map(_guest, invitation.attendees)),
        notes=invitation.notes,
        file=file,
    )


def _headline(invitation: Invitation) -> str:
    if invitation.method == REPLY and len(invitation.attendees) == 1:
        who = _named(invitation.attendees[0].person)
        match invitation.attendees[0].answer:
            case "accepted":
                return _("%(who)s comes") % {"who": who}
            case "declined":
                return _("%(who)s does not come") % {"who": who}
            case "tentative":
                return _("%(who)s comes perhaps") % {"who": who}
    return {
        REQUEST: _("Invitation"),
        UPDATE: _("Invitation, changed"),
        CANCEL: _("Cancelled"),
        REPLY: _("Answer to an invitation"),
        COUNTER: _("Another time is proposed"),
    }.get(invitation.method, _("Event"))


def _when(invitation: Invitation) -> str:
    start, end = invitation.start, invitation.end
    if not isinstance(start, datetime):
        first = _day(start)
        return _("%(first)s to %(last)s, whole days") % {"first": first, "last": _day(end)} if end else (
            _("%(day)s, the whole day") % {"day": first}
        )  # fmt: skip
    start = _local(start)
    if not isinstance(end, datetime):
        return _("%(day)s, %(time)s") % {"day": _day(start), "time": _time(start)}
    end = _local(end)
    if start.date() == end.date():
        return _("%(day)s, %(start)s to %(end)s") % {"day": _day(start), "start": _time(start), "end": _time(end)}
    return _("%(day)s, %(start)s to %(last)s, %(end)s") % {
        "day": _day(start), "start": _time(start), "last": _day(end), "end": _time(end),
    }  # fmt: skip


def _local(moment: datetime) -> datetime:
    return timezone.localtime(moment) if timezone.is_aware(moment) else moment


def _zone(invitation: Invitation) -> str:
    if not isinstance(invitation.start, datetime):
        return ""
    if invitation.floating:
        return _("no time zone stated")
    return timezone.get_current_timezone_name()


def _day(moment: date | None) -> str:
    return date_format(moment, pgettext("date format", "l j F Y")) if moment else ""


def _time(moment: datetime) -> str:
    return f"{moment:%H:%M}"


def _named(person: Address) -> str:
    return person.name or person.email


def _guest(attendee: Attendee) -> Guest:
    words = {
        "accepted": _("comes"),
        "declined": _("does not come"),
        "tentative": _("perhaps"),
        "delegated": _("sends somebody"),
    }.get(attendee.answer, _("optional") if attendee.optional else "")
    return Guest(_named(attendee.person), attendee.person.email, attendee.answer, words)
