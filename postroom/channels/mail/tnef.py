"""Open Outlook's winmail.dat (MS-OXTNEF): files, text, invitations and the mails attached to it."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from postroom.channels.mail.charset_names import codec_named
from postroom.channels.mail.charsets import decode
from postroom.channels.mail.tnef_calendar import invitation
from postroom.channels.mail.tnef_mail import as_mail
from postroom.channels.mail.tnef_parts import TnefFile, Winmail
from postroom.channels.mail.tnef_properties import Property, properties
from postroom.channels.mail.tnef_rtf import decompressed

__all__ = ["TnefFile", "Winmail", "open_tnef"]

MAX_TNEF = 60_000_000
MAX_OBJECTS = 20_000
MAX_DEPTH = 5  # of mails attached to mails
_SIGNATURE = b"\x78\x9f\x3e\x22"
_MAIL_OBJECT = bytes.fromhex("0703020000000000c000000000000046")  # IID_IMessage: what follows is TNEF again
_DATA, _TITLE = 0x800F, 0x8010
_LONG_NAME, _SHORT_NAME, _SHOWN_NAME, _TYPE, _CONTENT_ID = 0x3707, 0x3704, 0x3001, 0x370E, 0x3712
_CONTENT, _PLAIN, _RTF, _HTML, _CHARSET, _KIND, _TOPIC = 0x3701, 0x1000, 0x1009, 0x1013, 0x3FDE, 0x001A, 0x0037


@dataclass
class _File:
    """An attachment while its attributes are read."""

    title: bytes = b""
    data: bytes = b""
    properties: list[Property] = field(default_factory=list)

    def words(self, *numbers: int, codec: str) -> str:
        """Return the first of these properties that says something."""
        told = {one.number: one for one in reversed(self.properties) if not one.named}
        return next((text for number in numbers if number in told and (text := told[number].text(codec))), "")


@dataclass
class _Message:
    """A message while its attributes are read."""

    codec: str = "cp1252"
    kind: str = ""
    subject: str = ""
    body: bytes = b""
    properties: list[Property] = field(default_factory=list)
    files: list[_File] = field(default_factory=list)

    def get(self, number: int) -> Property | None:
        return next((one for one in self.properties if one.number == number and not one.named), None)

    def text(self, number: int) -> str:
        found = self.get(number)
        return found.text(self.codec) if found else ""


def open_tnef(data: bytes, *, depth: int = 0) -> Winmail | None:
    """Return what is inside, None when it is no TNEF: then the file itself is kept. Damage only ends the reading."""
    if len(data) > MAX_TNEF or not data.startswith(_SIGNATURE):
        return None
    message = _Message()
    for number, value in _objects(data):
        _take(message, number, value)
    files = [file for one in message.files for file in _opened(one, message.codec, depth=depth)]
    calendar = invitation(message.kind, message.properties, subject=message.subject, codec=message.codec)
    if calendar:
        files.append(TnefFile(name="invite.ics", data=calendar.encode(), content_type="text/calendar"))
    body, html = message.text(_PLAIN) or message.body.decode(message.codec, "replace").rstrip("\0"), _html(message)
    if not (body.strip() or html.strip()) and (rich := message.get(_RTF)) and (rtf := decompressed(rich.data)):
        files.append(TnefFile(name="message.rtf", data=rtf, content_type="application/rtf"))
    return Winmail(files=tuple(files), body=body, html_body=html, subject=message.subject)


def _objects(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield number and value of each attribute; the last may be cut short."""
    position = 6
    for _ in range(MAX_OBJECTS):
        if position + 9 > len(data):
            return
        _level, number, _kind, length = struct.unpack_from("<BHHI", data, position)
        yield number, data[position + 9 : position + 9 + length]
        position += 9 + length + 2  # a checksum, often wrong


def _take(message: _Message, number: int, value: bytes) -> None:
    """The numbers are the attributes' ids (MS-OXTNEF 2.1.3.2)."""
    match number:
        case 0x9007:  # code page
            message.codec = codec_named(f"cp{int.from_bytes(value[:4], 'little')}") or message.codec
        case 0x8004:  # subject
            message.subject = value.decode(message.codec, "replace").rstrip("\0")
        case 0x8008:  # message class
            message.kind = value.decode("latin-1").rstrip("\0")
        case 0x800C:  # body
            message.body = value
        case 0x9003:  # properties of the message
            message.properties += properties(value)
            message.kind = message.text(_KIND) or message.kind
            message.subject = message.text(_TOPIC) or message.subject
        case 0x9002:  # a file begins
            message.files.append(_File())
        case 0x8010 | 0x800F | 0x9005:  # its title, bytes, properties
            if not message.files:
                message.files.append(_File())
            _take_of_file(message.files[-1], number, value)


def _take_of_file(file: _File, number: int, value: bytes) -> None:
    if number == _TITLE:
        file.title = value
    elif number == _DATA:
        file.data = value
    else:
        file.properties += properties(value)


def _html(message: _Message) -> str:
    found = message.get(_HTML)
    if found is None:
        return ""
    charset = message.get(_CHARSET)
    return decode(found.data, f"cp{charset.whole}" if charset else message.codec).replace("\0", "")


def _opened(file: _File, codec: str, *, depth: int) -> list[TnefFile]:
    """Return the file; of an attached mail the mail itself, as one that any program opens."""
    name = file.words(_LONG_NAME, codec=codec) or file.title.decode(codec, "replace").strip("\0 ")
    name = name or file.words(_SHORT_NAME, _SHOWN_NAME, codec=codec)
    content = next((one.data for one in file.properties if one.number == _CONTENT and not one.named), b"")
    data = file.data or content
    if content.startswith(_MAIL_OBJECT):
        inner = open_tnef(content[len(_MAIL_OBJECT) :], depth=depth + 1) if depth < MAX_DEPTH else None
        if inner is not None:
            shown = name or inner.subject or "message"
            return [
                TnefFile(
                    name=f"{shown}.eml",
                    data=as_mail(inner, subject=inner.subject or shown),
                    content_type="message/rfc822",
                )
            ]
    if not data:
        return []
    kind = file.words(_TYPE, codec=codec).lower()
    return [
        TnefFile(name=name, data=data, content_type=kind, content_id=file.words(_CONTENT_ID, codec=codec).strip("<> "))
    ]
