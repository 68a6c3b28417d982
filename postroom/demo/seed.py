"""Make the demo: a team, its mailboxes and two months of mail, through the same doors as real mail and real work."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from postroom.core.accounts.models import User
from postroom.core.conversations.models import CLOSED, PENDING, SNOOZED, SPAM, Conversation, ReadMark
from postroom.core.events.models import Bookmark, Event
from postroom.demo.plan import plan
from postroom.demo.stage import Stage
from postroom.demo.team import Team, found_demo_team
from postroom.followers.notifications.react import FOLLOWER as NOTIFICATIONS
from postroom.lib import clock
from postroom.lib.blobs import synced_together

# What came before this long was looked at by everybody.
_READ_BY_ALL = timedelta(hours=20)


class NotEmpty(Exception):
    """The demo is only put where nobody is yet."""

    def __init__(self) -> None:
        super().__init__(_("There are people here already, so the demo was not added. Nothing was changed."))


@dataclass(frozen=True)
class Demo:
    """What was made: the four people, the owner first, and how much there is of the rest."""

    people: tuple[User, ...]
    mailboxes: int
    conversations: int
    messages: int


def seed(*, now: datetime | None = None, progress: Callable[[str], None] | None = None) -> Demo:
    """Fill an empty Postroom with the demo team and its mail of the sixty days before `now` (aware; the present).

    All of it or nothing: NotEmpty when there are people, and no row stays when anything fails. `progress` is told,
    in a few words, how far it is.
    """
    now = now or clock.now()
    say = progress or _say_nothing
    # The words that the log keeps are the source's; each reader's page translates what it can.
    with translation.override("en"), transaction.atomic():
        if User.objects.exists():
            raise NotEmpty
        team = found_demo_team(began=now - timedelta(days=75))
        stage = Stage(team, now=now)
        acts = plan(now=now)
        with synced_together():
            for done, act in enumerate(acts):
                if done % 250 == 0:
                    say(_("%(done)s of %(all)s steps") % {"done": done, "all": len(acts)})
                stage.play(act)
        _read(team, now=now)
        _pass_over_old_news(now=now)
    return Demo(tuple(team.people.values()), len(team.mailboxes), len(stage.conversations), stage.messages)


def _read(team: Team, *, now: datetime) -> None:
    """What is older, done or waits for others was read by everybody; the rest of today waits to be looked at.

    In one statement, where `mark_read` would take two for each of 800 marks.
    """
    settled = Q(last_activity_at__lt=now - _READ_BY_ALL) | Q(status__in=(CLOSED, PENDING, SNOOZED, SPAM))
    newest = [(row.pk, row.last_message_id or 0) for row in Conversation.objects.filter(settled)]
    ReadMark.objects.bulk_create(
        ReadMark(user=person, conversation_id=conversation_id, message_id=message_id)
        for conversation_id, message_id in newest
        for person in team.people.values()
    )


def _pass_over_old_news(*, now: datetime) -> None:
    """Let the notifications begin with the last day: nobody wants to be told of what was answered weeks ago."""
    last = Event.objects.filter(at__lt=now - _READ_BY_ALL).order_by("id").last()
    if last:
        # A worker that runs already has made the bookmark, at the beginning of the empty log.
        place = {"xid": last.xid, "event_id": last.pk, "moved_at": now}
        Bookmark.objects.update_or_create(follower=NOTIFICATIONS.name, defaults=place)


def _say_nothing(_words: str) -> None:
    return
