"""Open Outlook's winmail.dat (MS-OXTNEF)."""

import logging
from dataclasses import dataclass

from tnefparse import TNEF
from tnefparse.tnef import TNEFAttachment

MAX_TNEF = 60_000_000
logging.getLogger("tnef-decode").setLevel(logging.CRITICAL)  # its warnings name every odd property of strangers' files


@dataclass(frozen=True, slots=True)
class TnefFile:
    """A file out of winmail.dat."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Winmail:
    """What winmail.dat held; `body` and `html_body` are '' when it had none."""

    files: tuple[TnefFile, ...]
    body: str
    html_body: bytes


def open_tnef(data: bytes) -> Winmail | None:
    """Return what is inside, None when it cannot be read: then the file itself is kept."""
    if len(data) > MAX_TNEF:
        return None
    try:
        opened = TNEF(data, do_checksum=False)
        files = tuple(found for found in map(_file, opened.attachments) if found)
        html, body = opened.htmlbody, opened.body
    except Exception:  # noqa: BLE001  a stranger's bytes in a stranger's parser: any error means "not readable"
        return None
    return Winmail(files=files, body=_text(body), html_body=_bytes(html))


def _text(value: object) -> str:
    """The properties of a damaged file may be of any type."""
    return value if isinstance(value, str) else value.decode("cp1252", "replace") if isinstance(value, bytes) else ""


def _bytes(value: object) -> bytes:
    return value if isinstance(value, bytes) else value.encode("utf-8", "replace") if isinstance(value, str) else b""


def _file(attachment: TNEFAttachment) -> TnefFile | None:
    data = attachment.data
    name = _text(attachment.long_filename() or attachment.name).strip("\x00 ")
    return TnefFile(name=name, data=data) if isinstance(data, bytes) else None
