"""What makes the pages an app that can be installed: the manifest, and the service worker with its offline page."""

import hashlib
import json
import re
from functools import lru_cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _

from postroom.faces.web.drawing import assets

# What the offline page is made of; nothing else is kept by the service worker, and no mail ever.
_PARTS = ("postroom/mark.svg", "postroom/vendor/inter-latin.woff2")
_NONCE = re.compile(rb'nonce="[^"]*"')


def manifest() -> dict[str, object]:
    """Return the web app manifest, in the language that is active."""
    return {
        "id": "/",
        "name": "Postroom",
        "short_name": "Postroom",
        "description": _("The mail of a team, answered together."),
        "lang": get_language(),
        "dir": "rtl" if get_language_bidi() else "ltr",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": "#f8f6f3",
        "theme_color": "#f8f6f3",
        "icons": [
            {"src": static("postroom/mark.svg"), "sizes": "any", "type": "image/svg+xml"},
            {"src": _icon("192"), "sizes": "192x192", "type": "image/png"},
            {"src": _icon("512"), "sizes": "512x512", "type": "image/png"},
            {"src": _icon("full-512"), "sizes": "512x512", "type": "image/png", "purpose": "maskable"},
        ],
        "shortcuts": [
            {"name": _("Mine"), "url": reverse("folder", args=["mine"])},
            {"name": _("Unassigned"), "url": reverse("folder", args=["unassigned"])},
            {"name": _("For you"), "url": reverse("notifications")},
        ],
    }


def service_worker(offline: bytes) -> str:
    """Return the service worker's script; it changes, and is fetched anew, when the offline page or its parts do."""
    parts = [assets.sheet_address("offline"), assets.script_address("offline_page"), *map(static, _PARTS)]
    # Each answer has a nonce of its own; the addresses in it change with the files.
    version = hashlib.sha256(_NONCE.sub(b"", offline)).hexdigest()[:12]
    known = {"cache": f"postroom-{version}", "offline": reverse("offline"), "parts": parts}
    known |= {"icon": _icon("192"), "badge": static("postroom/icons/badge-96.png")}
    known |= {"title": "Postroom", "news": reverse("notifications")}
    return f"const KNOWN = {json.dumps(known)};\n{_script()}"


def _icon(name: str) -> str:
    return static(f"postroom/icons/icon-{name}.png")


@lru_cache(maxsize=1)
def _script() -> str:
    return Path(str(finders.find("postroom/js/service_worker.js"))).read_text()
