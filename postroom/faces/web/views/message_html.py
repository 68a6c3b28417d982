"""A customer's HTML as a document of its own, for a frame in which nothing can run."""

import re

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe
from markupsafe import Markup

from postroom.channels.mail.quote_html import Labels, fold_quotes
from postroom.core.conversations.models import Message
from postroom.faces.web.access import signed_in
from postroom.faces.web.bodies import with_own_images
from postroom.faces.web.visible import message_or_404
from postroom.lib.html import sanitize, text_to_html, view

# A mail that sets colours was made for white paper; one that sets none may follow the theme.
_OWN_COLOURS = re.compile(
    r"""\b(?:bgcolor|background)\s*=|(?:[\s;"']|background-)color\s*[:=]|\bbackground\s*:""", re.IGNORECASE
)


@require_safe
@xframe_options_sameorigin
@signed_in
def message_html(request: HttpRequest, message_id: int) -> HttpResponse:
    """Return the sanitised document; with `images=1` the images that lie on other servers may load."""
    message = message_or_404(request, message_id)
    with_images = request.GET.get("images") == "1"
    html, blocked = _cleaned(message, with_images=with_images)
    context = {
        "message": message,
        "html": Markup(html),  # noqa: S704  (sanitised above; the policy below runs nothing either)
        "blocked": blocked,
        "own_colours": sets_colours(html),
    }
    response = render(request, "mail_document.html", context)
    response["Content-Security-Policy"] = policy(with_images=with_images)
    response["Referrer-Policy"] = "no-referrer"
    # The same mail is always the same document; whoever lost access asks again and is refused.
    patch_cache_control(response, private=True, no_cache=True)
    return response


def _cleaned(message: Message, *, with_images: bool) -> tuple[str, int]:
    source = message.untrusted_html or text_to_html(message.text)
    shown = view(source)
    html = sanitize(source) if with_images else shown.html
    labels = Labels(quote=_("Earlier messages"), signature=_("Signature"), notice=_("Legal notice"))
    folded = fold_quotes(html, subject=message.subject, labels=labels)
    return with_own_images(folded, message), 0 if with_images else shown.blocked


def sets_colours(html: str) -> bool:
    """Tell whether the HTML was made for paper of its own colour."""
    return _OWN_COLOURS.search(html) is not None


def policy(*, with_images: bool) -> str:
    """Return what the document may do: show images (of other servers only when asked) and its own styles."""
    images = "'self' data: https: http:" if with_images else "'self' data:"
    return "; ".join(
        (
            "default-src 'none'",
            f"img-src {images}",
            "style-src 'unsafe-inline'",
            # The interface's own type, for mails that name none.
            "font-src 'self'",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'self'",
            # Also when somebody opens the address outside its frame.
            "sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox",
        )
    )
