"""Replies and notes through HTTP: once, to the right people, and never past a colleague."""

import pytest
from django.test import Client

from postroom.core.accounts.models import User
from postroom.core.conversations.models import Attachment, Message
from postroom.core.conversations.models.message import NOTE, OUT
from tests.faces.web.composer.conftest import PNG, Room


def test_a_reply_is_queued_for_the_customer(room: Room) -> None:
    answer = room.reply(html="<div>It left <b>today</b>.</div>", seen=room.mail.pk)
    assert answer.status_code == 201
    message = Message.objects.get(kind=OUT)
    assert answer.json() == {
        "conversation": room.mail.conversation_id,
        "message": message.pk,
        "kind": "reply",
        "closed": False,
        "said": "Your reply leaves in 10 s.",
        "next": "",
        "undo": {"url": f"/messages/{message.pk}/sending", "seconds": 10},
    }
    assert message.to == [{"name": "", "email": "ann@customers.example"}]
    assert message.text == "It left today."


def test_a_reply_and_close_closes(room: Room) -> None:
    answer = room.reply(close="1").json()
    assert answer["closed"] is True
    assert room.conversation.status == "closed"
    # Undo takes both back.
    room.alice.delete(answer["undo"]["url"])
    assert room.conversation.status == "open"


def test_after_reply_and_close_the_next_of_the_list_comes(room: Room) -> None:
    older = room.mail.conversation_id
    newer = room.receive(anew=True).conversation_id
    room.mail.conversation_id = newer
    assert room.reply({"in": "open"}, close="1").json()["next"] == f"/conversations/{older}?in=open"


def test_the_same_form_twice_is_one_reply(room: Room) -> None:
    first = room.reply(token="a" * 32, seen=room.mail.pk).json()
    assert room.reply(token="a" * 32, seen=room.mail.pk).json()["message"] == first["message"]
    assert Message.objects.filter(kind=OUT).count() == 1


def test_the_same_form_twice_is_one_reply_also_when_it_holds_only_a_file(room: Room) -> None:
    upload = room.upload().json()["id"]
    first = room.reply(html="", uploads=[upload], token="a" * 32)
    again = room.reply(html="", uploads=[upload], token="a" * 32)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json()["message"] == again.json()["message"]
    assert Attachment.objects.get().message_id == first.json()["message"]


def test_the_same_note_twice_is_one_note(room: Room) -> None:
    for _try in range(2):
        assert room.alice.post(room.url("notes"), {"html": "Ask Bob.", "token": "n1"}).status_code == 201
    assert Message.objects.get(kind=NOTE).text == "Ask Bob."


def test_somebody_who_answered_first_is_named_and_can_be_overruled(room: Room) -> None:
    room.reply(by=room.bob, html="<div>I have it here.</div>", seen=room.mail.pk)
    stopped = room.reply(seen=room.mail.pk)
    assert stopped.status_code == 409
    told = stopped.json()
    assert told["kind"] == "moved"
    assert "Bob" in told["sentence"]
    assert [(row["who"], row["said"]) for row in told["newer"]] == [("Bob", "(has not left yet) I have it here.")]
    assert Message.objects.filter(kind=OUT).count() == 1
    # Back to the draft: what was shown counts as seen. Or past it.
    assert room.reply(seen=told["latest"]).status_code == 201
    assert room.reply(seen=room.mail.pk, anyway="1").status_code == 201


def test_a_reply_with_nothing_in_it_is_refused_with_a_sentence(room: Room) -> None:
    for html in ("", "<div><br></div>", " \n", "<script>alert(1)</script>"):
        answer = room.reply(html=html)
        assert answer.status_code == 422
        assert "nothing to send" in answer.json()["sentence"]
    assert not Message.objects.filter(kind=OUT).exists()


def test_people_are_written_to_by_name(room: Room) -> None:
    answer = room.reply(to=["Peeters, Ann <ann@customers.example>"], cc=['"Zoë \\ O\'Hara" <zoe@customers.example>'])
    assert answer.status_code == 201
    message = Message.objects.get(kind=OUT)
    assert message.to == [{"name": "Peeters, Ann", "email": "ann@customers.example"}]
    assert message.cc == [{"name": "Zoë \\ O'Hara", "email": "zoe@customers.example"}]


@pytest.mark.parametrize(
    "address",
    [
        "ann@customers.example\r\nBcc: mallory@elsewhere.example",
        "Ann\nBcc: mallory@elsewhere.example <ann@customers.example>",
        "ann@customers.example, mallory@elsewhere.example",
        "Ann <ann@customers.example\nBcc: m@e.example>",
        "not an address",
        "<>",
        "a@b@c",
        "ann@customers.example\x00",
        "x" * 300 + "@customers.example",
    ],
)
@pytest.mark.parametrize("field", ["to", "cc", "bcc"])
def test_an_address_that_is_more_than_one_is_refused(room: Room, field: str, address: str) -> None:
    answer = room.reply({field: [address]}, to="ann@customers.example")
    assert answer.status_code == 422
    assert answer.json()["sentence"]
    assert not Message.objects.filter(kind=OUT).exists()


def test_a_reply_to_nobody_is_refused(room: Room) -> None:
    answer = room.reply(to="")
    assert answer.status_code == 422
    assert "no recipient" in answer.json()["sentence"]


def test_nonsense_in_the_numbers_does_no_harm(room: Room) -> None:
    assert room.reply(seen="-1 OR 1", uploads=["x", "١", ""]).status_code == 201
    assert room.reply(seen="9" * 19).status_code == 201
    gone = room.reply(uploads=["9" * 19])
    assert (gone.status_code, gone.json()["kind"]) == (422, "refused")


def test_a_file_that_is_gone_stops_the_reply(room: Room) -> None:
    upload = room.upload().json()["id"]
    room.alice.delete(f"/uploads/{upload}")
    answer = room.reply(uploads=[upload])
    assert answer.status_code == 422
    assert answer.json()["missing"] == [upload]
    assert not Message.objects.filter(kind=OUT).exists()


def test_a_colleagues_upload_cannot_be_sent(room: Room) -> None:
    upload = room.upload(by=room.bob).json()["id"]
    assert room.reply(uploads=[upload]).status_code == 422


def test_an_image_in_the_text_travels_with_it(room: Room) -> None:
    image = room.upload(PNG, name="a.png", content_type="image/png", inline="1").json()
    room.reply(html=f'<div>Look: <img src="{image["url"]}"></div>')
    message = Message.objects.get(kind=OUT)
    file = message.attachments.get()
    assert f"cid:{file.content_id}" in message.untrusted_html


def test_an_image_copied_from_another_message_is_copied_along(room: Room) -> None:
    image = room.upload(PNG, name="a.png", content_type="image/png", inline="1").json()
    room.reply(html=f'<div><img src="{image["url"]}"></div>')
    room.reply(html=f'<div>Again: <img src="{image["url"]}"></div>')
    first, second = Message.objects.filter(kind=OUT).order_by("pk")
    assert second.attachments.get().digest == first.attachments.get().digest
    assert f"cid:{second.attachments.get().content_id}" in second.untrusted_html


def test_what_runs_is_left_out_of_what_is_sent(room: Room) -> None:
    room.reply(html='<div onclick="x()">Hi <img src=x onerror=alert(1)><a href="javascript:x()">there</a></div>')
    html = Message.objects.get(kind=OUT).untrusted_html.lower()
    assert not [word for word in ("onclick", "onerror", "javascript", "alert") if word in html]


def test_a_text_that_is_a_book_is_refused(room: Room) -> None:
    answer = room.reply(html="a" * 1_000_001)
    assert answer.status_code == 422
    assert "too long" in answer.json()["sentence"]


@pytest.mark.parametrize("noun", ["replies", "notes", "uploads"])
def test_charlie_cannot_write_where_he_is_not(room: Room, noun: str) -> None:
    assert room.charlie.post(room.url(noun), {"html": "Hi"}).status_code == 404
    assert Message.objects.count() == 1


@pytest.mark.parametrize("noun", ["replies", "notes", "uploads"])
def test_who_has_not_signed_in_is_sent_to_do_so(room: Room, noun: str) -> None:
    answer = Client().post(room.url(noun), {"html": "Hi"})
    assert answer.status_code == 302
    assert answer["Location"].startswith("/sign-in")


def test_a_form_of_another_site_is_refused(room: Room, alice: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)
    assert client.post(room.url("replies"), {"html": "Hi"}).status_code == 403
