"""Whom the composer proposes to write to, and what a message's body shows."""

from postroom.core.accounts.models import Mailbox, User
from postroom.core.conversations.actions.receive import Person
from postroom.core.conversations.models import Message
from postroom.faces.web.bodies import body
from postroom.faces.web.composing import composing
from postroom.faces.web.files import icon_of
from tests.faces.web.composer.conftest import PNG, Room, file_of


def test_the_customer_is_proposed_and_the_others_only_for_reply_all(room: Room, alice: User) -> None:
    known = composing(room.conversation, by=alice)
    ann = {"name": "Ann Peeters", "email": "ann@customers.example"}
    assert known["defaults"] == {"to": [ann], "cc": [], "bcc": []}
    assert known["all"] == {"to": [ann], "cc": [{"name": "Carl", "email": "carl@customers.example"}], "bcc": []}
    assert known["seen"] == room.mail.pk


def test_reply_to_is_honoured(room: Room, alice: User) -> None:
    room.receive(reply_to=Person("Ann at home", "ann@home.example"))
    usual = composing(room.conversation, by=alice)["defaults"]
    assert isinstance(usual, dict)
    assert usual["to"][0]["email"] == "ann@home.example"


def test_a_second_mailbox_of_ours_is_nobody_to_write_to(room: Room, alice: User) -> None:
    Mailbox.objects.create(name="Shop", address="shop@velo.example")
    room.receive(to=(Person("", "Support@velo.example"), Person("", "shop@velo.example")))
    assert composing(room.conversation, by=alice)["all"] == {}


def test_plain_text_is_escaped_and_its_quotes_folded(room: Room) -> None:
    mail = room.receive(text="<b>New</b>\n\nOn Mon, 3 May 2026, Alice <alice@velo.example> wrote:\n> Old\n> words")
    shown = body(mail)
    assert shown.frame == ""
    assert [part.quoted for part in shown.parts] == [False, True]
    assert "&lt;b&gt;New&lt;/b&gt;" in shown.parts[0].html
    assert "Old" in shown.parts[1].html


def test_a_customers_html_is_framed_and_our_own_is_not(room: Room) -> None:
    mail = room.receive(text="x", untrusted_html="<p>x</p>")
    assert body(mail).frame == f"/messages/{mail.pk}/html"
    room.reply(html='<div style="color: red">Hi <b>Ann</b></div>')
    own = body(Message.objects.get(kind="out"))
    assert own.frame == ""
    assert own.parts[0].html == "<div>Hi <b>Ann</b></div>"


def test_a_file_that_stands_in_the_text_is_not_listed_below(room: Room) -> None:
    inside = file_of(PNG, name="a.png", content_type="image/png", content_id="1@ann")
    lost = file_of(PNG, name="b.png", content_type="image/png", content_id="2@ann")
    mail = room.receive(text="x", untrusted_html='<img src="cid:1@ann">', files=(inside, lost))
    assert [file.name for file in body(mail).files] == ["b.png"]


def test_a_file_has_an_icon_by_its_ending_or_type() -> None:
    assert icon_of("a.ZIP", "application/octet-stream") == "file-archive"
    assert icon_of("photo", "image/heic") == "image"
    assert icon_of("", "") == "file"
