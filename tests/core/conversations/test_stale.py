"""A reply written against an old state is stopped with what others did since; one's own doing stops nothing."""

from collections.abc import Callable

import pytest

from postroom.core.accounts.models import Mailbox, Team, User
from postroom.core.conversations.actions.assign import assign, unassign
from postroom.core.conversations.actions.change_contact import change_contact
from postroom.core.conversations.actions.close import close, reopen
from postroom.core.conversations.actions.note import add_note
from postroom.core.conversations.actions.pend import mark_pending
from postroom.core.conversations.actions.refusals import ConversationMoved
from postroom.core.conversations.actions.reply import reply
from postroom.core.conversations.actions.spam import mark_spam
from postroom.core.conversations.actions.stale import changed_since
from postroom.core.conversations.actions.tag import tag
from postroom.core.conversations.actions.trash import trash
from postroom.core.conversations.actions.unsend import unsend
from postroom.core.conversations.automatic import BOUNCE
from postroom.core.conversations.models import Contact, Conversation
from postroom.core.conversations.state import State
from postroom.core.events.kinds import ContactChanged, MovedToMailbox
from postroom.core.events.models import Event
from postroom.lib import clock
from tests.core.conftest import Desk

pytestmark = pytest.mark.django_db
HELLO = "<p>Hello</p>"


def _now(conversation: Conversation) -> Conversation:
    return Conversation.objects.select_related("mailbox", "contact").get(pk=conversation.pk)


def _stopped(desk: Desk, act: Callable[[Conversation, User], object], *, by: User | None = None) -> list[str]:
    """Let somebody act after Alice began to write, and return what her reply is stopped for."""
    conversation = _now(desk.conversation())
    seen, state = conversation.last_message_id, State.of(conversation)
    act(conversation, by or desk.bob)
    if (changed := changed_since(conversation, by=desk.alice, seen=seen, state=state)) is None:
        return []
    with pytest.raises(ConversationMoved, match="Your draft is safe"):
        reply(_now(conversation), by=desk.alice, html=HELLO, seen=seen, state=state)
    # Read now: the next try goes.
    assert reply(_now(conversation), by=desk.alice, html=HELLO, seen=changed.latest, state=changed.state).pk
    return [message.kind for message in changed.messages] + [event.kind for event in changed.events]


def test_what_others_say_stops_a_reply(desk: Desk) -> None:
    assert _stopped(desk, lambda one, _by: desk.mail("And?", conversation=one, rfc_id="<2@c.example>")) == ["in"]
    assert _stopped(desk, lambda one, by: reply(one, by=by, html=HELLO)) == ["out"]
    assert _stopped(desk, lambda one, by: unsend(reply(one, by=by, html=HELLO), by=by)) == []
    assert _stopped(desk, lambda one, by: add_note(one, by=by, html=HELLO)) == []
    assert _stopped(desk, lambda one, _by: desk.mail("Gone", conversation=one, automatic=BOUNCE, rfc_id="<3@c>")) == []


def test_what_others_do_stops_a_reply(desk: Desk) -> None:
    assert _stopped(desk, lambda one, by: close(one, by=by)) == ["conversation.closed"]
    assert _stopped(desk, lambda one, by: mark_pending(one, by=by)) == ["conversation.pending"]
    assert _stopped(desk, lambda one, by: mark_spam(one, by=by)) == ["conversation.spam"]
    assert _stopped(desk, lambda one, by: trash(one, by=by)) == ["conversation.trashed"]
    assert _stopped(desk, lambda one, by: assign(one, to=desk.bob, by=by)) == ["conversation.assigned"]
    team = Team.objects.create(name="Workshop")
    assert _stopped(desk, lambda one, by: assign(one, to=team, by=by)) == ["conversation.assigned"]
    both = _stopped(desk, lambda one, by: (assign(one, to=desk.bob, by=by), close(one, by=by)))
    assert both == ["conversation.closed", "conversation.assigned"]


def test_a_reply_to_the_customer_of_before_is_stopped_whoever_changed_that(desk: Desk) -> None:
    conversation = _now(desk.conversation())
    seen, state = conversation.last_message_id, State.of(conversation)
    change_contact(conversation, email="eve@customers.example", by=desk.alice)
    with pytest.raises(ConversationMoved) as moved:
        reply(_now(conversation), by=desk.alice, html=HELLO, to=["ANN@customers.example"], seen=seen, state=state)
    assert [event.kind for event in moved.value.changed.events] == [ContactChanged.name]
    # Her own doing: to the new one it goes, and so it does to the one before, once she has said so.
    reply(_now(conversation), by=desk.alice, html=HELLO, to=["eve@customers.example"], seen=seen, state=state)
    known = moved.value.changed.state
    reply(_now(conversation), by=desk.alice, html=HELLO, to=["ann@customers.example"], seen=seen, state=known)


def test_what_is_undone_or_changes_nothing_for_the_writer_stops_nothing(desk: Desk) -> None:
    assert _stopped(desk, lambda one, by: (close(one, by=by), reopen(one, by=by))) == []
    assert _stopped(desk, lambda one, by: (assign(one, to=by, by=by), unassign(one, by=by))) == []
    assert _stopped(desk, lambda one, by: assign(one, to=desk.alice, by=by)) == []
    assert _stopped(desk, lambda one, by: tag(one, name="late", by=by)) == []
    assert _stopped(desk, lambda one, by: close(one, by=by), by=desk.alice) == []
    assert _stopped(desk, lambda one, by: assign(one, to=desk.bob, by=by), by=desk.alice) == []


def test_another_mailbox_and_another_customer_are_other_letters(desk: Desk) -> None:
    conversation = _now(desk.conversation())
    state = State.of(conversation)
    other = Mailbox.objects.create(name="Orders", address="orders@velo.example")
    carl = Contact.objects.create(email="carl@customers.example")
    Conversation.objects.filter(pk=conversation.pk).update(mailbox=other, contact=carl)
    for kind in (MovedToMailbox, ContactChanged):
        who = {"actor_kind": "user", "actor_id": desk.bob.pk}
        Event.objects.create(kind=kind.name, conversation_id=conversation.pk, at=clock.now(), data={}, **who)
    changed = changed_since(conversation, by=desk.alice, seen=None, state=state)
    assert changed
    assert [event.kind for event in changed.events] == [MovedToMailbox.name, ContactChanged.name]


def test_a_state_is_read_as_it_was_written_and_nothing_else_is(desk: Desk) -> None:
    conversation = desk.conversation()
    assert State.parse(str(State.of(conversation))) == State.of(conversation)
    for odd in ("", "open", "open.p1.2", "open.x1.2.3", "open.p1.2.3\n", "open.p٣.2.3", "open.p1.2." + "9" * 30):
        assert State.parse(odd) is None
