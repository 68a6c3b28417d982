"""A customer's HTML as a document of its own, for a frame in which nothing can run."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from postroom.channels.mail.quote_html import Labels, fold_quotes
from postroom.faces.web import framed_images
from postroom.faces.web.access import signed_in
from postroom.faces.web.bodies import with_own_images
from postroom.faces.web.framed import Paper, framed, remote_image_address, wants_images
from postroom.faces.web.visible import message_or_404
from postroom.lib.html import sanitize, text_to_html, view, with_remote_images


@require_safe
@xframe_options_sameorigin
@signed_in
def message_html(request: HttpRequest, message_id: int) -> HttpResponse:
    """Return the sanitised document; with `images=1` the images that lie on other servers may load."""
    message = message_or_404(request, message_id)
    html, blocked = cleaned(
        message.untrusted_html or text_to_html(message.text),
        subject=message.subject,
        with_images=wants_images(request),
    )
    shown = with_own_images(
        html, message, address=lambda file: framed_images.address(request, kind="file", number=file.pk)
    )
    return framed(request, Paper(message, shown, blocked))


def cleaned(untrusted_html: str, *, subject: str, with_images: bool) -> tuple[str, int]:
    """Return HTML that is safe to show, its history folded, and the number of remote images held back."""
    labels = Labels(quote=_("Earlier messages"), signature=_("Signature"), notice=_("Legal notice"))
    if with_images:
        html, blocked = with_remote_images(sanitize(untrusted_html), remote_image_address), 0
    else:
        shown = view(untrusted_html)
        html, blocked = shown.html, shown.blocked
    return fold_quotes(html, subject=subject, labels=labels), blocked
