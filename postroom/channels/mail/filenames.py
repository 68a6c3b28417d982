"""Names of attachments, safe to show, to save and to send."""

import mimetypes
import re
import unicodedata
from collections.abc import Sequence

from postroom.channels.mail.headers import words
from postroom.channels.mail.tree import Node

MAX_NAME = 150
# Direction overrides turn "gpj.exe" into "exe.jpg"; zero-width signs hide inside names.
_HIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]")
_SLASHES = re.compile(r"[\\/]+")
_PATH = re.compile(r"^(?:[A-Za-z]:[\\/]|[\\/~.]|file:)")
_EXTENSIONS = {
    "message/rfc822": ".eml", "text/plain": ".txt", "text/html": ".html", "image/jpeg": ".jpg", "text/calendar": ".ics",
    "message/delivery-status": ".txt", "text/rfc822-headers": ".txt", "message/feedback-report": ".txt",
}  # fmt: skip


def stated_name(node: Node, hints: Sequence[str | None] = ()) -> str:
    """Return the name that the part gives itself, '' when none; not yet made safe."""
    name = node.disposition[1].get("filename") or node.parameters.get("name") or node.parameters.get("filename") or ""
    return words(name, hints).strip()


def plain_to_see(declared_name: str) -> str:
    """Return a name as the mail has it, each hidden sign as U+FFFD: what it hides is then there to be seen."""
    return _HIDDEN.sub("\ufffd", declared_name)


def content_type_of(name: str) -> str:
    """Return the media type that a file name suggests."""
    return mimetypes.guess_type(name, strict=False)[0] or "application/octet-stream"


def safe_name(name: str, *, content_type: str, number: int) -> str:
    """Return the name without path, control or direction characters; a nameless part gets one from kind and number."""
    name = unicodedata.normalize("NFC", _HIDDEN.sub("", name[:2000]))
    if _PATH.match(name) and not name.endswith(("/", "\\")):
        name = _SLASHES.split(name)[-1]
    name = _SLASHES.sub("_", name).strip(" .") if name.strip(" ._/\\") else ""
    if not name:
        kind = content_type.partition("/")[0]
        extension = _EXTENSIONS.get(content_type) or mimetypes.guess_extension(content_type, strict=False) or ""
        stem = {"image": "image", "message": "message", "audio": "sound", "video": "video"}.get(kind, "attachment")
        return f"{stem}-{number}{extension}"
    if len(name) > MAX_NAME:
        stem, dot, extension = name.rpartition(".")
        name = f"{stem[: MAX_NAME - 12]}{dot}{extension}" if dot and len(extension) <= 10 else name[:MAX_NAME]
    return name
