"""All files of a message in one zip, sent while it is made."""

from collections.abc import Iterator
from functools import partial

from django.http import Http404, HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from postroom.core.conversations.actions.upload import safe_name
from postroom.core.conversations.models import Attachment
from postroom.core.storage import blobs
from postroom.faces.web import bodies, locked_files
from postroom.faces.web.access import signed_in
from postroom.faces.web.readings import attachment_read
from postroom.faces.web.visible import message_or_404
from postroom.lib.blobs import BlobMissing


@require_safe
@signed_in
def all_files(request: HttpRequest, message_id: int) -> HttpResponseBase:
    """Return the files that are shown below the message. One that is locked away stays out of it."""
    message = message_or_404(request, message_id)
    below = bodies.files_below(message)
    held = locked_files.states(file.digest for file in below)
    files = [file for file in below if file.digest not in held]
    if not files:
        raise Http404
    for file in files:
        attachment_read(request, file)
    response = StreamingHttpResponse(_zip(files), content_type="application/zip")
    name = f"{slugify(message.conversation.subject)[:60] or 'files'}-{message.pk}.zip"
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def _zip(files: list[Attachment]) -> Iterator[bytes]:
    from zipstream import ZIP_STORED, ZipStream

    made = ZipStream(compress_type=ZIP_STORED)
    met: set[str] = set()
    for file in files:
        made.add(partial(_bytes, file)(), arcname=_own_name(file.name, met))
    yield from made


def _bytes(file: Attachment) -> Iterator[bytes]:
    """Read a file when its turn comes, and not all of them at once; one that is gone is empty."""
    try:
        yield blobs().get(file.digest)
    except BlobMissing:
        return


def _own_name(name: str, met: set[str]) -> str:
    """Return the name without a path, numbered when there was one like it; `met` remembers."""
    name = safe_name(name)
    stem, dot, ending = name.rpartition(".")
    number, own = 1, name
    while own.casefold() in met:
        number += 1
        own = f"{stem} ({number}).{ending}" if dot and stem else f"{name} ({number})"
    met.add(own.casefold())
    return own
