"""Mails in mails, and their files, for what agents read."""

from email.message import EmailMessage
from pathlib import Path

from postroom.core.conversations.models import Attachment, Message
from tests.faces.web.composer.conftest import PNG, Room, file_of

MAILS = Path(__file__).resolve().parents[3] / "mails"


def mail_in_a_mail() -> bytes:
    """Kim's mail with a picture in its HTML, a file, and Lou's mail inside, which has a file, too."""
    lous = EmailMessage()
    lous["From"], lous["Subject"] = "Lou <lou@else.example>", "The innermost"
    lous.set_content("Lou's words")
    lous.add_attachment(b"lou's bytes", "application", "octet-stream", filename="lou.bin")
    kims = EmailMessage()
    kims["From"], kims["To"], kims["Subject"] = "Kim <kim@else.example>", "ann@customers.example", "Broken chain"
    kims.set_content("Kim's words")
    html = '<p>Kim\'s <b>words</b></p><script>alert(1)</script><img src="cid:p1"><img src="https://else.example/x.png">'
    kims.add_alternative(html, subtype="html")
    body = kims.get_payload()
    assert isinstance(body, list)
    part = body[1]
    assert isinstance(part, EmailMessage)
    part.add_related(PNG, "image", "png", cid="<p1>")
    kims.add_attachment(b"kim's bytes", "application", "octet-stream", filename="kim.bin")
    kims.add_attachment(lous)
    return kims.as_bytes()


def with_file(room: Room, data: bytes, *, name: str, content_type: str) -> tuple[Message, Attachment]:
    """Let a mail with one file arrive."""
    message = room.receive(files=(file_of(data, name=name, content_type=content_type),))
    return message, message.attachments.get()


def invitation(name: str) -> bytes:
    return (MAILS / "invitations" / f"{name}.ics").read_bytes()
