"""When somebody is told that mail has trouble, and when nobody is."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest

from postroom.channels.mail import alarm_words, reasons
from postroom.channels.mail.alarm_list import alarms_for, alarms_of
from postroom.channels.mail.alarms import look
from postroom.channels.mail.figures import FolderFigures
from postroom.channels.mail.intake import accept
from postroom.channels.mail.models import QUARANTINED, Alarm, Census, IncomingMail, Source
from postroom.channels.mail.silence import silences
from postroom.channels.mail.watches import WATCHES, Found, failing
from postroom.core.accounts.models import Mailbox, User
from postroom.core.conversations.actions.receive import receive
from postroom.core.conversations.models import Message
from postroom.core.conversations.models.message import DEFERRED, OUT, REFUSED, UNCERTAIN
from postroom.core.events.follow import follow
from postroom.core.events.models import Event
from postroom.followers.notifications.models import ALARM
from postroom.followers.notifications.react import FOLLOWER
from postroom.followers.notifications.read import notifications_of
from postroom.lib import clock
from tests.incoming import incoming

pytestmark = pytest.mark.django_db(transaction=True)

# A Wednesday, 15:00 in UTC.
NOW = datetime(2026, 6, 17, 15, tzinfo=UTC)


def _mails(mailbox: Mailbox, moments: Iterable[datetime]) -> None:
    IncomingMail.objects.bulk_create(
        IncomingMail(mailbox=mailbox, transport="lmtp", digest="0" * 64, size=1, received_at=at, state="filed")
        for at in sorted(moments)
    )


def _office_hours(*, until: datetime) -> list[datetime]:
    """A mail every twenty minutes, Monday to Friday from 8 to 18, in the nine weeks before."""
    begin = until - timedelta(weeks=9)
    steps = (begin + timedelta(minutes=20 * n) for n in range(9 * 7 * 72))
    return [at for at in steps if at.weekday() < 5 and 8 <= at.hour < 18 and at <= until]


def test_a_busy_mailbox_that_falls_silent_at_noon_is_noticed(mailbox: Mailbox) -> None:
    _mails(mailbox, _office_hours(until=NOW - timedelta(hours=6, minutes=30)))
    (silence,) = silences(NOW)
    assert silence.lasts > timedelta(hours=6)
    assert silence.usual < timedelta(hours=1)


@pytest.mark.parametrize(
    "now", [NOW, NOW.replace(hour=3), datetime(2026, 6, 14, 12, tzinfo=UTC), datetime(2026, 6, 15, 8, 5, tzinfo=UTC)]
)
def test_nights_and_weekends_are_silent_as_ever(mailbox: Mailbox, now: datetime) -> None:
    _mails(mailbox, _office_hours(until=now))
    assert list(silences(now)) == []


def test_a_mailbox_with_two_mails_a_month_cries_for_nobody(mailbox: Mailbox) -> None:
    _mails(mailbox, [NOW - timedelta(days=15 * n) for n in range(1, 8)])
    assert list(silences(NOW)) == []


def test_a_new_mailbox_has_no_usual_yet(mailbox: Mailbox) -> None:
    _mails(mailbox, [NOW - timedelta(hours=n) for n in range(7, 100)])
    assert list(silences(NOW)) == []


def _source(mailbox: Mailbox, **fields: object) -> Source:
    return Source.objects.create(mailbox=mailbox, host="mail.example", username="ann", **fields)


def test_a_source_that_fails_for_longer_than_half_an_hour_is_an_alarm(mailbox: Mailbox) -> None:
    source = _source(mailbox, last_error="refused", last_error_at=NOW, last_ok_at=NOW - timedelta(minutes=20))
    assert list(failing(NOW)) == []
    (found,) = failing(NOW + timedelta(minutes=20))
    assert (found.mailbox_id, found.about, found.since) == (mailbox.pk, f"source.{source.pk}", source.last_ok_at)


def test_everything_that_is_wrong_is_found_and_said_in_a_sentence(mailbox: Mailbox) -> None:
    now = clock.now()
    source = _source(mailbox, last_error="refused", last_error_at=now, last_ok_at=now - timedelta(hours=2))
    cursor = source.cursors.create(folder="INBOX", uidvalidity=1)
    figures = FolderFigures("INBOX", cursor.pk, 1, 5, 3, 0, 0, missing=2, gone=0, missing_uids=(4, 5))
    Census.objects.create(source=source, at=now, folders=[figures.plain()])
    mail = accept(b"From: a@b.example\n\nx", mailbox=mailbox, transport="lmtp")
    IncomingMail.objects.filter(pk=mail.pk).update(state=QUARANTINED, reason=reasons.KILLED_READER)
    conversation = receive(mailbox=mailbox, mail=incoming()).conversation
    for delivery in (REFUSED, UNCERTAIN, DEFERRED):
        at = now - timedelta(hours=5)
        Message.objects.create(
            conversation=conversation,
            kind=OUT,
            delivery=delivery,
            created_at=at,
            send_after=now if delivery == DEFERRED else None,
        )
    look(WATCHES, now=now)
    alarms = {alarm.kind: alarm for alarm in Alarm.objects.all()}
    assert set(alarms) == {
        alarm_words.FAILING,
        alarm_words.COUNTS_DIFFER,
        alarm_words.QUARANTINE,
        alarm_words.REFUSED,
        alarm_words.UNCERTAIN,
        alarm_words.DEFERRED,
    }
    for alarm in alarms.values():
        said = alarm_words.sentence(alarm.kind, alarm.detail)
        assert "%(" not in said
        assert said != str(alarm_words.words("?").sentence)
    assert alarms[alarm_words.COUNTS_DIFFER].detail["n"] == 2


@pytest.mark.parametrize("kind", alarm_words.WORDS)
def test_an_alarm_of_any_kind_has_words_even_without_its_numbers(kind: str) -> None:
    assert alarm_words.sentence(kind, {})
    assert alarm_words.words(kind).page in ("settings", "ledger", "quarantine", "inbox", "letters")


def test_an_alarm_is_raised_once_told_once_and_ends(mailbox: Mailbox, alice: User, bob: User, charlie: User) -> None:
    found = [Found(mailbox.pk, alarm_words.FAILING, NOW, "source.1", {"host": "mail.example"})]
    for _ in range(3):
        look([lambda _now: found], now=NOW)
    while follow(FOLLOWER):
        pass
    assert Alarm.objects.get().ended_at is None
    assert [one.reason for one in notifications_of(alice)] == [ALARM]
    assert not notifications_of(bob)
    assert [len(alarms_for(user)) for user in (alice, bob, charlie)] == [1, 1, 0]
    look([lambda _now: []], now=clock.now())
    assert [len(alarms_for(user)) for user in (alice, bob, charlie)] == [0, 0, 0]
    assert alarms_of(mailbox).get().ended_at
    assert list(Event.objects.order_by("pk").values_list("kind", flat=True)) == [
        "mail.alarm_raised",
        "mail.alarm_ended",
    ]
    look([lambda _now: found], now=NOW)
    assert Alarm.objects.count() == 2
