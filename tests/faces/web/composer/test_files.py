"""Files in and out: hostile names, false labels, too much, and nothing that runs in our origin."""

import zlib
from datetime import timedelta
from urllib.parse import quote

import pytest
from django.test import Client
from pytest_django import Settings

from postroom.core.conversations.actions.sweep import KEPT, sweep_uploads
from postroom.core.conversations.models import Attachment
from postroom.faces.web.files import address
from postroom.lib import clock
from tests.faces.web.composer.conftest import PNG, Room, file_of, only_attachment

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<script>alert(document.domain)</script>"

NAMES = [
    "terms.txt",
    "Zoë’s Prüfung.pdf",
    "発注書.xlsx",
    'a"b\\c.txt',
    "a\r\nSet-Cookie: x=1.txt",
    "..",
    ".",
    "",
    "../../etc/passwd",
    "a/b/c.txt",
    "%00%2e%2e.txt",
    "\u202egnp.exe",
    "😀" * 200 + ".txt",
    "\ud800.txt",
    "?download=0#x.txt",
]


@pytest.mark.parametrize("name", NAMES)
def test_a_file_of_any_name_comes_back_as_it_went(room: Room, name: str) -> None:
    data = b"the words of " + str(len(name)).encode()
    mail = room.receive(text="see file", files=(file_of(data, name=name, content_type="text/plain"),))
    file = mail.attachments.get()
    answer = room.alice.get(address(file))
    assert answer.status_code == 200
    assert answer.content == data
    disposition = answer["Content-Disposition"]
    assert disposition.startswith("attachment; filename")
    assert "\n" not in disposition
    assert disposition.isascii()


def test_a_name_beyond_ascii_is_written_as_rfc_5987_says(room: Room) -> None:
    mail = room.receive(files=(file_of(b"x", name="Prüfung.pdf", content_type="application/pdf"),))
    answer = room.alice.get(f"/attachments/{mail.attachments.get().pk}/whatever")
    assert answer["Content-Disposition"] == f"attachment; filename*=utf-8''{quote('Prüfung.pdf')}"


@pytest.mark.parametrize("name", NAMES[1:])
def test_an_upload_of_any_name_is_kept(room: Room, name: str) -> None:
    answer = room.upload(name=name.replace("\ud800", "?"))
    assert answer.status_code in (201, 422)
    for file in Attachment.objects.all():
        assert file.name
        assert not set(file.name) & set('/\\\r\n\x00"\u202e')


def test_an_image_is_shown_and_can_be_downloaded(room: Room) -> None:
    url = room.upload(PNG, name="a.png", content_type="image/png").json()["url"]
    shown = room.alice.get(url)
    assert shown["Content-Type"] == "image/png"
    assert shown["Content-Disposition"] == 'inline; filename="a.png"'
    assert shown["X-Content-Type-Options"] == "nosniff"
    assert shown["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert room.alice.get(f"{url}?download=1")["Content-Disposition"].startswith("attachment")
    assert room.alice.get(url, headers={"If-None-Match": shown["ETag"]}).status_code == 304


@pytest.mark.parametrize(
    ("data", "content_type"),
    [
        (SVG, "image/svg+xml"),
        (HTML, "text/html"),
        (HTML, "image/png"),
        (SVG, "image/gif"),
        (b"RIFF____WAVE" + HTML, "image/webp"),
        (PNG, "text/html"),
        (b"%PDF-1.7", "application/pdf"),
        (HTML, "application/xhtml+xml"),
        (b"", "image/png"),
    ],
)
def test_what_could_run_is_only_downloaded(room: Room, data: bytes, content_type: str) -> None:
    mail = room.receive(files=(file_of(data, name="x", content_type=content_type),))
    answer = room.alice.get(f"/attachments/{mail.attachments.get().pk}/x.html")
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"


def test_a_file_too_large_is_refused_with_its_name(room: Room, settings: Settings) -> None:
    settings.POSTROOM_MAX_UPLOAD_BYTES = 1_048_576
    answer = room.upload(b"x" * 1_048_577, name="film.mov")
    assert answer.status_code == 413
    assert "film.mov is larger than 1 MB" in answer.json()["sentence"]
    assert not Attachment.objects.exists()


def test_no_file_at_all_is_a_sentence(room: Room) -> None:
    answer = room.alice.post(room.url("uploads"), {"inline": "1"})
    assert answer.status_code == 422
    assert answer.json()["sentence"]


def test_only_an_image_can_stand_in_the_text(room: Room) -> None:
    answer = room.upload(SVG, name="x.svg", content_type="image/svg+xml", inline="1")
    assert answer.status_code == 422
    assert not Attachment.objects.exists()


def test_an_upload_is_its_owners_until_it_is_sent(room: Room) -> None:
    answer = room.upload().json()
    assert room.bob.get(answer["url"]).status_code == 404
    assert room.bob.delete(f"/uploads/{answer['id']}").status_code == 404
    assert room.alice.get(answer["url"]).status_code == 200
    room.reply(uploads=[answer["id"]])
    assert room.bob.get(answer["url"]).status_code == 200
    assert room.bob.delete(f"/uploads/{answer['id']}").status_code == 409
    assert room.alice.delete(f"/uploads/{answer['id']}").status_code == 409


def test_an_upload_can_be_taken_off(room: Room) -> None:
    answer = room.upload().json()
    assert room.alice.delete(f"/uploads/{answer['id']}").status_code == 200
    assert room.alice.delete(f"/uploads/{answer['id']}").status_code == 404


def test_charlie_sees_no_file(room: Room) -> None:
    upload = room.upload().json()
    assert room.charlie.get(upload["url"]).status_code == 404
    assert room.charlie.get(f"/attachments/{upload['id']}").status_code == 404
    assert room.charlie.delete(f"/uploads/{upload['id']}").status_code == 404
    assert Client().get(upload["url"]).status_code == 302


@pytest.mark.parametrize("number", ["0", "999999999999999999", "99999999999999999999", "-1", "x"])
def test_an_absurd_id_is_not_there(room: Room, number: str) -> None:
    for url in (f"/attachments/{number}/x", f"/messages/{number}/html", f"/messages/{number}/raw"):
        assert room.alice.get(url).status_code == 404
    assert room.alice.delete(f"/uploads/{number}").status_code == 404


def test_a_file_whose_bytes_are_gone_is_404(room: Room) -> None:
    url = room.upload().json()["url"]
    Attachment.objects.filter(pk=only_attachment().pk).update(digest="0" * 64)
    assert room.alice.get(url).status_code == 404


def test_a_picture_too_large_to_draw_is_only_downloaded(room: Room) -> None:
    # 60,000 by 60,000 pixels in some forty bytes.
    head = b"IHDR" + (60_000).to_bytes(4, "big") * 2 + b"\x08\x02\x00\x00\x00"
    bomb = b"\x89PNG\r\n\x1a\n" + (13).to_bytes(4, "big") + head + zlib.crc32(head).to_bytes(4, "big") + bytes(12)
    mail = room.receive(files=(file_of(bomb, name="a.png", content_type="image/png"),))
    answer = room.alice.get(address(mail.attachments.get()))
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer.content == bomb


def test_an_upload_that_was_never_sent_goes_after_a_week(room: Room) -> None:
    room.upload(b"old")
    Attachment.objects.update(created_at=clock.now() - KEPT - timedelta(hours=1))
    room.upload(b"new")
    sent = room.receive(files=(file_of(b"kept", name="a.txt", content_type="text/plain"),))
    Attachment.objects.filter(message=sent).update(created_at=clock.now() - 2 * KEPT)
    assert not sweep_uploads()
    assert sorted(Attachment.objects.values_list("size", flat=True)) == [3, 4]
