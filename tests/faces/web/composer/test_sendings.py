"""Taking a reply back, and asking for another try."""

from postroom.core.conversations.models import Attachment, Message
from postroom.core.conversations.models.message import CANCELLED, OUT, QUEUED, REFUSED, SENT
from tests.faces.web.composer.conftest import PNG, Room


def _queued(room: Room, **form: object) -> Message:
    return Message.objects.get(pk=room.reply(form).json()["message"])


def test_undo_gives_the_whole_draft_back(room: Room) -> None:
    image = room.upload(PNG, name="a.png", content_type="image/png", inline="1").json()
    terms = room.upload(b"terms").json()["id"]
    html = f'<div>Look: <img src="{image["url"]}"></div>'
    message = _queued(room, html=html, uploads=[terms], to="Ann <ann@customers.example>", cc="bo@x.example")
    answer = room.alice.delete(f"/messages/{message.pk}/sending")
    assert answer.status_code == 200
    draft = answer.json()["draft"]
    assert "Look:" in draft["html"]
    assert (draft["to"], draft["cc"]) == (
        [{"name": "Ann", "email": "ann@customers.example"}],
        [{"name": "", "email": "bo@x.example"}],
    )
    assert [file["name"] for file in draft["files"]] == ["terms.txt"]
    message.refresh_from_db()
    assert message.delivery == CANCELLED
    # What came back can be sent as it is.
    again = _queued(room, html=draft["html"], uploads=[draft["files"][0]["id"]], seen=draft["seen"])
    assert sorted(file.name for file in again.attachments.all()) == ["a.png", "terms.txt"]


def test_undo_asked_for_twice_still_has_the_draft(room: Room) -> None:
    message = _queued(room)
    room.alice.delete(f"/messages/{message.pk}/sending")
    assert "today" in room.alice.delete(f"/messages/{message.pk}/sending").json()["draft"]["html"]


def test_undo_comes_too_late_with_a_sentence(room: Room) -> None:
    message = _queued(room)
    Message.objects.update(delivery=SENT)
    answer = room.alice.delete(f"/messages/{message.pk}/sending")
    assert (answer.status_code, answer.json()["kind"]) == (409, "late")
    assert "cannot be taken back" in answer.json()["sentence"]


def test_a_customers_mail_cannot_be_unsent(room: Room) -> None:
    assert room.alice.delete(f"/messages/{room.mail.pk}/sending").status_code == 409


def test_a_refused_reply_is_tried_again(room: Room) -> None:
    message = _queued(room)
    Message.objects.filter(kind=OUT).update(delivery=REFUSED)
    assert room.bob.post(f"/messages/{message.pk}/sending").status_code == 200
    message.refresh_from_db()
    assert message.delivery == QUEUED
    assert room.bob.post(f"/messages/{message.pk}/sending").status_code == 409


def test_charlie_can_do_neither(room: Room) -> None:
    message = _queued(room)
    assert room.charlie.post(f"/messages/{message.pk}/sending").status_code == 404
    assert room.charlie.delete(f"/messages/{message.pk}/sending").status_code == 404
    assert Attachment.objects.count() == 0
