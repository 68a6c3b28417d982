"""A customer's HTML as a document of its own, for a frame in which nothing can run."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from postroom.core.conversations.actions.trust_images import trusts_images
from postroom.faces.web import framed_images
from postroom.faces.web.access import signed_in
from postroom.faces.web.bodies import with_own_images
from postroom.faces.web.cleaned import cleaned
from postroom.faces.web.framed import Paper, framed, wants_images
from postroom.faces.web.visible import message_or_404
from postroom.lib.html import text_to_html


@require_safe
@xframe_options_sameorigin
@signed_in
def message_html(request: HttpRequest, message_id: int) -> HttpResponse:
    """Return the sanitised document; with `images=1` the images that lie on other servers may load.

    They load without being asked for when somebody has said so of the sender; `images=0` holds those back, too.
    """
    message = message_or_404(request, message_id)
    trusted = "images" not in request.GET and trusts_images(message)
    found = cleaned(
        message.untrusted_html or text_to_html(message.text),
        subject=message.subject,
        with_images=trusted or wants_images(request),
    )
    shown = with_own_images(
        found.html, message, address=lambda file: framed_images.address(request, kind="file", number=file.pk)
    )
    return framed(request, Paper(message, shown, found.blocked, found.trackers, trusted=trusted))
