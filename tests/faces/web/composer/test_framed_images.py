"""Images inside a mail's frame: fetched without a cookie, by an address that is a pass for one person."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from postroom.core.accounts.models import Mailbox, Membership, User
from postroom.core.conversations.actions.receive import File
from postroom.lib import clock
from tests.faces.web.composer.conftest import PNG, Room, file_of

_ADDRESS = re.compile(r'src="(/framed-images/[^"]+)"')


def _address(room: Room, *, content_type: str = "image/png", data: bytes = PNG) -> str:
    image: File = file_of(data, name="a.png", content_type=content_type, content_id="part1@ann")
    mail = room.receive(
        text="", untrusted_html='<p>See</p><img src="cid:part1@ann"><img src="CID:unknown">', files=(image,)
    )
    found = _ADDRESS.search(room.alice.get(f"/messages/{mail.pk}/html").content.decode())
    assert found
    return found[1]


def test_an_image_is_shown_without_a_cookie(room: Room) -> None:
    answer = Client().get(_address(room))
    assert answer.content == PNG
    assert answer["Content-Type"] == "image/png"
    assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "sandbox" in answer["Content-Security-Policy"]
    again = Client().get(_address(room), headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, again["Cross-Origin-Resource-Policy"]) == (304, "cross-origin")


def test_the_address_stays_the_same_for_a_while_so_that_the_browser_keeps_its_copy(room: Room) -> None:
    image = file_of(PNG, name="a.png", content_type="image/png", content_id="part1@ann")
    mail = room.receive(text="", untrusted_html='<img src="cid:part1@ann">', files=(image,))
    first, second = (room.alice.get(f"/messages/{mail.pk}/html").content.decode() for _ in range(2))
    assert _ADDRESS.findall(first) == _ADDRESS.findall(second)


def test_a_pass_ends(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    address = _address(room)
    later = clock.now() + timedelta(hours=25)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert Client().get(address).status_code == 404


def test_a_pass_ends_with_the_access_the_account_and_the_password(room: Room, mailbox: Mailbox, alice: User) -> None:
    address = _address(room)
    alice.set_password("quite another long one")
    alice.save()
    assert Client().get(address).status_code == 404
    room.alice.force_login(alice)
    address = _address(room)
    assert Client().get(address).status_code == 200
    Membership.objects.filter(mailbox=mailbox, user=alice).delete()
    assert Client().get(address).status_code == 404
    alice.is_active = False
    alice.save()
    assert Client().get(address).status_code == 404


def test_a_changed_pass_is_none(room: Room) -> None:
    address = _address(room)
    for changed in (address[:-1], address.replace(".file.", ".tray."), "/framed-images/x", "/framed-images/1.2.3:x"):
        assert Client().get(changed).status_code == 404, changed


def test_what_is_no_image_is_not_fetched_this_way(room: Room) -> None:
    assert Client().get(_address(room, content_type="text/html", data=b"<script>alert(1)</script>")).status_code == 404
