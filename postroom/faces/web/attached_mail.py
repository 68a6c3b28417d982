"""Mails that came as files of another mail, and those inside of them."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import unquote

from django.http import Http404
from django.urls import reverse

from postroom.channels.mail.filenames import plain_to_see
from postroom.channels.mail.parse import parse
from postroom.channels.mail.parsed import Parsed, ParsedAttachment
from postroom.core.conversations.models import Attachment
from postroom.core.storage import blobs
from postroom.faces.web import files
from postroom.lib.blobs import BlobMissing
from postroom.lib.html import rewrite_images

_DEEPEST = 8


@dataclass(frozen=True)
class Inner:
    """A file inside an attached mail: `url` shows or downloads it, `mail_url` reads it when it is a mail itself.

    `declared` is what the mail calls it, path and hidden signs to be seen.
    """

    name: str
    declared: str
    size: int
    icon: str
    url: str
    mail_url: str


def read_attached(file: Attachment, part: str) -> Parsed:
    """Return the attached mail, or the one that `part` names inside it ("2.1" is the first file of the second).

    404 when the file or the part is no mail.
    """
    if not files.is_mail(file):
        raise Http404
    mail = parse(_bytes(file))
    for index in _path(part):
        inner = _file(mail, index)
        if inner.content_type not in files.MAIL_TYPES and not inner.name.lower().endswith(".eml"):
            raise Http404
        mail = parse(inner.data)
    return mail


def file_inside(file: Attachment, part: str) -> ParsedAttachment:
    """Return the file that `part` names, the last number being its place in its mail; 404 when there is none."""
    *path, last = _path(part) or [0]
    return _file(read_attached(file, ".".join(map(str, path))), last)


def files_inside(file: Attachment, mail: Parsed, part: str) -> list[Inner]:
    """Return the mail's files that its HTML does not show."""
    html = unquote(mail.html)
    found: list[Inner] = []
    for number, one in enumerate(mail.attachments, start=1):
        if one.content_id and f"cid:{one.content_id}" in html:
            continue
        path = f"{part}.{number}".lstrip(".")
        is_mail = one.content_type in files.MAIL_TYPES or one.name.lower().endswith(".eml")
        deep = path.count(".") + 1 > _DEEPEST
        found.append(
            Inner(
                name=one.name,
                declared=plain_to_see(one.declared_name) or one.name,
                size=one.size,
                icon=files.icon_of(one.name, one.content_type),
                url=_file_address(file, path),
                mail_url=f"{reverse('attached-mail', args=[file.pk])}?part={path}" if is_mail and not deep else "",
            )
        )
    return found


def with_images_inside(html: str, mail: Parsed, part: str, *, address: Callable[[str], str]) -> str:
    """Return sanitised HTML with the attached mail's own images where `address` says of each file's path."""
    if "cid:" not in html:
        return html
    addresses = {
        one.content_id: address(f"{part}.{number}".lstrip("."))
        for number, one in enumerate(mail.attachments, start=1)
        if one.content_id
    }
    return rewrite_images(html, lambda source: addresses.get(unquote(source.removeprefix("cid:")).strip("<>")))


def _file_address(file: Attachment, path: str) -> str:
    return reverse("attached-mail-file", args=[file.pk, path])


def _path(part: str) -> list[int]:
    numbers = part.split(".") if part else []
    if len(numbers) > _DEEPEST + 1 or not all(one.isdecimal() and one.isascii() and len(one) < 5 for one in numbers):
        raise Http404
    return [int(one) for one in numbers]


def _file(mail: Parsed, number: int) -> ParsedAttachment:
    if not 0 < number <= len(mail.attachments):
        raise Http404
    return mail.attachments[number - 1]


def _bytes(file: Attachment) -> bytes:
    try:
        return blobs().get(file.digest)
    except BlobMissing:
        raise Http404 from None
