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
        html = opened.htmlbody or b""
        body = opened.body or ""
    except Exception:  # noqa: BLE001  a stranger's bytes in a stranger's parser: any error means "not readable"
        return None
    return Winmail(
        files=files,
        body=body if isinstance(body, str) else body.decode("cp1252", "replace"),
        html_body=html.encode() if isinstance(html, str) else bytes(html),
    )


def _file(attachment: TNEFAttachment) -> TnefFile | None:
    data = attachment.data
    name = attachment.long_filename() or attachment.name or ""
    if isinstance(name, bytes):
        name = name.decode("cp1252", "replace")
    return TnefFile(name=str(name).strip("\x00 "), data=bytes(data)) if data is not None else None
