"""Which folders an account has, and which of them is for what."""

from dataclasses import dataclass
from typing import Any

from imapclient.exceptions import IMAPClientError
from imapclient.imap_utf7 import decode, encode

from postroom.channels.mail.folder_names import ARCHIVE, JUNK, SENT, TRASH, purpose_of
from postroom.channels.mail.transports.imap_wire import Line, is_lost, sense

# RFC 6154. In Gmail what is archived lies in All Mail.
_FLAGS = {rb"\sent": SENT, rb"\archive": ARCHIVE, rb"\all": ARCHIVE, rb"\junk": JUNK, rb"\trash": TRASH}
_CLOSED = {rb"\noselect", rb"\nonexistent"}


@dataclass(frozen=True)
class Folder:
    """A folder that can be opened. `purpose` is sent, archive, junk, trash or empty; `sure` when the server said it."""

    name: str
    purpose: str = ""
    sure: bool = False


def list_folders(line: Line) -> list[Folder]:
    """Return the folders of the account and those shared with it, INBOX first."""
    with sense():
        told = _listed(line, "*")
        for prefix in _other_prefixes(line):
            if not any(name.startswith(prefix) for _flags, _delimiter, name in told):
                told += _listed(line, f"{prefix}*")
    folders = {folder.name: folder for row in told if (folder := _folder(*row))}
    return sorted(folders.values(), key=lambda folder: (folder.name.upper() != "INBOX", folder.name.casefold()))


def find(line: Line, purpose: str) -> str | None:
    """Return the folder for this purpose: by the server's flags, else by its name in many languages."""
    fitting = [folder for folder in list_folders(line) if folder.purpose == purpose]
    # The least deep: "Sent", not "Old/2009/Sent".
    best = sorted(fitting, key=lambda folder: (not folder.sure, len(folder.name)))
    return best[0].name if best else None


def _listed(line: Line, pattern: str) -> list[tuple[frozenset[bytes], bytes, str]]:
    line.folder_encode = False
    try:
        rows = line.list_folders(pattern=encode(pattern).decode("ascii"))
    finally:
        line.folder_encode = True
    return [
        (frozenset(flag.lower() for flag in flags if isinstance(flag, bytes)), _mark(delimiter), name)
        for flags, delimiter, raw in rows
        if (name := _name(raw))
    ]


def _mark(delimiter: Any) -> bytes:
    return delimiter if isinstance(delimiter, bytes) else b""


def _name(raw: Any) -> str:
    """Return the folder's name; nothing for one that breaks RFC 3501 5.1.3, since it could not be asked for again."""
    try:
        name = decode(raw) if isinstance(raw, bytes) else str(raw)
    except ValueError:
        return ""
    good = name.isprintable() and (not isinstance(raw, bytes) or encode(name) == raw)
    return name if good else ""


def _other_prefixes(line: Line) -> list[str]:
    """Return where folders lie that LIST "*" does not name on some servers: those of others, shared ones (RFC 2342)."""
    try:
        spaces = line.namespace() if line.has_capability("NAMESPACE") else ()
    except IMAPClientError as error:
        if is_lost(error):
            raise
        return []
    return [prefix for space in spaces for prefix, _delimiter in space or () if isinstance(prefix, str) and prefix]


def _folder(flags: frozenset[bytes], delimiter: bytes, name: str) -> Folder | None:
    if flags & _CLOSED:
        return None
    told = next((purpose for flag, purpose in _FLAGS.items() if flag in flags), "")
    mark = delimiter.decode("ascii", "replace")
    last = name.rsplit(mark, 1)[-1] if mark else name
    return Folder(name, told or purpose_of(last), sure=bool(told))
