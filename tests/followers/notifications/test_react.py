"""People are told what they were given and who answered, once, and only what they may see."""

import pytest

from postroom.core.accounts.models import Membership, Team
from postroom.core.conversations.actions.assign import assign
from postroom.core.events.follow import Follower, follow
from postroom.core.events.models import Bookmark, Event
from postroom.followers.notifications.models import ANSWERED, GIVEN, Notification
from postroom.followers.notifications.react import FOLLOWER
from postroom.followers.notifications.read import notifications_of, see, unseen
from tests.core.conftest import Desk

# The follower reads what is committed: on PostgreSQL an event is settled only when its transaction is over.
pytestmark = pytest.mark.django_db(transaction=True)


def told(desk: Desk) -> list[tuple[str, str, str]]:
    _follow_all(FOLLOWER)
    rows = Notification.objects.order_by("pk")
    return [(row.user.name, row.reason, row.who) for row in rows]


def _follow_all(follower: Follower) -> None:
    while follow(follower):
        pass


def test_who_is_given_work_is_told_and_the_giver_is_not(desk: Desk) -> None:
    conversation = desk.conversation()
    assign(conversation, to=desk.alice, by=desk.bob)
    assign(conversation, to=desk.bob, by=desk.bob)
    assert told(desk) == [("Alice", GIVEN, "Bob")]


def test_the_owner_is_told_when_the_customer_answers(desk: Desk) -> None:
    conversation = desk.conversation()
    assign(conversation, to=desk.alice, by=desk.alice)
    desk.mail("Thanks!", conversation=conversation)
    assert told(desk) == [("Alice", ANSWERED, "Ann Peeters")]


def test_a_team_is_told_but_for_those_who_cannot_see_it(desk: Desk) -> None:
    team = Team.objects.create(name="Workshop")
    team.members.set([desk.alice, desk.bob, desk.charlie])
    assign(desk.conversation(), to=team, by=desk.bob)
    assert told(desk) == [("Alice", GIVEN, "Bob")]


def test_following_again_from_the_start_tells_nobody_twice(desk: Desk) -> None:
    assign(desk.conversation(), to=desk.alice, by=desk.bob)
    told(desk)
    Bookmark.objects.update(xid=0, event_id=0)
    assert told(desk) == [("Alice", GIVEN, "Bob")]


def test_what_was_seen_is_no_longer_counted_and_what_is_lost_from_sight_is_not_shown(desk: Desk) -> None:
    conversation = desk.conversation()
    assign(conversation, to=desk.alice, by=desk.bob)
    told(desk)
    assert unseen(desk.alice) == 1
    assert see(desk.alice, conversation=conversation) == 1
    assert unseen(desk.alice) == 0
    Membership.objects.filter(user=desk.alice).delete()
    assert not notifications_of(desk.alice).exists()


def test_a_failing_follower_keeps_its_place_and_says_why(desk: Desk) -> None:
    desk.conversation()
    desk.conversation()
    met: list[int] = []

    def stumble(event: Event) -> None:
        met.append(event.pk)
        if len(met) == 2:
            raise ValueError("a stone")

    follower = Follower(name="stumbling", react=stumble)
    with pytest.raises(ValueError, match="stone"):
        # A slow machine does fewer at once.
        _follow_all(follower)
    bookmark = Bookmark.objects.get(follower="stumbling")
    assert bookmark.event_id == met[0]
    assert "stone" in bookmark.problem
    assert follow(follower) == 1
    bookmark.refresh_from_db()
    assert (bookmark.event_id, bookmark.problem) == (met[1], "")
