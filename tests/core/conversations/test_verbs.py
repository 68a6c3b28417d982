"""Each verb changes one thing, once, and says so once."""

import pytest

from postroom.core.accounts.models import Team
from postroom.core.conversations.actions.assign import CannotSee, assign, unassign
from postroom.core.conversations.actions.close import close, reopen
from postroom.core.conversations.actions.note import add_note
from postroom.core.conversations.actions.pend import mark_pending
from postroom.core.conversations.actions.prioritize import NoSuchPriority, set_priority
from postroom.core.conversations.actions.spam import mark_spam, not_spam
from postroom.core.conversations.actions.tag import NoSuchTag, tag, untag
from postroom.core.conversations.models import CLOSED, OPEN, PENDING, SPAM, Conversation
from postroom.core.events.models import Event
from tests.core.conftest import Desk


def kinds(conversation: Conversation) -> list[str]:
    return list(Event.objects.filter(conversation_id=conversation.pk).order_by("pk").values_list("kind", flat=True))


def test_closing_twice_says_so_once(desk: Desk) -> None:
    conversation = desk.conversation()
    assert close(conversation, by=desk.alice)
    assert not close(conversation, by=desk.bob)
    conversation.refresh_from_db()
    assert (conversation.status, conversation.waiting_since) == (CLOSED, None)
    assert kinds(conversation) == ["message.received", "conversation.closed"]


def test_reopening_undoes_closing_and_pending(desk: Desk) -> None:
    conversation = desk.conversation()
    close(conversation, by=desk.alice)
    assert reopen(conversation, by=desk.alice)
    assert mark_pending(conversation, by=desk.alice)
    conversation.refresh_from_db()
    assert conversation.status == PENDING
    assert reopen(conversation, by=desk.bob)
    assert not reopen(conversation, by=desk.bob)
    conversation.refresh_from_db()
    assert (conversation.status, conversation.closed_at) == (OPEN, None)


def test_spam_goes_away_and_comes_back_open(desk: Desk) -> None:
    conversation = desk.conversation()
    assert mark_spam(conversation, by=desk.alice)
    assert not mark_spam(conversation, by=desk.alice)
    conversation.refresh_from_db()
    assert conversation.status == SPAM
    assert not close(conversation, by=desk.alice)
    assert not_spam(conversation, by=desk.alice)
    assert not not_spam(conversation, by=desk.alice)
    conversation.refresh_from_db()
    assert conversation.status == OPEN


def test_work_is_owned_by_a_person_or_a_team_never_both(desk: Desk) -> None:
    conversation = desk.conversation()
    team = Team.objects.create(name="Workshop")
    assert assign(conversation, to=desk.alice, by=desk.bob)
    assert not assign(conversation, to=desk.alice, by=desk.bob)
    assert assign(conversation, to=team, by=desk.bob)
    conversation.refresh_from_db()
    assert (conversation.assignee, conversation.team) == (None, team)
    assert assign(conversation, to=desk.bob, by=desk.bob)
    conversation.refresh_from_db()
    assert (conversation.assignee, conversation.team) == (desk.bob, None)
    assert unassign(conversation, by=desk.bob)
    assert not unassign(conversation, by=desk.bob)


def test_work_is_not_given_to_somebody_who_cannot_see_it(desk: Desk) -> None:
    conversation = desk.conversation()
    with pytest.raises(CannotSee, match="Charlie"):
        assign(conversation, to=desk.charlie, by=desk.alice)
    assert kinds(conversation) == ["message.received"]


def test_tags_are_folded_and_counted_once(desk: Desk) -> None:
    conversation = desk.conversation()
    assert tag(conversation, name="  Late\n delivery ", by=desk.alice)
    assert not tag(conversation, name="LATE DELIVERY", by=desk.bob)
    assert [row.name for row in conversation.tags.all()] == ["late delivery"]
    assert untag(conversation, name="late delivery", by=desk.bob)
    assert not untag(conversation, name="late delivery", by=desk.bob)


@pytest.mark.parametrize("name", ["", "   ", "\x00" * 0, "x" * 61])
def test_a_tag_that_is_none_is_refused(desk: Desk, name: str) -> None:
    with pytest.raises(NoSuchTag):
        tag(desk.conversation(), name=name, by=desk.alice)


def test_a_tag_with_bytes_a_database_refuses_is_stored_without_them(desk: Desk) -> None:
    conversation = desk.conversation()
    assert tag(conversation, name="a\x00b\ud800", by=desk.alice)
    assert [row.name for row in conversation.tags.all()] == ["a\ufffdb\ufffd"]


def test_a_priority_is_one_of_four(desk: Desk) -> None:
    conversation = desk.conversation()
    assert set_priority(conversation, priority=2, by=desk.alice)
    assert not set_priority(conversation, priority=2, by=desk.alice)
    with pytest.raises(NoSuchPriority):
        set_priority(conversation, priority=3, by=desk.alice)
    event = Event.objects.get(kind="conversation.priority")
    assert event.data == {"old": 0, "new": 2}


def test_a_note_changes_neither_status_nor_owner_nor_clock(desk: Desk) -> None:
    conversation = desk.conversation()
    close(conversation, by=desk.alice)
    note = add_note(conversation, by=desk.bob, html="<p>She called, all is well.</p>", client_token="one")
    assert add_note(conversation, by=desk.bob, html="<p>She called, all is well.</p>", client_token="one") == note
    conversation.refresh_from_db()
    assert (conversation.status, conversation.assignee, conversation.message_count) == (CLOSED, None, 2)
    assert note.delivery == ""
