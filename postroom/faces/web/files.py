"""How files are addressed, drawn and told apart on our pages."""

from dataclasses import dataclass
from urllib.parse import quote

from django.urls import reverse

from postroom.core.conversations.models import Attachment
from postroom.faces.web import previews
from postroom.lib.pictures import is_drawable

# Raster images that every browser draws and that cannot carry a script. SVG can.
SHOWN_INLINE = {
    "image/png": (b"\x89PNG\r\n\x1a\n",),
    "image/jpeg": (b"\xff\xd8\xff",),
    "image/gif": (b"GIF87a", b"GIF89a"),
    "image/webp": (b"RIFF",),
}

MAIL_TYPES = frozenset({"message/rfc822", "message/global", "message/news"})

_ICONS = (
    ("image/", "image"),
    ("audio/", "music"),
    ("video/", "film"),
    ("message/", "mail"),
    ("text/calendar", "calendar"),
    ("text/csv", "file-spreadsheet"),
    ("application/pdf", "file-text"),
    ("text/", "file-text"),
)
_ICONS_BY_ENDING = {
    "file-archive": "zip gz tgz bz2 xz zst 7z rar tar",
    "file-spreadsheet": "xls xlsx ods csv tsv numbers",
    "file-text": "pdf doc docx odt rtf txt md pages",
    "calendar": "ics",
    "mail": "eml msg",
}


@dataclass(frozen=True)
class FileChip:
    """A file as a chip under a message: `thumbnail` is empty for what is no image."""

    id: int
    name: str
    size: int
    url: str
    download_url: str
    icon: str
    thumbnail: str
    # Where an attached mail is read; empty for what is none.
    mail_url: str = ""
    # "infected" or "waiting" while nobody may open it; empty for what may be opened.
    locked: str = ""
    # What the viewer asks for: the image itself, or a page of ours about a document; empty for what is only downloaded.
    preview: str = ""


def chip(file: Attachment, *, locked: str = "") -> FileChip:
    """Return what the page shows of a file; one that is `locked` is only named."""
    url = address(file)
    return FileChip(
        id=file.pk,
        name=file.name,
        size=file.size,
        url=url,
        download_url=f"{url}?download=1",
        icon=icon_of(file.name, file.content_type),
        thumbnail=url if file.content_type.lower() in SHOWN_INLINE and not locked else "",
        mail_url=reverse("attached-mail", args=[file.pk]) if file.message_id and is_mail(file) else "",
        locked=locked,
        preview="" if locked else _preview(file, url),
    )


def _preview(file: Attachment, url: str) -> str:
    if file.content_type.lower() in SHOWN_INLINE:
        return url
    if is_mail(file):
        return ""  # it has a page of its own
    return reverse("preview", args=[file.pk]) if previews.kind_of(file.name, file.content_type) else ""


def address(file: Attachment) -> str:
    """Return the file's own address; its name stands in it only for people, the id decides."""
    # A browser would resolve "." and ".." away.
    name = file.name if file.name.strip(". ") else "file"
    return f"{reverse('attachment', args=[file.pk])}/{quote(name, safe='')}"


def is_mail(file: Attachment) -> bool:
    """Tell whether the file is a mail that can be opened here."""
    return file.content_type.lower() in MAIL_TYPES or file.name.lower().endswith(".eml")


def icon_of(name: str, content_type: str) -> str:
    """Return the icon for a kind of file, by its type and then by its ending."""
    ending = name.rpartition(".")[2].lower()
    for icon, endings in _ICONS_BY_ENDING.items():
        if "." in name and ending in endings.split():
            return icon
    return next((icon for start, icon in _ICONS if content_type.lower().startswith(start)), "file")


def raster_type(data: bytes) -> str | None:
    """Return the type of an image that every browser draws, by its bytes alone; None for anything else."""
    return next((kind for kind in SHOWN_INLINE if shown_type(kind, data)), None)


def shown_type(content_type: str, data: bytes) -> str | None:
    """Return the type to show these bytes as, or None to download them: the label and the bytes must agree."""
    content_type = content_type.lower()
    if not data.startswith(SHOWN_INLINE.get(content_type, ())):
        return None
    if content_type == "image/webp" and data[8:12] != b"WEBP":
        return None
    return content_type if is_drawable(data) else None
