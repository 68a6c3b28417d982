"""A stranger's HTML as a document of its own, for a frame in which nothing runs and which has no origin."""

import re
import secrets
from dataclasses import dataclass, field
from typing import Protocol

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from markupsafe import Markup

from postroom.faces.web.cleaned import trackers_said
from postroom.lib.html.height import HEIGHTS_AT, heights
from postroom.lib.html.widths import made_for, zoom_steps

# A mail that sets colours was made for white paper; one that sets none may follow the theme.
_OWN_COLOURS = re.compile(
    r"""\b(?:bgcolor|background)\s*=|(?:[\s;"']|background-)color\s*[:=]|\bbackground\s*:""", re.IGNORECASE
)
_FOLD = '<details class="quote'


class Titled(Protocol):
    """Anything with a subject: a message, a mail inside a mail, a mail of the demo's tray."""

    @property
    def subject(self) -> str:
        """What the document is called."""
        ...


@dataclass(frozen=True)
class Paper:
    """Sanitised HTML, how many images from outside were held back in it, and what trackers were left out.

    `trusted` when its images are shown because somebody said so of its sender.
    """

    mail: Titled
    html: str
    blocked: int = 0
    trackers: dict[str, int] = field(default_factory=dict)
    trusted: bool = False


def wants_images(request: HttpRequest) -> bool:
    """Tell whether the reader has asked for the images that lie on other servers."""
    return request.GET.get("images") == "1"


def framed(request: HttpRequest, paper: Paper) -> HttpResponse:
    """Answer with the document, or with `facts=1` with what the page around it has to know.

    `theme=dark` dresses it for the dark theme, `quotes=open` unfolds all that is folded.
    """
    if request.GET.get("facts") == "1":
        return _private(JsonResponse(_facts(paper)))
    nonce = secrets.token_urlsafe(16)
    html = paper.html.replace(_FOLD, _FOLD.replace("<details", "<details open"))
    context = {
        "message": paper.mail,
        # Sanitised by whoever made the paper; the policy below runs nothing either.
        "html": Markup(html if request.GET.get("quotes") == "open" else paper.html),  # noqa: S704
        "blocked": paper.blocked,
        "own_colours": sets_colours(paper.html),
        "dark": request.GET.get("theme") == "dark",
        "nonce": nonce,
        # Numbers of our own making between words of our own.
        "zoom": Markup(zoom_steps(made_for(paper.html))),  # noqa: S704
    }
    response = render(request, "mail_document.html", context)
    response["Content-Security-Policy"] = policy(nonce=nonce)
    response["Referrer-Policy"] = "no-referrer"
    # Chromium looks up the hosts of links ahead of a click: the sender would learn of the reading from a name server.
    response["X-DNS-Prefetch-Control"] = "off"
    # A document in a sandbox may ask for no opener policy: in a tab of its own the browser would refuse to show it.
    response["Cross-Origin-Opener-Policy"] = "unsafe-none"
    return _private(response)


def sets_colours(html: str) -> bool:
    """Tell whether the HTML was made for paper of its own colour."""
    return _OWN_COLOURS.search(html) is not None


def policy(*, nonce: str) -> str:
    """Return what the document may do: show images, and wear its own styles."""
    return "; ".join(
        (
            "default-src 'none'",
            # Images of other servers come through us, once the reader has asked for them.
            "img-src 'self' data:",
            # The mail's style attributes, and of style elements only ours; the first is for older browsers.
            "style-src 'unsafe-inline'",
            f"style-src-elem 'nonce-{nonce}'",
            "style-src-attr 'unsafe-inline'",
            # The interface's own type, for mails that name none.
            "font-src 'self'",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'self'",
            # Also when somebody opens the address outside its frame: no scripts, no origin, no forms.
            "sandbox allow-popups allow-popups-to-escape-sandbox",
        )
    )


def _facts(paper: Paper) -> dict[str, object]:
    return {
        "blocked": paper.blocked,
        "trackers": trackers_said(paper.trackers),
        "trusted": paper.trusted,
        "ownColours": sets_colours(paper.html),
        "folds": paper.html.count(_FOLD),
        # About how high it is at these widths, for browsers that do not size a frame by what is in it.
        "heights": [list(pair) for pair in zip(HEIGHTS_AT, heights(paper.html), strict=True)],
    }


def _private(response: HttpResponse) -> HttpResponse:
    # The same mail is always the same document; whoever lost access asks again and is refused.
    patch_cache_control(response, private=True, no_cache=True)
    return response
