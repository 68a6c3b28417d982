"""Drafts: each save names what it changes, nobody overwrites anybody silently, and one of them may be shared."""

from datetime import timedelta

import pytest

from postroom.core.conversations.actions.drafts import Words, discard_draft, save_draft
from postroom.core.conversations.actions.merge import merge, unmerge
from postroom.core.conversations.actions.note import add_note
from postroom.core.conversations.actions.refusals import ConversationGone
from postroom.core.conversations.actions.reply import reply
from postroom.core.conversations.actions.sent_draft import DraftMoved, DraftSent
from postroom.core.conversations.actions.share_draft import (
    AnotherDraft,
    SharedAlready,
    comment,
    keep_private,
    share,
    take_over,
)
from postroom.core.conversations.actions.sweep import sweep_uploads
from postroom.core.conversations.actions.upload import attach
from postroom.core.conversations.drafts import drafts_in, held_by, marks
from postroom.core.conversations.models import Attachment, Conversation, Draft, Message
from postroom.core.events.models import Event
from postroom.lib import clock
from tests.core.conftest import Desk

pytestmark = pytest.mark.django_db


def _words(html: str = "<p>It is on its way</p>", *, mode: str = "reply", files: tuple[int, ...] = ()) -> Words:
    return Words(mode, html, files=files)


def _hers(desk: Desk, conversation: Conversation, html: str = "<p>It is on its way</p>") -> Draft:
    return save_draft(conversation, by=desk.alice, words=_words(html))


def test_a_draft_is_saved_version_after_version_and_an_older_page_overwrites_nothing(desk: Desk) -> None:
    conversation = desk.conversation()
    first = _hers(desk, conversation)
    second = save_draft(conversation, by=desk.alice, words=_words("<p>Two</p>"), draft=first.pk, version=1)
    assert (second.pk, second.version) == (first.pk, 2)
    with pytest.raises(DraftMoved, match="another window") as moved:
        save_draft(conversation, by=desk.alice, words=_words("<p>Old</p>"), draft=first.pk, version=1)
    assert moved.value.now
    assert moved.value.now.untrusted_html == "<p>Two</p>"
    # A page that knows of none is such an older page, too; as a note it is still the same composer.
    with pytest.raises(DraftMoved):
        save_draft(conversation, by=desk.alice, words=_words("<p>New</p>", mode="note"))
    assert save_draft(conversation, by=desk.bob, words=_words()).pk != first.pk
    assert discard_draft(second, by=desk.alice)
    assert not discard_draft(second, by=desk.alice)
    with pytest.raises(DraftMoved, match="sent or discarded"):
        save_draft(conversation, by=desk.alice, words=_words(), draft=first.pk, version=2)
    assert not Event.objects.filter(kind__startswith="draft.").exists()


def test_a_draft_ends_with_the_message_that_is_made_of_it_and_not_with_another(desk: Desk) -> None:
    conversation = desk.conversation()
    draft = _hers(desk, conversation)
    reply(conversation, by=desk.alice, html="<p>Short</p>")
    assert Draft.objects.filter(pk=draft.pk).exists()
    reply(conversation, by=desk.alice, html="<p>Long</p>", draft=draft.pk)
    assert not Draft.objects.exists()
    note = save_draft(conversation, by=desk.alice, words=_words(mode="note"))
    add_note(conversation, by=desk.alice, html="<p>Mind</p>", draft=note.pk)
    assert not Draft.objects.exists()
    # The same text in another window of hers is not sent once more.
    with pytest.raises(DraftMoved, match="sent or discarded in another window"):
        reply(conversation, by=desk.alice, html="<p>Long</p>", draft=draft.pk)


def test_a_save_that_comes_after_its_reply_makes_no_draft_again(desk: Desk) -> None:
    conversation = desk.conversation()
    reply(conversation, by=desk.alice, html="<p>It is on its way</p>", client_token="one")
    late = Words("reply", "<p>It is on its</p>", token="one")
    with pytest.raises(DraftSent, match="This was sent") as sent:
        save_draft(conversation, by=desk.alice, words=late)
    assert sent.value.now is None
    assert not Draft.objects.exists()
    # Another text, and another person's, is another message.
    save_draft(conversation, by=desk.alice, words=Words("reply", "<p>P.S.</p>", token="two"))
    save_draft(conversation, by=desk.bob, words=late)
    assert Draft.objects.count() == 2


def test_what_a_page_saved_as_it_was_left_is_not_there_to_be_sent_again(desk: Desk) -> None:
    conversation = desk.conversation()
    _hers(desk, conversation, "<p>It is on</p>")
    save_draft(conversation, by=desk.bob, words=_words())
    # The page that sends has heard of no draft; it went on with what the browser kept.
    reply(conversation, by=desk.alice, html="<p>It is on its way</p>")
    assert not Draft.objects.filter(author=desk.alice).exists()
    assert Draft.objects.filter(author=desk.bob).exists()
    _hers(desk, conversation, "<p>And another thing</p>")
    reply(conversation, by=desk.alice, html="<p>Thanks</p>")
    assert Draft.objects.filter(author=desk.alice).exists()


def test_a_shared_draft_is_read_commented_and_taken_over_with_its_files(desk: Desk) -> None:
    conversation = desk.conversation()
    file = attach(conversation, by=desk.alice, name="a.txt", content_type="text/plain", data=b"a")
    image = attach(conversation, by=desk.alice, name="b.png", content_type="image/png", data=b"b", inline=True)
    other = attach(conversation, by=desk.alice, name="c.txt", content_type="text/plain", data=b"c")
    html = f'<p>Look</p><img src="/attachments/{image.pk}/b.png">'
    draft = save_draft(conversation, by=desk.alice, words=_words(html, files=(file.pk,)))
    assert list(drafts_in(conversation, reader=desk.bob)) == []
    assert marks([conversation.pk], reader=desk.bob) == {}
    assert marks([conversation.pk], reader=desk.alice)[conversation.pk].mine
    assert share(draft, by=desk.alice)
    assert not share(draft, by=desk.alice)
    assert marks([conversation.pk], reader=desk.bob)[conversation.pk].holder == "Alice"
    assert comment(draft, by=desk.bob, text=" Shorter, please. ")
    assert not comment(draft, by=desk.bob, text="  ")
    taken = take_over(draft, by=desk.bob)
    assert (taken.author, taken.version, taken.shared) == (desk.bob, 2, True)
    assert take_over(taken, by=desk.bob).version == 2
    assert held_by(desk.bob, conversation=conversation) == taken
    owners = {row.pk: row.uploaded_by_id for row in Attachment.objects.filter(conversation=conversation)}
    assert owners == {file.pk: desk.bob.pk, image.pk: desk.bob.pk, other.pk: desk.alice.pk}
    # Alice's window still has it: neither her save nor her reply goes over Bob's.
    with pytest.raises(DraftMoved, match="Bob took this draft over"):
        save_draft(conversation, by=desk.alice, words=_words(), draft=draft.pk, version=1)
    with pytest.raises(DraftMoved, match="Bob"):
        reply(conversation, by=desk.alice, html="<p>Mine</p>", draft=draft.pk)
    assert not Message.objects.filter(kind="out").exists()
    sent = reply(conversation, by=desk.bob, html=html, attachments=[file], draft=draft.pk)
    assert sent.attachments.count() == 2
    kinds = list(Event.objects.filter(kind__startswith="draft.").order_by("pk").values_list("kind", flat=True))
    assert kinds == ["draft.shared", "draft.commented", "draft.taken_over"]
    with pytest.raises(DraftMoved):
        take_over(draft, by=desk.alice)


def test_there_is_one_shared_draft_for_a_conversation(desk: Desk) -> None:
    conversation = desk.conversation()
    draft = _hers(desk, conversation)
    share(draft, by=desk.alice)
    his = save_draft(conversation, by=desk.bob, words=_words())
    with pytest.raises(SharedAlready, match="Alice shares a draft here already"):
        share(his, by=desk.bob)
    assert not keep_private(draft, by=desk.bob)
    draft.refresh_from_db()
    take_over(draft, by=desk.bob)
    draft.refresh_from_db()
    with pytest.raises(AnotherDraft):
        keep_private(draft, by=desk.bob)
    discard_draft(his, by=desk.bob)
    assert keep_private(draft, by=desk.bob)
    assert list(drafts_in(conversation, reader=desk.alice)) == []


def test_drafts_go_along_when_their_conversation_is_merged(desk: Desk) -> None:
    source, target = desk.conversation(), desk.mail("And?", rfc_id="<2@customers.example>").conversation
    _hers(desk, source, "<p>One</p>")
    _hers(desk, target, "<p>Two</p>")
    his = save_draft(source, by=desk.bob, words=_words("<p>His</p>"))
    share(his, by=desk.bob)
    merge(source, into=target, by=desk.alice)
    mine = held_by(desk.alice, conversation=target)
    assert mine
    assert mine.untrusted_html == "<p>Two</p><div><br></div><p>One</p>"
    assert held_by(desk.bob, conversation=target) == his
    with pytest.raises(ConversationGone):
        save_draft(source, by=desk.alice, words=_words(), draft=mine.pk, version=mine.version)
    unmerge(source, by=desk.alice)
    assert Draft.objects.filter(conversation=target).count() == 2


def test_the_files_of_a_draft_are_kept_as_long_as_it_is(desk: Desk) -> None:
    conversation = desk.conversation()
    file = attach(conversation, by=desk.alice, name="a.txt", content_type="text/plain", data=b"a")
    draft = save_draft(conversation, by=desk.alice, words=_words(files=(file.pk,)))
    Attachment.objects.update(created_at=clock.now() - timedelta(days=30))
    sweep_uploads()
    assert Attachment.objects.filter(pk=file.pk).exists()
    discard_draft(draft, by=desk.alice)
    sweep_uploads()
    assert not Attachment.objects.filter(pk=file.pk).exists()
