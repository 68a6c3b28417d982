"""An image of another server, fetched by us: its sender learns neither who reads nor where, only that somebody does."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from postroom.faces.web import remote_images
from postroom.faces.web.files import raster_type
from postroom.lib.http import Unreachable
from postroom.lib.remote_image import fetch_image

_A_DAY = 24 * 60 * 60


@require_safe
def remote_image(request: HttpRequest, token: str) -> HttpResponse:  # noqa: ARG001
    """Return the image; 404 for what is none, whatever it calls itself, and for what cannot be had."""
    url = remote_images.read(token)
    if not url:
        raise Http404
    try:
        data = fetch_image(url)
    except Unreachable:
        raise Http404 from None
    kind = raster_type(data)
    if kind is None:
        raise Http404
    response = HttpResponse(data, content_type=kind)
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    # The mail's frame has no origin, so to the browser it is a stranger.
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    patch_cache_control(response, private=True, max_age=_A_DAY, immutable=True)
    return response
