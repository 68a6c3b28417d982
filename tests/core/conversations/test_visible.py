"""Who sees what, and how many."""

from datetime import timedelta

import pytest
from django.db.models import Count

from postroom.core.accounts.models import Mailbox, Membership, Team
from postroom.core.conversations.actions.assign import assign
from postroom.core.conversations.actions.close import close
from postroom.core.conversations.actions.read import mark_read, mark_unread
from postroom.core.conversations.actions.spam import mark_spam
from postroom.core.conversations.actions.tag import tag
from postroom.core.conversations.folders import NAMES, Folder, conversations_in, folder_counts
from postroom.core.conversations.models import Conversation, FolderCount
from postroom.core.conversations.queries import Cursor, list_page
from postroom.lib import clock
from tests.core.conftest import Desk

EVERYONE = Folder("open")


def test_a_conversation_is_seen_by_the_mailbox_and_by_nobody_else(desk: Desk) -> None:
    conversation = desk.conversation()
    assert list(Conversation.objects.visible_to(desk.alice)) == [conversation]
    assert list(Conversation.objects.visible_to(desk.bob)) == [conversation]
    assert list(Conversation.objects.visible_to(desk.charlie)) == []
    desk.bob.is_active = False
    assert list(Conversation.objects.visible_to(desk.bob)) == []


def test_the_list_shows_each_conversation_with_tags_and_what_is_unread(desk: Desk) -> None:
    conversation = desk.conversation()
    tag(conversation, name="late", by=desk.alice)
    (row,) = list_page(desk.alice, EVERYONE).rows
    assert (row.id, row.subject, row.contact_name, row.mailbox_name) == (
        conversation.pk,
        "Order 118",
        "Ann Peeters",
        "Support",
    )
    assert [label.name for label in row.tags] == ["late"]
    assert row.unread
    mark_read(conversation, by=desk.alice, message_id=row.last_message_id or 0)
    mark_read(conversation, by=desk.alice, message_id=0)
    assert not list_page(desk.alice, EVERYONE).rows[0].unread
    assert list_page(desk.bob, EVERYONE).rows[0].unread
    mark_unread(conversation, by=desk.alice)
    assert list_page(desk.alice, EVERYONE).rows[0].unread
    assert list_page(desk.charlie, EVERYONE).rows == ()


@pytest.mark.parametrize("same_moment", [True, False])
def test_pages_follow_each_other_without_a_gap_or_a_double(desk: Desk, same_moment: bool) -> None:
    other = Mailbox.objects.create(name="Orders", address="orders@velo.example")
    Membership.objects.create(mailbox=other, user=desk.alice)
    start = clock.now()
    ids = []
    for number in range(11):
        with clock.at(start if same_moment else start + timedelta(minutes=number)):
            conversation = desk.conversation()
        if number % 3 == 0:
            Conversation.objects.filter(pk=conversation.pk).update(mailbox=other)
        ids.append(conversation.pk)
    for folder in (EVERYONE, Folder("unassigned")):
        found: list[int] = []
        page = list_page(desk.alice, folder, limit=4)
        found += [row.id for row in page.rows]
        while page.next:
            again = Cursor.parse(str(page.next))
            assert again == page.next
            page = list_page(desk.alice, folder, before=again, limit=4)
            found += [row.id for row in page.rows]
        assert found == ids[::-1]


@pytest.mark.parametrize(
    "text", ["", "x", "1-", "-1", "1-2-3-4", "1-2-x", "9" * 30 + "-1", "١-١", "999999999999999999-1", "1.5-2"]
)
def test_a_cursor_that_is_none_is_no_cursor(text: str) -> None:
    assert Cursor.parse(text) is None


def test_counts_follow_every_verb_and_agree_with_the_rows(desk: Desk) -> None:
    other = Mailbox.objects.create(name="Orders", address="orders@velo.example")
    Membership.objects.create(mailbox=other, user=desk.bob)
    conversations = [desk.conversation() for _ in range(6)]
    team = Team.objects.create(name="Workshop")
    assign(conversations[0], to=desk.alice, by=desk.bob)
    assign(conversations[1], to=desk.bob, by=desk.bob)
    assign(conversations[2], to=team, by=desk.bob)
    close(conversations[0], by=desk.alice)
    mark_spam(conversations[3], by=desk.alice)
    Conversation.objects.filter(pk=conversations[4].pk).update(mailbox=other)
    conversations[5].delete()
    for person in (desk.alice, desk.bob, desk.charlie):
        counts = folder_counts(person)
        for name in NAMES:
            assert counts.of(name) == conversations_in(Folder(name), user=person).count(), name
            for mailbox in (desk.mailbox, other):
                folder = Folder(name, mailbox_id=mailbox.pk)
                assert counts.of(name, mailbox.pk) == conversations_in(folder, user=person).count(), name
    assert folder_counts(desk.alice).teams == {team.pk: 1}
    kept = {(row.mailbox_id, row.status): 0 for row in FolderCount.objects.all()}
    for row in FolderCount.objects.all():
        kept[row.mailbox_id, row.status] += row.n
    counted = Conversation.objects.values_list("mailbox_id", "status").annotate(n=Count("pk"))
    assert {key: n for key, n in kept.items() if n} == {(mailbox, status): n for mailbox, status, n in counted}


def test_a_person_who_leaves_takes_no_count_along(desk: Desk) -> None:
    conversation = desk.conversation()
    assign(conversation, to=desk.alice, by=desk.bob)
    desk.alice.delete()
    assert folder_counts(desk.bob).of("unassigned") == 1
