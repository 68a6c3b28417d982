"""What is written before there is a conversation: saved, its writer's alone, and with its files."""

from datetime import timedelta
from typing import Any

from django.test import Client

from postroom.core.accounts.models import User
from postroom.core.conversations.actions.sweep import sweep_uploads
from postroom.core.conversations.models import Attachment, Draft, Message
from postroom.lib import clock
from tests.faces.web.composer.conftest import PNG, Picked, Room

BEGIN = "/new-conversation"


def _upload(by: Client, data: bytes = b"40", name: str = "bill.txt", **form: str) -> dict[str, Any]:
    content_type = "image/png" if form else "text/plain"
    file = Picked(data, name=name, content_type=content_type)
    found: dict[str, Any] = by.post(f"{BEGIN}/uploads", {"file": file, **form}).json()
    return found


def test_it_is_saved_for_its_writer_and_sent_with_its_files_and_pictures(room: Room, alice: User) -> None:
    bill, picture = _upload(room.alice), _upload(room.alice, PNG, "face.png", inline="1")
    text = f'<p>Look: <img src="{picture["url"]}"></p>'
    form = {"mailbox": room.mailbox.pk, "html": text, "subject": "Your bicycle", "uploads": [bill["id"]], "token": "t"}
    saved = room.alice.post(f"{BEGIN}/draft", form).json()
    # What Bob may not see is not there for him, and his own is his own.
    for address in (f"{BEGIN}/drafts/{saved['draft']}", picture["url"], bill["url"]):
        assert (room.alice.get(address).status_code, room.bob.get(address).status_code) == (200, 404), address
    assert room.bob.delete(f"/uploads/{bill['id']}").status_code == 404
    taken = room.bob.post(BEGIN, {**form, "to": "eve@customers.example"})
    assert taken.json()["missing"] == [bill["id"]]
    # A second window that knew nothing of it overwrites nothing.
    clash = room.alice.post(f"{BEGIN}/draft", {**form, "html": "<p>Other</p>", "token": "u"})
    assert (clash.status_code, clash.json()["now"]["subject"]) == (409, "Your bicycle")
    assert "bill.txt" in room.alice.get(BEGIN).content.decode()
    with clock.at(clock.now() + timedelta(days=30)):
        sweep_uploads()
    sent = {**form, "to": "eve@customers.example", "draft": saved["draft"]}
    first, again = room.alice.post(BEGIN, sent), room.alice.post(BEGIN, sent)
    assert (first.status_code, again.status_code) == (201, 201)
    made = Message.objects.get(kind="out")
    assert made.pk == first.json()["message"] == again.json()["message"]
    assert sorted(file.name for file in made.attachments.all()) == ["bill.txt", "face.png"]
    assert "cid:" in made.untrusted_html
    assert not Draft.objects.exists()
    # What was saved late, after it was sent, makes no draft again.
    assert room.alice.post(f"{BEGIN}/draft", form).status_code == 409


def test_what_is_never_sent_is_swept_up(room: Room) -> None:
    _upload(room.alice)
    with clock.at(clock.now() + timedelta(days=30)):
        sweep_uploads()
    assert not Attachment.objects.filter(conversation=None).exists()


def test_it_leaves_later_or_says_why_not(room: Room) -> None:
    form = {"mailbox": room.mailbox.pk, "html": "<p>Hello</p>", "to": "eve@customers.example"}
    passed = room.alice.post(BEGIN, {**form, "later": "2020-01-01T09:00"})
    assert (passed.status_code, "passed already" in passed.json()["sentence"]) == (422, True)
    at = clock.now() + timedelta(days=2)
    said = room.alice.post(BEGIN, {**form, "later": at.isoformat()}).json()
    made = Message.objects.get(kind="out")
    assert made.send_after == at
    assert said["undo"] == {"url": f"/messages/{made.pk}/sending", "seconds": 10}


def test_a_draft_beside_is_its_writers_and_about_a_mail_of_this_conversation(room: Room, alice: User) -> None:
    other = room.receive(anew=True)
    form = {"html": "<p>Yours?</p>", "mode": "forward", "about": room.mail.pk, "subject": "Frame"}
    saved = room.alice.post(room.url("draft"), form).json()
    assert room.alice.post(room.url("draft"), {**form, "about": other.pk}).status_code == 404
    one = room.url(f"drafts/{saved['draft']}")
    assert (room.alice.get(one).json()["subject"], room.bob.get(one).status_code) == ("Frame", 404)
    # It is not the reply's, and nobody shares it.
    assert room.alice.post(f"{one}/sharing").status_code == 404
    assert room.alice.post(room.url("draft"), {"html": "<p>Reply</p>", "mode": "reply"}).status_code == 201
    page = room.alice.get(f"/conversations/{room.mail.conversation_id}").content.decode()
    assert "You began to forward a mail" in page
    assert "Yours?" in room.alice.get(f"/messages/{room.mail.pk}/forwarding").content.decode()
    sent = {**form, "to": "sam@supplier.example", "draft": saved["draft"]}
    assert room.alice.post(f"/messages/{room.mail.pk}/forwarding", sent).status_code == 201
    assert [draft.mode for draft in Draft.objects.all()] == ["reply"]
