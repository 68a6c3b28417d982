"""What was thrown away is deleted for good when somebody says so: all of it, and nothing else."""

import os
from datetime import timedelta

import pytest

from postroom.channels.mail.models import FILED, IncomingMail
from postroom.core.audit.models import AuditEntry
from postroom.core.conversations.actions.drafts import Words, save_draft
from postroom.core.conversations.actions.empty_trash import NoSuchAge, empty_next, empty_trash, set_rule
from postroom.core.conversations.actions.forget_files import forget_next
from postroom.core.conversations.actions.merge import merge
from postroom.core.conversations.actions.note import add_note
from postroom.core.conversations.actions.sensitive import mark_sensitive
from postroom.core.conversations.actions.trash import trash
from postroom.core.conversations.actions.upload import attach
from postroom.core.conversations.allowed import NotAllowed
from postroom.core.conversations.folders import Folder, folder_counts
from postroom.core.conversations.models import Attachment, Conversation, Emptying, ForgottenFile, Message
from postroom.core.events.models import Event
from postroom.core.storage import blobs
from postroom.followers.search.models import Entry
from postroom.followers.search.react import note
from postroom.followers.search.read_again import index_next
from postroom.lib import clock
from tests.core.conftest import Desk
from tests.people import put_on

pytestmark = pytest.mark.django_db


def _thrown(desk: Desk, *, days: int = 0) -> Conversation:
    conversation = desk.conversation()
    trash(conversation, by=desk.alice)
    Conversation.objects.filter(pk=conversation.pk).update(trashed_at=clock.now() - timedelta(days=days))
    return conversation


def _keeper(desk: Desk) -> None:
    put_on(desk.mailbox, desk.alice, level=3)


def _all_emptied() -> None:
    while empty_next():
        pass


def test_by_itself_nothing_is_ever_deleted_and_by_rule_only_what_is_old_enough(desk: Desk) -> None:
    _keeper(desk)
    old, young, open_one = _thrown(desk, days=31), _thrown(desk, days=29), desk.conversation()
    joined = desk.conversation()
    merge(joined, into=Conversation.objects.get(pk=open_one.pk), by=desk.alice)
    assert not empty_next()
    with pytest.raises(NotAllowed):
        set_rule(desk.mailbox, days=30, by=desk.bob)
    with pytest.raises(NoSuchAge):
        set_rule(desk.mailbox, days=1, by=desk.alice)
    assert set_rule(desk.mailbox, days=30, by=desk.alice)
    assert not set_rule(desk.mailbox, days=30, by=desk.alice)
    _all_emptied()
    assert {one.pk for one in Conversation.objects.all()} == {young.pk, open_one.pk, joined.pk}
    assert not Message.objects.filter(conversation=old.pk).exists()
    assert folder_counts(desk.alice).of("trash") == 1
    entry = AuditEntry.objects.get(action="trash.emptied")
    assert (entry.actor_kind, entry.after["conversations"]) == ("system", 1)
    assert Event.objects.get(kind="trash.emptied").data == {"count": 1}
    assert set_rule(desk.mailbox, days=None, by=desk.alice)
    Conversation.objects.filter(pk=young.pk).update(trashed_at=clock.now() - timedelta(days=400))
    assert not empty_next()


def test_whoever_empties_it_deletes_what_they_see_and_what_was_there_when_they_were_asked(desk: Desk) -> None:
    _keeper(desk)
    hidden, seen = _thrown(desk), _thrown(desk)
    mark_sensitive(Conversation.objects.get(pk=hidden.pk), people=[desk.bob], by=desk.bob)
    asked = clock.now()
    later = _thrown(desk)
    assert empty_trash(desk.mailbox, until=asked, by=desk.alice) == empty_trash(
        desk.mailbox, until=asked, by=desk.alice
    )
    _all_emptied()
    assert {one.pk for one in Conversation.objects.all()} == {hidden.pk, later.pk}
    assert Emptying.objects.get().deleted == 1
    assert AuditEntry.objects.get(action="trash.emptied").actor_id == desk.alice.pk
    assert not Conversation.objects.filter(pk=seen.pk).exists()


def test_all_that_belongs_to_it_goes_and_files_that_something_else_names_stay(desk: Desk) -> None:
    _keeper(desk)
    thrown, other = desk.conversation(), desk.conversation()
    joined = desk.conversation()
    merge(joined, into=thrown, by=desk.alice)
    shared = attach(thrown, name="a.txt", content_type="text/plain", data=b"shared", by=desk.alice)
    attach(other, name="b.txt", content_type="text/plain", data=b"shared", by=desk.alice)
    own = attach(thrown, name="c.txt", content_type="text/plain", data=b"own", by=desk.alice)
    raw = blobs().put(b"Subject: x\n\nraw")
    Message.objects.filter(conversation=thrown.pk).order_by("pk").update(raw_digest=raw)
    message = Message.objects.filter(conversation=thrown.pk).order_by("pk")[0]
    ledger = {"mailbox": desk.mailbox, "transport": "test", "digest": raw, "size": 9, "received_at": clock.now()}
    IncomingMail.objects.create(**ledger, state=FILED, conversation_id=thrown.pk, message_id=message.pk)
    add_note(thrown, by=desk.alice, html="<p>Look</p>", attachments=[own])
    save_draft(thrown, by=desk.alice, words=Words("reply", "<p>Dear</p>", files=(shared.pk,)))
    note("conversation_id = %s", thrown.pk)
    while index_next():
        pass
    assert Entry.objects.filter(message=message).exists()
    trash(Conversation.objects.get(pk=thrown.pk), by=desk.alice)
    empty_trash(desk.mailbox, until=clock.now(), by=desk.alice)
    _all_emptied()
    assert {one.pk for one in Conversation.objects.all()} == {other.pk}
    assert not Entry.objects.filter(message=message).exists()
    assert {one.name for one in Attachment.objects.all()} == {"b.txt"}
    assert IncomingMail.objects.get().state == FILED
    _old(own.digest, raw, shared.digest)
    assert not forget_next()
    assert blobs().path(own.digest).exists()
    ForgottenFile.objects.update(at=clock.now())
    forget_next()
    assert blobs().get(shared.digest) == b"shared"
    assert not blobs().path(own.digest).exists()
    assert not blobs().path(raw).exists()
    assert not ForgottenFile.objects.exists()
    assert Folder("trash").status == "trash"


def test_bytes_that_somebody_stores_again_meanwhile_stay(desk: Desk) -> None:
    digest = blobs().put(b"once more")
    _old(digest)
    ForgottenFile.objects.create(digest=digest, at=clock.now())
    blobs().put(b"once more")
    forget_next()
    assert blobs().get(digest) == b"once more"
    assert ForgottenFile.objects.get().at > clock.now()
    # A crash has left it aside, and somebody names it.
    blobs().path(digest).rename(blobs()._aside(digest))
    blobs().keep(digest)
    assert blobs().get(digest) == b"once more"


def _old(*digests: str) -> None:
    before = clock.now().timestamp() - 7200
    for digest in digests:
        os.utime(blobs().path(digest), (before, before))
