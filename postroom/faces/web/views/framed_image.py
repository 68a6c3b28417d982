"""An image inside a mail's frame, fetched with a pass in its address instead of a cookie."""

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from postroom.faces.web import framed_images
from postroom.faces.web.views.attached_mail import attached_mail_file
from postroom.faces.web.views.attachments import attachment
from postroom.faces.web.views.tray import file as tray_file


@require_safe
def framed_image(request: HttpRequest, token: str) -> HttpResponseBase:
    """Return the image as its own page would, judged anew by what the pass's person may see; all else is 404."""
    found = framed_images.read(token)
    if found is None:
        raise Http404
    request.user = found.user
    response = _fetched(request, found)
    if response.status_code not in (200, 304) or not _is_image(response):
        raise Http404
    # The frame has no origin, so to the browser it is a stranger; the address is what keeps strangers out.
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _fetched(request: HttpRequest, found: framed_images.Pass) -> HttpResponseBase:
    match found.kind:
        case "file":
            return attachment(request, found.number)
        case "inside":
            return attached_mail_file(request, found.number, found.part)
        case "tray":
            return tray_file(request, found.number, int(found.part))
    raise Http404


def _is_image(response: HttpResponseBase) -> bool:
    return response.status_code == 304 or response.headers.get("Content-Type", "").startswith("image/")
