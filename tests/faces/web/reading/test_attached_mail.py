"""An attached mail stays a mail: openable, and as safe as the one it came with."""

import re

import pytest
from django.test import Client

from tests.faces.web.composer.conftest import PNG, Room
from tests.faces.web.reading.mails import mail_in_a_mail, with_file


def _address(room: Room) -> str:
    _message, file = with_file(room, mail_in_a_mail(), name="Broken chain.eml", content_type="message/rfc822")
    return f"/attachments/{file.pk}/mail"


def test_it_opens_with_its_headers_and_its_files(room: Room) -> None:
    address = _address(room)
    page = room.alice.get(address).content.decode()
    for words in ("Broken chain", "Kim &lt;kim@else.example&gt;", "kim.bin", "?part=3"):
        assert words in page
    assert f"{address}/html" in page
    assert room.alice.get(f"{address}/files/2").content == b"kim's bytes"


def test_the_conversation_leads_to_it(room: Room) -> None:
    address = _address(room)
    assert f'href="{address}"' in room.alice.get(room.url("")[:-1]).content.decode()


def test_its_html_is_cleaned_and_runs_nothing(room: Room) -> None:
    address = _address(room)
    answer = room.alice.get(f"{address}/html")
    html = answer.content.decode()
    assert "<b>words</b>" in html
    assert "script" not in html.partition("<body>")[2]
    assert 'data-blocked="1"' in html
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "script-src" not in answer["Content-Security-Policy"]
    image = re.search(r'src="(/framed-images/[^"]+)"', html)
    assert image
    shown = room.alice.get(image[1])
    assert (shown.content, shown["Content-Type"]) == (PNG, "image/png")


def test_a_mail_inside_it_opens_as_well(room: Room) -> None:
    address = _address(room)
    page = room.alice.get(f"{address}?part=3").content.decode()
    assert "Lou&#39;s words" in page or "Lou's words" in page
    assert room.alice.get(f"{address}/files/3.1").content == b"lou's bytes"


@pytest.mark.parametrize("part", ["0", "9", "2", "3.1", "x", "3.", "1.1.1.1.1.1.1.1.1.1.1", "99999999999"])
def test_what_is_not_there_is_not_found(room: Room, part: str) -> None:
    assert room.alice.get(f"{_address(room)}?part={part}").status_code == 404


@pytest.mark.parametrize("part", ["0", "9", "3.9", "2.1", "x", "-1"])
def test_a_file_that_is_not_there_is_not_found(room: Room, part: str) -> None:
    assert room.alice.get(f"{_address(room)}/files/{part}").status_code == 404


@pytest.mark.parametrize("end", ["", "/html", "/files/1", "/files/3.1", "?part=3"])
def test_only_who_sees_the_conversation_opens_it(room: Room, end: str) -> None:
    address = _address(room) + end
    assert room.bob.get(address).status_code == 200
    assert room.charlie.get(address).status_code == 404
    assert Client().get(address).status_code == 302


def test_a_file_called_mail_is_still_that_file(room: Room) -> None:
    _message, file = with_file(room, b"not a mail", name="mail", content_type="application/octet-stream")
    assert room.alice.get(f"/attachments/{file.pk}/mail").content == b"not a mail"


@pytest.mark.parametrize("data", [b"", b"\x00\xff" * 50, b"Content-Type: multipart/mixed; boundary=x\n\n--x\n" * 200])
def test_whatever_calls_itself_a_mail_has_a_page(room: Room, data: bytes) -> None:
    _message, file = with_file(room, data, name="odd.eml", content_type="message/rfc822")
    for end in ("", "/html"):
        assert room.alice.get(f"/attachments/{file.pk}/mail{end}").status_code == 200
