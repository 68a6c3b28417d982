"""Taking a reply back, and asking for another try."""

from postroom.channels.mail.models import SMTP, Route
from postroom.core.conversations.models import Attachment, Delivery, Message
from postroom.core.conversations.models.delivery import TAKEN, TURNED_AWAY
from postroom.core.conversations.models.message import CANCELLED, OUT, QUEUED, REFUSED, SENT
from postroom.lib import clock
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


def test_those_who_did_not_get_it_are_sent_it_again(room: Room) -> None:
    message = _queued(room, cc="bo@x.example")
    Message.objects.filter(pk=message.pk).update(delivery=SENT, sent_at=clock.now())
    Delivery.objects.create(message=message, email="ann@customers.example", state=TAKEN, at=clock.now())
    Delivery.objects.create(message=message, email="bo@x.example", state=TURNED_AWAY, at=clock.now())
    page = room.alice.get(f"/messages/{message.pk}").content.decode()
    assert "Not everybody got it." in page
    assert "Send it again to them" in page
    late = room.alice.post(f"/messages/{message.pk}/sending", {"to": ["ann@customers.example"]})
    assert (late.status_code, late.json()["kind"]) == (409, "late")
    assert room.charlie.post(f"/messages/{message.pk}/sending", {"to": ["bo@x.example"]}).status_code == 404
    assert room.bob.post(f"/messages/{message.pk}/sending", {"to": ["bo@x.example"]}).status_code == 200
    message.refresh_from_db()
    assert message.delivery == QUEUED
    assert room.bob.post(f"/messages/{message.pk}/sending", {"to": ["bo@x.example"]}).status_code == 409


def test_a_reply_that_no_server_takes_is_refused_while_it_is_written(room: Room) -> None:
    Route.objects.create(
        mailbox=room.mail.conversation.mailbox, kind=SMTP, host="smtp.velo.example", max_size=1_000_000
    )
    film = room.upload(b"x" * 900_000, name="film.mp4").json()["id"]
    answer = room.reply({"uploads": [film]})
    assert answer.status_code == 422, answer.content
    assert "takes 1.0 MB at most" in answer.content.decode()
    assert not Message.objects.filter(kind=OUT).exists()
