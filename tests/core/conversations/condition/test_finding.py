"""What a condition finds: compared with what a person would pick by hand, in every sort, walked page by page."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from postroom.core.accounts.models import Mailbox, User
from postroom.core.conversations import selections
from postroom.core.conversations.condition import conversations, parse
from postroom.core.conversations.condition import few as fews
from postroom.core.conversations.lists import NoSuchPage, next_after, page_of
from postroom.core.conversations.models import (
    Conversation,
    Draft,
    Following,
    Mention,
    Message,
    ReadMark,
    SideThread,
)
from postroom.core.conversations.selections import SORTS, Selection, count
from tests.core.conversations.condition.conftest import NOW, Scene
from tests.people import put_on


def _tagged(one: Conversation, name: str) -> bool:
    return name in one.tags.values_list("name", flat=True)


def _marked(model: type, one: Conversation, **more: object) -> bool:
    return bool(model.objects.filter(conversation=one, **more).exists())  # type: ignore[attr-defined]


def _usual(one: Conversation) -> bool:
    return one.status not in ("spam", "trash")


Rule = Callable[[Conversation, Scene], bool]
_RULES: dict[str, Rule] = {
    "": lambda one, _s: _usual(one),
    "is:open": lambda one, _s: one.status == "open",
    "is:spam OR is:trash": lambda one, _s: not _usual(one),
    "-is:open": lambda one, _s: _usual(one) and one.status != "open",
    "is:any": lambda _one, _s: True,
    "is:any priority:urgent": lambda one, _s: one.priority == 2,
    "-(is:any priority:urgent)": lambda one, _s: _usual(one) and one.priority != 2,
    "is:unread": lambda one, s: _usual(one) and not _marked(ReadMark, one, user=s.alice),
    "is:read is:any": lambda one, s: _marked(ReadMark, one, user=s.alice),
    "is:unassigned": lambda one, _s: _usual(one) and not one.assignee_id and not one.team_id,
    "-is:assigned is:closed": lambda one, _s: one.status == "closed" and not one.assignee_id and not one.team_id,
    "is:waiting": lambda one, _s: _usual(one) and one.waiting_since is not None,
    "is:following": lambda one, s: _usual(one) and _marked(Following, one, user=s.alice),
    "is:mentioned": lambda one, s: _usual(one)
    and Mention.objects.filter(user=s.alice, message__conversation=one, message__retracted_at=None).exists(),
    "is:sensitive": lambda one, _s: _usual(one) and one.sensitive_since is not None,
    "assignee:me": lambda one, s: _usual(one) and one.assignee_id == s.alice.pk,
    "assignee:bob@team.example is:open": lambda one, s: one.status == "open" and one.assignee_id == s.bob.pk,
    "assignee:none": lambda one, _s: _usual(one) and one.assignee_id is None,
    "team:work": lambda one, _s: _usual(one) and one.team_id is not None,
    "team:mine": lambda one, _s: _usual(one) and one.team_id is not None,
    "team:none is:any": lambda one, _s: one.team_id is None,
    "mailbox:orders": lambda one, _s: _usual(one) and one.mailbox.name == "Orders",
    "-mailbox:orders": lambda one, _s: _usual(one) and one.mailbox.name != "Orders",
    "mailbox:orders OR mailbox:support@velo.example": lambda one, _s: _usual(one),
    "tag:refund": lambda one, _s: _usual(one) and _tagged(one, "refund"),
    'tag:refund -tag:"two words" is:any': lambda one, _s: _tagged(one, "refund"),
    "tag:none": lambda one, _s: _usual(one) and not one.tags.exists(),
    "-has:tag": lambda one, _s: _usual(one) and not one.tags.exists(),
    "has:attachment": lambda one, _s: _usual(one) and one.has_attachments,
    "has:note": lambda one, _s: _usual(one) and _marked(Message, one, kind="note", retracted_at=None),
    "has:draft": lambda one, s: _usual(one) and _marked(Draft, one, author=s.alice),
    "has:side-thread": lambda one, _s: _usual(one) and _marked(SideThread, one),
    "priority:high": lambda one, _s: _usual(one) and one.priority == 1,
    "before:2026-03-14": lambda one, _s: _usual(one) and one.last_activity_at < datetime(2026, 3, 14, tzinfo=UTC),
    "after:2026-03-14": lambda one, _s: _usual(one) and one.last_activity_at >= datetime(2026, 3, 14, tzinfo=UTC),
    "on:2026-03-14": lambda one, _s: _usual(one) and one.last_activity_at.date().isoformat() == "2026-03-14",
    "created:2026-02": lambda one, _s: _usual(one) and (one.created_at.year, one.created_at.month) == (2026, 2),
    "on:yesterday OR on:today": lambda one, _s: _usual(one) and one.last_activity_at.day in (17, 18)
    and one.last_activity_at.month == 3,
    "older:3d": lambda one, _s: _usual(one) and one.last_activity_at < NOW - timedelta(days=3),
    "newer:1w": lambda one, _s: _usual(one) and one.last_activity_at >= NOW - timedelta(days=7),
    "before:2026-03-17 after:2026-03-02 newer:2w older:1d": lambda one, _s: _usual(one)
    and NOW - timedelta(days=14) <= one.last_activity_at < datetime(2026, 3, 17, tzinfo=UTC),
    "created:2026-02 has:attachment before:2026-03-17": lambda one, _s: _usual(one) and one.has_attachments
    and one.created_at.month == 2 and one.last_activity_at < datetime(2026, 3, 17, tzinfo=UTC),
    "before:2026-03-16 OR after:2026-03-17": lambda one, _s: _usual(one)
    and not (datetime(2026, 3, 16, tzinfo=UTC) <= one.last_activity_at < datetime(2026, 3, 17, tzinfo=UTC)),
    "waiting:20h": lambda one, _s: _usual(one) and one.waiting_since is not None
    and one.waiting_since <= NOW - timedelta(hours=20),
    "contact:c1@shop1.example": lambda one, _s: _usual(one) and one.contact.email == "c1@shop1.example",
    "contact:shop0": lambda one, _s: _usual(one) and "shop0" in one.contact.email,
    "subject:invoice": lambda one, _s: _usual(one) and "Invoice" in one.subject,
    "bell OR invoice": lambda one, _s: _usual(one) and one.subject != "Ünder",
    "-bell": lambda one, _s: _usual(one) and one.subject != "The bell",
    "(is:open OR is:pending) (assignee:me OR priority:urgent) -tag:refund": lambda one, s: one.status
    in ("open", "pending") and (one.assignee_id == s.alice.pk or one.priority == 2) and not _tagged(one, "refund"),
}  # fmt: skip


def _by(sort: str) -> Callable[[Conversation], tuple[object, ...]]:
    def newest(one: Conversation) -> tuple[object, ...]:
        return (-one.last_activity_at.timestamp(), -one.pk)

    def waiting(one: Conversation) -> tuple[object, ...]:
        return (0, one.waiting_since.timestamp(), one.pk) if one.waiting_since else (1, *newest(one))

    return {
        "oldest": lambda one: (one.last_activity_at.timestamp(), one.pk),
        "waiting": waiting,
        "priority": lambda one: (-one.priority, *newest(one)),
    }.get(sort, newest)


@pytest.mark.parametrize(
    ("stretches", "few"), [((1_500, 20_000), 2000), ((12, 30), 3)], ids=["all at once", "bit by bit"]
)
def test_each_condition_finds_what_a_person_would_pick(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, stretches: tuple[int, int], few: int
) -> None:
    monkeypatch.setattr(selections, "_STRETCHES", stretches)
    monkeypatch.setattr(fews, "FEW", few)
    monkeypatch.setattr(fews, "_FEW_TAGGED", few)
    for number, (text, rule) in enumerate(_RULES.items()):
        wanted = [one for one in scene.own if rule(one, scene)]
        assert wanted or text == "is:sensitive", text
        sort = SORTS[number % len(SORTS)]
        assert scene.found(text, sort=sort) == [one.pk for one in sorted(wanted, key=_by(sort))], (text, sort)
        assert set(conversations(parse(text, by=scene.alice).condition, user=scene.alice)) == set(wanted), text


def test_every_sort_walks_to_its_end(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selections, "_STRETCHES", (5, 11))
    for sort in SORTS:
        for text in ("is:any", "is:any has:attachment"):
            wanted = [one for one in scene.own if not text.endswith("attachment") or one.has_attachments]
            assert scene.found(text, sort=sort) == [one.pk for one in sorted(wanted, key=_by(sort))], (text, sort)


def test_the_very_number_and_message_id_are_found_in_every_status(scene: Scene) -> None:
    thrown = next(one for one in scene.own if one.status == "trash")
    (message,) = Message.objects.filter(conversation=thrown)
    assert scene.found(f"#{thrown.pk}") == [thrown.pk]
    assert scene.found(f"id:{message.rfc_id.strip('<>')}") == [thrown.pk]
    foreign = Conversation.objects.exclude(pk__in=[one.pk for one in scene.own]).earliest("pk")
    assert scene.found(f"number:{foreign.pk}") == []


def test_a_count_is_bounded(scene: Scene) -> None:
    usual = sum(_usual(one) for one in scene.own)
    everything = Selection(parse("", by=scene.alice).condition)
    assert count(scene.alice, everything, most=1000) == (usual, False)
    assert count(scene.alice, everything, most=10) == (10, True)
    some = Selection(parse("has:attachment", by=scene.alice).condition)
    assert count(scene.alice, some, most=1000) == (sum(_usual(o) and o.has_attachments for o in scene.own), False)


def test_nobody_finds_what_they_may_not_see(scene: Scene, charlie: User, mailbox: Mailbox) -> None:
    everything = Selection(parse("is:any", by=charlie).condition)
    assert {row.mailbox_name for row in page_of(charlie, everything, limit=500).rows} == {"Board"}
    assert count(charlie, everything, most=1000)[0] == len(page_of(charlie, everything, limit=500).rows)
    theirs = parse(f"mailbox:{mailbox.address}", by=charlie)
    assert "None of your mailboxes" in theirs.faults[0].sentence
    for text in ("is:any", "has:attachment", "assignee:me", f"#{scene.own[0].pk}"):
        scene.bob.is_active = False
        assert page_of(scene.bob, Selection(parse(text, by=scene.bob).condition)).rows == ()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("tag:gone", "There is no tag “gone”."),
        ("assignee:zoe", "Nobody here is called “zoe”."),
        ("team:sales", "There is no team “sales”."),
        ("mailbox:nowhere", "None of your mailboxes"),
    ],
)
def test_a_name_that_nobody_has_is_said(alice: User, text: str, says: str) -> None:
    (fault,) = parse(f"bell {text}", by=alice).faults
    assert fault.sentence.startswith(says)
    assert (fault.at, fault.length) == (5, len(text))


def test_the_next_one_comes_after_in_the_same_order(scene: Scene) -> None:
    selection = Selection(parse("is:open", by=scene.alice).condition, "priority")
    ids = scene.found("is:open", sort="priority", limit=500)
    first, second, last = (Conversation.objects.get(pk=ids[place]) for place in (0, 1, -1))
    assert next_after(scene.alice, selection, first) == second.pk
    assert next_after(scene.alice, selection, last) == first.pk


def test_a_page_that_was_never_written_is_refused(alice: User) -> None:
    for before in ("x", "1", "1-2-3-4", "1-2-x", "9" * 30, "1-"):
        with pytest.raises(NoSuchPage):
            page_of(alice, Selection(), before=before)


def test_a_page_costs_the_same_however_many_mailboxes(scene: Scene, alice: User) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            page_of(alice, Selection(parse("has:attachment is:open", by=alice).condition))
        return len(queries)

    few = cost()
    for number in range(6):
        put_on(Mailbox.objects.create(name=f"More {number}", address=f"more{number}@velo.example"), alice)
    assert cost() == few <= 7
