"""Files looked at in the page, all of them at once, and whose images from outside are shown."""

import io
import zipfile

from pypdfium2 import PdfDocument

from postroom.core.conversations.actions.receive import File
from postroom.core.conversations.models import Attachment, Message
from postroom.core.storage import blobs
from tests.faces.web.composer.conftest import Room


def _pdf(pages: int) -> bytes:
    document = PdfDocument.new()
    for _ in range(pages):
        document.new_page(200, 300)
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def _file(name: str, data: bytes, content_type: str = "application/octet-stream") -> File:
    return File(name=name, content_type=content_type, size=len(data), digest=blobs().put(data))


def _received(room: Room, *files: File) -> list[Attachment]:
    message = room.receive(text="See the files.", files=files)
    return list(Attachment.objects.filter(message=message).order_by("pk"))


def test_the_pages_of_a_pdf_are_pictures_of_ours(room: Room) -> None:
    (file,) = _received(room, _file("plan.pdf", _pdf(3), "application/pdf"))
    shown = room.alice.get(f"/previews/{file.pk}").content.decode()
    assert [f"/previews/{file.pk}/pages/{n}" in shown for n in (1, 2, 3, 4)] == [True, True, True, False]
    picture = room.alice.get(f"/previews/{file.pk}/pages/2")
    assert picture.headers["Content-Type"] == "image/png"
    assert picture.content.startswith(b"\x89PNG")
    assert room.alice.get(f"/previews/{file.pk}/pages/4").status_code == 404
    assert room.charlie.get(f"/previews/{file.pk}").status_code == 404
    assert room.charlie.get(f"/previews/{file.pk}/pages/2").status_code == 404


def test_what_only_calls_itself_a_pdf_is_said_to_be_none(room: Room) -> None:
    for data in (b"%PDF-1.7 broken", b"", b"\x00" * 5000):
        (file,) = _received(room, _file("plan.pdf", data, "application/pdf"))
        assert "cannot be shown here" in room.alice.get(f"/previews/{file.pk}").content.decode()
        assert room.alice.get(f"/previews/{file.pk}/pages/1").status_code == 404


def test_a_text_is_shown_as_text_whatever_it_says(room: Room) -> None:
    (page, long, other) = _received(
        room,
        _file("page.html", "<script>alert(1)</script> Größe".encode("latin-1"), "text/html"),
        _file("day.log", b"line\n" * 100_000, "text/plain"),
        _file("tool.exe", b"MZ", "application/x-msdownload"),
    )
    shown = room.alice.get(f"/previews/{page.pk}").content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt; Größe" in shown
    assert "This is the beginning" in room.alice.get(f"/previews/{long.pk}").content.decode()
    assert room.alice.get(f"/previews/{other.pk}").status_code == 404


def test_all_files_come_as_one_zip_byte_for_byte(room: Room) -> None:
    files = [
        _file("a.txt", b"one"),
        _file("A.txt", b"two"),
        _file("../../etc/passwd", b"three"),
        _file("b", b"\x00" * 999),
    ]
    found = _received(room, *files)
    number = found[0].message_id
    answer = room.alice.get(f"/messages/{number}/files.zip")
    assert answer.headers["Content-Type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.getvalue())) as packed:
        assert packed.testzip() is None
        assert sorted(packed.read(name) for name in packed.namelist()) == [b"\x00" * 999, b"one", b"three", b"two"]
        assert len({name.casefold() for name in packed.namelist()}) == 4
        assert not [name for name in packed.namelist() if ".." in name.split("/") or name.startswith("/")]
    assert room.charlie.get(f"/messages/{number}/files.zip").status_code == 404


def test_images_of_a_trusted_sender_are_shown_until_somebody_asks_again(room: Room) -> None:
    picture = '<p>Hi</p><img src="https://shop.example/a.png">'
    first, second = (room.receive(text="", untrusted_html=picture) for _ in range(2))
    frame = f"/messages/{second.pk}/html"
    assert "/remote-images/" not in room.alice.get(frame).content.decode()
    assert room.alice.post(f"/messages/{first.pk}/sender-images").status_code == 204
    assert "/remote-images/" in room.alice.get(frame).content.decode()
    assert room.alice.get(f"{frame}?facts=1").json()["trusted"] is True
    assert "/remote-images/" not in room.alice.get(f"{frame}?images=0").content.decode()
    # Anybody can write a trusted address into From; our own server says when that is not true.
    Message.objects.filter(pk=second.pk).update(protection={"sender": {"dmarc": "fail", "by": "mx"}})
    assert "/remote-images/" not in room.alice.get(frame).content.decode()
    Message.objects.filter(pk=second.pk).update(protection={})
    assert room.alice.delete(f"/messages/{first.pk}/sender-images").status_code == 204
    assert "/remote-images/" not in room.alice.get(frame).content.decode()


def test_trackers_are_left_out_even_of_shown_images_and_named(room: Room) -> None:
    pixel = '<img src="https://x.list-manage.com/track/open.php?u=1" width="1" height="1">'
    message = room.receive(text="", untrusted_html=f'<p>Hi</p>{pixel}<img src="https://shop.example/a.png">')
    frame = f"/messages/{message.pk}/html"
    facts = room.alice.get(f"{frame}?facts=1").json()
    assert facts["blocked"] == 1
    assert "Mailchimp" in facts["trackers"]
    assert room.alice.get(f"{frame}?images=1").content.decode().count("/remote-images/") == 1
