"""A reply is made once, goes to the right people, and stops when the world has moved."""

import pytest
from pytest_django import Settings

from postroom.core.conversations.actions.note import add_note
from postroom.core.conversations.actions.receive import Person
from postroom.core.conversations.actions.refusals import (
    AlreadySent,
    BadRecipient,
    ConversationMoved,
    EmptyReply,
    NoRecipient,
    TooManyRecipients,
)
from postroom.core.conversations.actions.reply import reply
from postroom.core.conversations.actions.unsend import retry, unsend
from postroom.core.conversations.actions.upload import TooLarge, attach, detach, safe_name
from postroom.core.conversations.models import Attachment, Message
from postroom.core.conversations.models.message import CANCELLED, QUEUED, REFUSED, SENDING
from postroom.core.events.models import Event
from tests.core.conftest import Desk

HELLO = "<p>It left <b>yesterday</b>.</p>"


def test_a_reply_waits_for_the_undo_window_with_its_message_id_fixed(desk: Desk) -> None:
    conversation = desk.conversation()
    message = reply(conversation, by=desk.alice, html=HELLO)
    assert message.delivery == QUEUED
    assert message.send_after is not None
    assert message.send_after > message.created_at
    assert message.rfc_id.startswith(f"<{conversation.pk}.")
    assert message.rfc_id.endswith("@velo.example>")
    assert message.in_reply_to == "<1@customers.example>"
    assert message.to == [{"name": "", "email": "ann@customers.example"}]
    assert "yesterday" in message.text
    conversation.refresh_from_db()
    assert (conversation.assignee, conversation.waiting_since) == (desk.alice, None)
    assert Event.objects.get(kind="reply.queued").data == {"took": True}


def test_a_reply_honours_reply_to(desk: Desk) -> None:
    message = desk.mail(reply_to=Person("", "ann@home.example"))
    assert reply(message.conversation, by=desk.alice, html=HELLO).to[0]["email"] == "ann@home.example"


def test_a_reply_leaves_a_colleagues_conversation_theirs(desk: Desk) -> None:
    conversation = desk.conversation()
    reply(conversation, by=desk.alice, html=HELLO)
    reply(conversation, by=desk.bob, html=HELLO)
    conversation.refresh_from_db()
    assert conversation.assignee == desk.alice


def test_a_second_click_finds_the_first_reply(desk: Desk) -> None:
    conversation = desk.conversation()
    first = reply(conversation, by=desk.alice, html=HELLO, client_token="t1", seen=0, anyway=True)
    assert reply(conversation, by=desk.alice, html=HELLO, client_token="t1", seen=0) == first
    assert Message.objects.filter(kind="out").count() == 1
    assert Event.objects.filter(kind="reply.queued").count() == 1


def test_a_reply_against_an_old_state_is_stopped_with_what_changed(desk: Desk) -> None:
    conversation = desk.conversation()
    seen = conversation.last_message_id
    reply(conversation, by=desk.bob, html=HELLO)
    with pytest.raises(ConversationMoved, match="Bob") as stopped:
        reply(conversation, by=desk.alice, html=HELLO, seen=seen)
    assert [message.author for message in stopped.value.changed.messages] == [desk.bob]
    assert reply(conversation, by=desk.alice, html=HELLO, seen=seen, anyway=True).pk


def test_a_colleagues_note_does_not_stop_a_reply(desk: Desk) -> None:
    conversation = desk.conversation()
    add_note(conversation, by=desk.bob, html="<p>careful</p>")
    assert reply(conversation, by=desk.alice, html=HELLO, seen=conversation.last_message_id).pk


@pytest.mark.parametrize("html", ["", "   ", "<p><br></p>", "<script>alert(1)</script>", "<p>\u00a0</p>"])
def test_an_empty_reply_is_refused(desk: Desk, html: str) -> None:
    with pytest.raises(EmptyReply):
        reply(desk.conversation(), by=desk.alice, html=html)


@pytest.mark.parametrize(
    "address", ["ann", "ann@", "@x", "a b@x", "ann@x.example\nBcc: all@x.example", "a@x,b@y", "<", "ann@x\r\nX: y"]
)
def test_what_is_no_address_is_refused_by_name(desk: Desk, address: str) -> None:
    with pytest.raises(BadRecipient):
        reply(desk.conversation(), by=desk.alice, html=HELLO, to=[address])
    assert not Message.objects.filter(kind="out").exists()


def test_a_reply_needs_somebody_to_go_to_and_not_a_crowd(desk: Desk) -> None:
    conversation = desk.conversation()
    with pytest.raises(NoRecipient):
        reply(conversation, by=desk.alice, html=HELLO, to=[" "])
    with pytest.raises(TooManyRecipients):
        reply(conversation, by=desk.alice, html=HELLO, to=[f"p{n}@x.example" for n in range(101)])


def test_each_address_gets_one_copy(desk: Desk) -> None:
    message = reply(
        desk.conversation(), by=desk.alice, html=HELLO, to=["Ann <ann@x.example>"], cc=["ANN@x.example", "b@x.example"]
    )
    assert message.to == [{"name": "Ann", "email": "ann@x.example"}]
    assert message.cc == [{"name": "", "email": "b@x.example"}]


def test_what_the_editor_sends_is_cleaned(desk: Desk) -> None:
    message = reply(desk.conversation(), by=desk.alice, html='<p onclick="x()">Hi<script>x()</script></p>')
    assert "script" not in message.untrusted_html
    assert "onclick" not in message.untrusted_html


def test_taking_a_reply_back_leaves_no_trace_in_the_list(desk: Desk) -> None:
    conversation = desk.conversation()
    waiting = conversation.waiting_since
    message = reply(conversation, by=desk.alice, html=HELLO)
    assert unsend(message, by=desk.alice)
    assert not unsend(message, by=desk.alice)
    conversation.refresh_from_db()
    assert (conversation.message_count, conversation.waiting_since) == (1, waiting)
    assert conversation.snippet == "Where is my bicycle?"
    message.refresh_from_db()
    assert message.delivery == CANCELLED


def test_what_is_on_its_way_is_not_taken_back(desk: Desk) -> None:
    message = reply(desk.conversation(), by=desk.alice, html=HELLO)
    Message.objects.filter(pk=message.pk).update(delivery=SENDING)
    with pytest.raises(AlreadySent):
        unsend(message, by=desk.alice)
    with pytest.raises(AlreadySent):
        unsend(desk.mail(), by=desk.alice)


def test_a_refused_reply_is_tried_again_once_when_asked(desk: Desk) -> None:
    message = reply(desk.conversation(), by=desk.alice, html=HELLO)
    assert not retry(message, by=desk.alice)
    Message.objects.filter(pk=message.pk).update(delivery=REFUSED, attempts=7)
    assert retry(message, by=desk.alice)
    assert not retry(message, by=desk.bob)
    message.refresh_from_db()
    assert (message.delivery, message.attempts) == (QUEUED, 0)


def test_files_and_pasted_images_go_with_the_reply(desk: Desk) -> None:
    conversation = desk.conversation()
    file = attach(conversation, by=desk.alice, name="bill.pdf", content_type="application/pdf", data=b"%PDF")
    image = attach(conversation, by=desk.alice, name="a.png", content_type="image/png", data=b"png", inline=True)
    html = f'<p>See <img src="/attachments/{image.pk}/a.png"></p>'
    message = reply(conversation, by=desk.alice, html=html, attachments=[file])
    assert f"cid:{image.content_id}" in message.untrusted_html
    assert set(message.attachments.all()) == {file, image}
    assert not detach(file, by=desk.alice)


def test_a_colleagues_upload_is_not_sent_by_mistake(desk: Desk) -> None:
    conversation = desk.conversation()
    file = attach(conversation, by=desk.bob, name="bill.pdf", content_type="application/pdf", data=b"%PDF")
    message = reply(conversation, by=desk.alice, html=HELLO, attachments=[file])
    assert not message.attachments.exists()
    assert not detach(file, by=desk.alice)
    assert detach(file, by=desk.bob)


def test_a_file_that_is_too_large_is_named(desk: Desk, settings: Settings) -> None:
    settings.POSTROOM_MAX_UPLOAD_BYTES = 10
    with pytest.raises(TooLarge, match=r"film\.mp4"):
        attach(desk.conversation(), by=desk.alice, name="film.mp4", content_type="video/mp4", data=b"x" * 11)
    assert not Attachment.objects.exists()


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "_.._etc_passwd"),
        ("C:\\x\\bill.pdf", "C__x_bill.pdf"),
        ("invoice\u202efdp.exe", "invoice_fdp.exe"),
        ("", "file"),
        ("...", "file"),
        ("\x00\n", "_"),
    ],
)
def test_a_file_name_is_made_safe(given: str, kept: str) -> None:
    assert safe_name(given).replace("\ufffd", "_") == kept


def test_a_long_file_name_keeps_its_ending() -> None:
    assert safe_name("x" * 400 + ".pdf").endswith("x.pdf")
    assert len(safe_name("x" * 400 + ".pdf")) <= 200
