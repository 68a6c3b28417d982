"""Each kind goes the ways that a person chose, and none of them in their quiet hours."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from postroom.core.accounts.models import Letter, User
from postroom.core.accounts.models.session import Session
from postroom.core.conversations.actions.drafts import Words, save_draft
from postroom.core.conversations.actions.note import add_note
from postroom.core.conversations.actions.share_draft import comment, share, take_over
from postroom.core.conversations.models import Conversation
from postroom.core.conversations.models.following import Following, Mention
from postroom.core.events.follow import follow
from postroom.followers.notifications.actions.choose import NoSuchQuietHours, Wanted, choose
from postroom.followers.notifications.letters import write_next
from postroom.followers.notifications.models import Choices, Notification, Telling
from postroom.followers.notifications.quiet import next_moment
from postroom.followers.notifications.react import FOLLOWER
from postroom.followers.notifications.read import unseen
from postroom.followers.notifications.words import sentence
from postroom.lib import clock
from tests.followers.notifications.at_home import ALL_WAYS, Home

pytestmark = pytest.mark.django_db(transaction=True)

OFFICE = {str(day): [["09:00", "17:00"]] for day in range(1, 6)}


def _letters() -> list[Letter]:
    while write_next():
        pass
    return list(Letter.objects.order_by("pk"))


def test_a_letter_tells_all_that_nobody_looked_at_for_two_minutes(home: Home, settings: object) -> None:
    home.choose()
    settings.POSTROOM_BASE_URL = "https://post.velo.example"  # type: ignore[attr-defined]
    first, second = home.give(), home.give(subject="And my bell?")
    assert _letters() == []
    with clock.at(clock.now() + timedelta(minutes=3)):
        [letter] = _letters()
    assert (letter.to, letter.subject) == ("bob@team.example", "2 things for you in Postroom")
    assert f"And my bell? #{second.pk}\nhttps://post.velo.example/conversations/{second.pk}" in letter.text
    assert f"#{first.pk}" in letter.text
    assert not Telling.objects.exists()


def test_what_is_looked_at_is_not_written(home: Home) -> None:
    home.choose()
    home.give()
    Notification.objects.update(seen_at=clock.now())
    with clock.at(clock.now() + timedelta(minutes=3)):
        assert _letters() == []
    assert not Telling.objects.exists()


def test_a_kind_may_go_by_push_only_or_not_at_all_and_some_are_always_listed(home: Home) -> None:
    home.subscribe()
    home.choose(ways={**ALL_WAYS, "given": ["push"]})
    home.give()
    assert len(home.arrived()) == 1
    assert unseen(home.desk.bob) == 0
    home.choose(ways={})
    home.give()
    assert Notification.objects.count() == 1
    assert "signed_in" not in Choices.objects.get().ways or not Choices.objects.get().ways["signed_in"]


def test_who_wants_it_is_told_of_new_conversations_and_nobody_else(home: Home) -> None:
    for person in (home.desk.bob, home.desk.charlie):
        choose(person, Wanted(ways={"started": ["app"]}))
    home.desk.mail("Hello?")
    while follow(FOLLOWER):
        pass
    assert [(row.user.name, row.reason, row.who) for row in Notification.objects.all()] == [
        ("Bob", "started", "Ann Peeters")
    ]


def test_the_mentioned_hear_that_before_that_they_follow(home: Home) -> None:
    conversation = Conversation.objects.get(pk=home.desk.mail().conversation_id)
    while follow(FOLLOWER):
        pass
    for person in (home.desk.alice, home.desk.bob, home.desk.charlie):
        Following.objects.create(user=person, conversation=conversation)
    note = add_note(conversation, html="<p>@Bob, please look.</p>", by=home.desk.alice)
    Mention.objects.get_or_create(message=note, user=home.desk.bob)
    while follow(FOLLOWER):
        pass
    rows = Notification.objects.filter(reason__in=("mentioned", "followed")).order_by("pk")
    assert [(row.user.name, row.reason) for row in rows] == [("Bob", "mentioned")]


def test_whoever_writes_a_draft_hears_who_says_something_about_it_or_goes_on_with_it(home: Home) -> None:
    desk = home.desk
    conversation = Conversation.objects.get(pk=desk.mail().conversation_id)
    draft = save_draft(conversation, by=desk.bob, words=Words("reply", "<p>Dear Ann</p>"))
    share(draft, by=desk.bob)
    comment(draft, by=desk.alice, text="Shorter")
    comment(draft, by=desk.bob, text="Yes")
    take_over(draft, by=desk.alice)
    # It is hers now, so what he says is for her.
    comment(draft, by=desk.bob, text="Thanks")
    while follow(FOLLOWER):
        pass
    told = Notification.objects.order_by("pk")
    assert [(row.user.name, row.reason, row.who) for row in told] == [
        ("Bob", "commented", "Alice"),
        ("Bob", "taken_over", "Alice"),
        ("Alice", "commented", "Bob"),
    ]
    assert [sentence(row.reason, row.who) for row in told][1] == "Alice took your draft over"


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/Brussels"))


@pytest.mark.parametrize(
    ("choices", "now", "then"),
    [
        # A Wednesday's night, from before and after midnight.
        ({"quiet_from": "22:00", "quiet_until": "07:00"}, "2026-11-18T23:10", "2026-11-19T07:00"),
        ({"quiet_from": "22:00", "quiet_until": "07:00"}, "2026-11-19T02:00", "2026-11-19T07:00"),
        ({"quiet_from": "22:00", "quiet_until": "07:00"}, "2026-11-18T21:59", "2026-11-18T21:59"),
        ({"quiet_from": "12:00", "quiet_until": "13:00"}, "2026-11-18T12:30", "2026-11-18T13:00"),
        # From Friday evening to Monday morning.
        ({"only_working_hours": True}, "2026-11-20T17:00", "2026-11-23T09:00"),
        ({"only_working_hours": True}, "2026-11-20T16:59", "2026-11-20T16:59"),
        (
            {"only_working_hours": True, "quiet_from": "08:00", "quiet_until": "10:00"},
            "2026-11-23T08:30",
            "2026-11-23T10:00",
        ),
        # Working hours that are all quiet hold nothing for ever.
        (
            {"only_working_hours": True, "quiet_from": "08:00", "quiet_until": "18:00"},
            "2026-11-23T08:30",
            "2026-11-23T08:30",
        ),
        # The night in which clocks are put forward.
        ({"quiet_from": "22:00", "quiet_until": "07:00"}, "2026-03-29T01:30", "2026-03-29T07:00"),
        ({}, "2026-11-18T03:00", "2026-11-18T03:00"),
    ],
)
def test_quiet_hours_end_in_the_persons_own_time_zone(choices: dict[str, object], now: str, then: str) -> None:
    person = User(time_zone="Europe/Brussels", working_hours=OFFICE)
    assert next_moment(person, Choices(user=person, **choices), now=_at(now)) == _at(then)


def test_on_holiday_nothing_leaves(home: Home) -> None:
    person, now = home.desk.bob, _at("2026-11-18T12:00")
    person.away_from = now - timedelta(days=1)
    assert next_moment(person, Choices(user=person), now=now) is None
    person.away_until = now + timedelta(days=3)
    assert next_moment(person, Choices(user=person), now=now) == person.away_until


def test_what_gathered_in_quiet_hours_is_one_push(home: Home) -> None:
    home.subscribe()
    Session.objects.update(expire_date=_at("2100-01-01T00:00"))
    User.objects.filter(pk=home.desk.bob.pk).update(time_zone="Europe/Brussels")
    home.choose(quiet_from="22:00", quiet_until="07:00", says_more=True)
    # Push services count the time themselves: what is signed in the past has run out.
    night = _at("2099-11-18T23:00")
    with clock.at(night):
        home.give()
        home.give()
        assert home.arrived() == []
    with clock.at(night + timedelta(hours=8)):
        [push] = home.arrived()
    assert (push["title"], push["conversation"], push["unseen"]) == ("2 things happened meanwhile", None, 2)


def test_quiet_hours_have_two_ends(home: Home) -> None:
    for start, end in (("22:00", ""), ("", "07:00"), ("22:00", "22:00")):
        with pytest.raises(NoSuchQuietHours):
            home.choose(quiet_from=start, quiet_until=end)
