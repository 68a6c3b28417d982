"""Mentions and Following: what concerns one person, whatever its state, and only what they may see."""

import pytest

from postroom.core.accounts.models import Membership
from postroom.core.conversations.actions.close import close
from postroom.core.conversations.actions.edit_note import retract_note
from postroom.core.conversations.actions.follow import follow, unfollow
from postroom.core.conversations.actions.note import add_note
from postroom.core.conversations.actions.read import mark_read
from postroom.core.conversations.actions.sensitive import mark_sensitive
from postroom.core.conversations.actions.spam import mark_spam
from postroom.core.conversations.bulk.scope import within
from postroom.core.conversations.folders import FOLLOWING, MENTIONS, Folder, folder_counts
from postroom.core.conversations.lists import next_after, page_of
from postroom.core.conversations.models import Conversation, Message
from tests.core.conftest import Desk

pytestmark = pytest.mark.django_db


def _named(desk: Desk) -> tuple[Conversation, Message]:
    conversation = desk.conversation()
    note = add_note(conversation, by=desk.alice, html="<p>@Bob, please look.</p>")
    return Conversation.objects.get(pk=conversation.pk), note


def _listed(desk: Desk, name: str) -> list[int]:
    rows = [row.id for row in page_of(desk.bob, Folder(name)).rows]
    assert set(rows) == set(within(name, user=desk.bob).values_list("pk", flat=True))
    return rows


def test_who_is_named_finds_it_and_the_number_is_of_what_they_have_not_read(desk: Desk) -> None:
    first, _note = _named(desk)
    second, note = _named(desk)
    add_note(second, by=desk.alice, html="<p>@Bob, and now?</p>")
    close(first, by=desk.alice)
    assert _listed(desk, MENTIONS) == [second.pk, first.pk]
    # He follows from then on.
    assert _listed(desk, FOLLOWING) == [second.pk, first.pk]
    counts = folder_counts(desk.bob)
    assert (counts.of(MENTIONS), counts.of(FOLLOWING)) == (2, 2)
    assert next_after(desk.bob, Folder(MENTIONS), second) == first.pk
    mark_read(second, by=desk.bob, message_id=note.pk)
    assert folder_counts(desk.bob).of(MENTIONS) == 2
    second.refresh_from_db()
    mark_read(second, by=desk.bob, message_id=second.last_message_id or 0)
    counts = folder_counts(desk.bob)
    assert (counts.of(MENTIONS), counts.of(FOLLOWING)) == (1, 1)
    assert _listed(desk, MENTIONS) == [second.pk, first.pk]
    # Nobody else is concerned, and Ann's next words are news to who follows, not a new mention.
    assert folder_counts(desk.alice).of(MENTIONS) == 0
    desk.mail("And?", conversation=second)
    counts = folder_counts(desk.bob)
    assert (counts.of(MENTIONS), counts.of(FOLLOWING)) == (1, 2)
    unfollow(second, by=desk.bob)
    assert _listed(desk, FOLLOWING) == [first.pk]


def test_what_was_taken_back_is_junk_or_out_of_sight_is_in_neither(desk: Desk) -> None:
    retracted, note = _named(desk)
    retract_note(note, by=desk.alice)
    unfollow(retracted, by=desk.bob)
    junk, hidden, gone = (_named(desk)[0] for _ in range(3))
    mark_spam(junk, by=desk.alice)
    mark_sensitive(hidden, people=[], by=desk.alice)
    assert _listed(desk, MENTIONS) == [gone.pk]
    assert folder_counts(desk.bob).of(MENTIONS) == 1
    follow(retracted, by=desk.bob)
    assert set(_listed(desk, FOLLOWING)) == {gone.pk, retracted.pk}
    Membership.objects.filter(user=desk.bob).delete()
    for name in (MENTIONS, FOLLOWING):
        assert _listed(desk, name) == []
        assert folder_counts(desk.bob).of(name) == 0
