"""A note on second thoughts: its writer changes it or takes it back, and what it said is kept or gone from sight."""

import pytest

from postroom.core.conversations.actions.edit_note import (
    NoNote,
    NothingLeft,
    NotTheirs,
    Retracted,
    edit_note,
    restore_note,
    retract_note,
)
from postroom.core.conversations.actions.note import add_note
from postroom.core.conversations.actions.reply import reply
from postroom.core.conversations.actions.unsend import unsend
from postroom.core.conversations.actions.upload import attach
from postroom.core.conversations.models import Attachment, Conversation, Mention, Message
from postroom.core.conversations.models.note_version import NoteVersion
from postroom.core.events.models import Event
from tests.core.conftest import Desk

PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
def note(desk: Desk) -> Message:
    """Alice's note."""
    return add_note(desk.conversation(), by=desk.alice, html="<p>Ask the workshop.</p>")


def test_what_a_note_said_before_is_kept(desk: Desk, note: Message) -> None:
    assert edit_note(note, html="<p>Ask <b>Bob</b>.<script>x</script></p>", by=desk.alice)
    assert not edit_note(note, html="<p>Ask <b>Bob</b>.</p>", by=desk.alice)
    note.refresh_from_db()
    assert (note.text, note.edited_at is not None) == ("Ask Bob.", True)
    assert "script" not in note.untrusted_html
    older = NoteVersion.objects.get()
    assert (older.text, older.by, older.at) == ("Ask the workshop.", desk.alice, note.edited_at)
    assert Event.objects.filter(kind="note.changed", message_id=note.pk).count() == 1


def test_whom_a_changed_note_names_is_told_once(desk: Desk, note: Message) -> None:
    edit_note(note, html="<p>Ask @Bob.</p>", by=desk.alice)
    edit_note(note, html="<p>Ask @Bob, please.</p>", by=desk.alice)
    assert Mention.objects.get(message=note).user == desk.bob
    changed = Event.objects.filter(kind="note.changed").order_by("pk")
    assert [event.data["named"] for event in changed] == [[desk.bob.pk], []]


def test_only_its_writer_changes_it_and_only_a_note_is_changed(desk: Desk, note: Message) -> None:
    with pytest.raises(NotTheirs, match="Alice"):
        edit_note(note, html="x", by=desk.bob)
    with pytest.raises(NotTheirs, match="Alice"):
        retract_note(note, by=desk.bob)
    sent = reply(note.conversation, by=desk.alice, html="<p>Hello</p>")
    with pytest.raises(NoNote):
        edit_note(sent, html="<p>Other</p>", by=desk.alice)
    with pytest.raises(NothingLeft):
        edit_note(note, html="<p> </p>", by=desk.alice)
    assert not NoteVersion.objects.exists()


def test_it_is_taken_back_once_and_restored_once(desk: Desk, note: Message) -> None:
    assert retract_note(note, by=desk.alice)
    assert not retract_note(note, by=desk.alice)
    with pytest.raises(Retracted):
        edit_note(note, html="<p>Still here?</p>", by=desk.alice)
    assert restore_note(note, by=desk.alice)
    assert not restore_note(note, by=desk.alice)
    note.refresh_from_db()
    assert (note.text, note.retracted_at) == ("Ask the workshop.", None)


def test_its_images_stay_in_it_and_new_ones_come_along(desk: Desk, note: Message) -> None:
    conversation = note.conversation
    old = attach(conversation, by=desk.alice, name="a.png", content_type="image/png", data=PNG, inline=True)
    edit_note(note, html=f'<p>Look: <img src="/attachments/{old.pk}/a.png"></p>', by=desk.alice)
    new = attach(conversation, by=desk.alice, name="b.png", content_type="image/png", data=PNG, inline=True)
    theirs = attach(conversation, by=desk.bob, name="c.png", content_type="image/png", data=PNG, inline=True)
    sources = "".join(f'<img src="/attachments/{one.pk}/x.png">' for one in (old, new, theirs))
    edit_note(note, html=f"<p>Look: {sources}</p>", by=desk.alice)
    note.refresh_from_db()
    assert note.untrusted_html.count("cid:") == 2
    assert set(Attachment.objects.filter(message=note)) == {old, new}


def test_a_note_that_was_taken_back_is_in_no_list(desk: Desk, note: Message) -> None:
    conversation = note.conversation
    reply_to_take_back = reply(conversation, by=desk.alice, html="<p>Hello</p>")
    retract_note(note, by=desk.alice)
    unsend(reply_to_take_back, by=desk.alice)
    assert "workshop" not in Conversation.objects.get(pk=conversation.pk).snippet
