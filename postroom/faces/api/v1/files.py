"""Files: out, as downloads; and in, with a reply or a note."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from postroom.core.conversations.actions.check_files import check_now, verdict
from postroom.core.conversations.actions.upload import attach, detach
from postroom.core.conversations.models import CLEAN, INFECTED, Attachment, Conversation
from postroom.core.storage import blobs
from postroom.faces.api.v1.asking import Asking, Problem
from postroom.faces.api.v1.lookups import file_to_read
from postroom.lib.blobs import BlobMissing
from postroom.lib.clamd import scan

_CONTROLS = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff\u2028\u2029]")


def show_file(asking: Asking, number: int) -> HttpResponse:
    """Return the bytes of a file; nothing that the virus scanner locked away or has not looked at."""
    file = file_to_read(asking, number)
    _refuse_locked(file)
    try:
        data = blobs().get(file.digest)
    except BlobMissing:
        raise Http404 from None
    response = HttpResponse(data, content_type="application/octet-stream")
    name = _CONTROLS.sub("_", file.name) or "file"
    # RFC 6266: plain ASCII names are quoted, others are written as RFC 5987 says.
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"  # noqa: FBT003
    return response


@contextmanager
def kept(files: Sequence[UploadedFile], *, conversation: Conversation, asking: Asking) -> Iterator[list[Attachment]]:
    """Keep the files for the message that is made inside; those that no message took are forgotten again."""
    own: list[Attachment] = []
    try:
        for file in files:
            own.append(_keep(file, conversation=conversation, asking=asking))  # noqa: PERF401  (each may be refused)
        yield own
    finally:
        for one in own:
            detach(one, by=asking.user)


def _keep(file: UploadedFile, *, conversation: Conversation, asking: Asking) -> Attachment:
    name, data = file.name or "", file.read()
    kind = file.content_type or ""
    one = attach(conversation, by=asking.user, name=name, content_type=kind, data=data)
    if settings.POSTROOM_CLAMD:
        known = check_now(one.digest, data, scan=partial(scan, at=settings.POSTROOM_CLAMD))
        if known.state == INFECTED:
            detach(one, by=asking.user)
            words = _("The virus scanner found %(found)s in %(name)s. Nothing was sent.")
            raise Problem(422, "virus", words % {"found": known.found, "name": one.name})
    return one


def _refuse_locked(file: Attachment) -> None:
    known = verdict(file.digest)
    if known.state == INFECTED:
        words = _("The virus scanner found %(found)s in this file, so it is locked away.")
        raise Problem(403, "virus", words % {"found": known.found})
    if known.state != CLEAN:
        sentence = _("The virus scanner has not looked at this file yet. Try again in a minute.")
        raise Problem(409, "not-scanned", sentence, headers={"Retry-After": "60"})
