"""A file of a message: images are shown, everything else is downloaded."""

import re

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.cache import patch_cache_control
from django.utils.http import content_disposition_header, quote_etag
from django.views.decorators.http import require_safe

from postroom.core.storage import blobs
from postroom.faces.web.access import signed_in
from postroom.faces.web.files import shown_type
from postroom.faces.web.locked_files import locked
from postroom.faces.web.visible import attachment_or_404
from postroom.lib.blobs import BlobMissing

_CONTROLS = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff\u2028\u2029]")


@require_safe
@signed_in
def attachment(request: HttpRequest, attachment_id: int, name: str = "") -> HttpResponse:  # noqa: ARG001
    """Return the bytes. Nothing but a raster image is ever shown in our origin."""
    file = attachment_or_404(request, attachment_id)
    if refusal := locked(request, [file.digest]):
        return refusal
    etag = quote_etag(file.digest)
    if request.headers.get("If-None-Match") == etag:
        return HttpResponseNotModified(headers={"ETag": etag})
    data = stored(file.digest)
    shown = shown_type(file.content_type, data) if "download" not in request.GET else None
    return download(
        data, name=file.name, content_type=shown or "application/octet-stream", inline=shown is not None, etag=etag
    )


def stored(digest: str) -> bytes:
    """Return the stored bytes; 404 when they are gone."""
    try:
        return blobs().get(digest)
    except BlobMissing:
        raise Http404 from None


def download(data: bytes, *, name: str, content_type: str, inline: bool = False, etag: str = "") -> HttpResponse:
    """Return bytes as a file that no browser will run, whatever is in it and whatever it is called."""
    response = HttpResponse(data, content_type=content_type)
    # RFC 6266: plain ASCII names are quoted, others are written as RFC 5987 says.
    disposition = content_disposition_header(not inline, _CONTROLS.sub("_", name) or "file")
    response["Content-Disposition"] = disposition or "attachment"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    if etag:
        response["ETag"] = etag
    # Asked for anew each time, so that somebody who lost access gets nothing from this cache; unchanged costs a 304.
    patch_cache_control(response, private=True, no_cache=True)
    return response
