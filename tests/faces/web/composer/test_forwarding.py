"""Passing a mail on by the page's form, and answering in a side thread."""

from django.test import Client

from postroom.core.accounts.models import User
from postroom.core.conversations.actions.forward import Parcel, forward
from postroom.core.conversations.actions.note import add_note
from postroom.core.conversations.actions.receive import Person
from postroom.core.conversations.models import Message
from tests.faces.web.composer.conftest import Room, file_of

SAM = "Sam <sam@supplier.example>"


def _page(room: Room, by: Client) -> str:
    return by.get(f"/conversations/{room.mail.conversation_id}").content.decode()


def test_a_mail_is_passed_on_with_the_files_that_were_chosen(room: Room) -> None:
    mail = room.receive(
        files=(
            file_of(b"a", name="a.txt", content_type="text/plain"),
            file_of(b"b", name="b.txt", content_type="text/plain"),
        )
    )
    form = room.alice.get(f"/messages/{mail.pk}/forwarding").content.decode()
    assert "a.txt" in form
    assert "does not see this" in form
    only = mail.attachments.get(name="b.txt").pk
    upload = room.upload(b"c", name="c.txt").json()["id"]
    sent = {"html": "<p>Yours?</p>", "to": SAM, "files": [only], "uploads": [upload], "token": "t", "subject": "Frame"}
    first = room.alice.post(f"/messages/{mail.pk}/forwarding", sent)
    again = room.alice.post(f"/messages/{mail.pk}/forwarding", {**sent, "uploads": []})
    assert (first.status_code, again.status_code) == (201, 201)
    made = Message.objects.get(kind="out")
    assert again.json()["message"] == made.pk
    assert {file.name for file in made.attachments.all()} == {"b.txt", "c.txt"}
    assert made.subject == "Frame"
    page = _page(room, room.alice)
    assert "Side thread" in page
    assert "Answer in the side thread" in page


def test_it_refuses_with_a_sentence_and_keeps_the_draft(room: Room) -> None:
    where = f"/messages/{room.mail.pk}/forwarding"
    for people, said in (({"to": "ann@customers.example"}, "is the customer here"), ({}, "no recipient")):
        answer = room.alice.post(where, {"html": "<p>x</p>", **people})
        assert answer.status_code == 422
        assert said in answer.json()["sentence"]
    assert not Message.objects.filter(kind="out").exists()


def test_an_answer_goes_to_who_is_in_the_side_thread_and_never_to_the_customer(room: Room, alice: User) -> None:
    passed = forward(room.mail, Parcel("<p>Yours?</p>", to=[SAM], cc=["eve@supplier.example"]), by=alice)
    ann = Person("Ann", "ann@customers.example")
    back = room.receive(sender=Person("Sam", "sam@supplier.example"), to=(Person("", "support@velo.example"), ann))
    Message.objects.filter(pk=back.pk).update(side_thread=passed.side_thread)
    form = room.alice.get(f"/messages/{back.pk}/beside").content.decode()
    assert "sam@supplier.example" in form
    assert "ann@customers.example" not in form.replace("Ann Peeters", "")
    assert room.alice.post(f"/messages/{back.pk}/beside", {"html": "<p>Deal</p>", "to": SAM}).status_code == 201
    assert Message.objects.filter(side_thread=passed.side_thread).count() == 3


def test_who_may_not_answer_here_passes_nothing_on_and_notes_stay_here(room: Room, alice: User) -> None:
    note = add_note(room.conversation, by=alice, html="<p>careful</p>")
    assert room.charlie.get(f"/messages/{room.mail.pk}/forwarding").status_code == 404
    assert room.alice.get(f"/messages/{note.pk}/forwarding").status_code == 404
    assert room.alice.get(f"/messages/{room.mail.pk}/beside").status_code == 404


def test_what_is_taken_back_returns_to_its_form_and_not_into_a_reply(room: Room, alice: User) -> None:
    mail = room.receive(files=(file_of(b"a", name="a.txt", content_type="text/plain"),))
    where = f"/messages/{mail.pk}/forwarding"
    file = mail.attachments.get()
    upload = room.upload(b"c", name="c.txt").json()["id"]
    made = room.alice.post(where, {"html": "<p>Secret</p>", "to": SAM, "files": [file.pk], "uploads": [upload]}).json()
    answer = room.alice.delete(f"/messages/{made['message']}/sending").json()
    assert "draft" not in answer
    beside = answer["beside"]
    assert beside["url"] == where
    assert "Secret" in beside["content"]["html"]
    assert [one["name"] for one in beside["content"]["files"]] == ["a.txt", "c.txt"]
    assert beside["content"]["files"][0]["id"] == file.pk
    assert beside["content"]["to"] == [{"name": "Sam", "email": "sam@supplier.example"}]
