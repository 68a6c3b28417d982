"""The pages are an app: its parts are open to every browser, and hold nobody's mail."""

import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client

from postroom.faces.web.installed_app import manifest

pytestmark = pytest.mark.django_db


def test_the_manifest_names_icons_that_are_there() -> None:
    answer = Client().get("/manifest.webmanifest")
    assert answer["Content-Type"] == "application/manifest+json"
    said = json.loads(answer.content)
    assert (said["start_url"], said["scope"], said["display"]) == ("/", "/", "standalone")
    icons = manifest()["icons"]
    assert isinstance(icons, list)
    assert {"192x192", "512x512"} <= {icon["sizes"] for icon in icons}
    for icon in icons:
        path = finders.find(icon["src"].removeprefix(settings.STATIC_URL))
        assert path
        assert Path(str(path)).read_bytes()[:4] in (b"\x89PNG", b"<svg")


def test_the_service_worker_keeps_the_offline_page_and_all_that_it_needs_and_nothing_else() -> None:
    answer = Client().get("/service-worker.js")
    assert answer["Content-Type"].startswith("text/javascript")
    assert "connect-src 'self'" in answer["Content-Security-Policy"]
    script = answer.content.decode()
    known = json.loads(script.partition("const KNOWN = ")[2].partition(";\n")[0])
    page = Client().get(known["offline"]).content.decode()
    needs = set(re.findall(r'(?:href|src)="(/(?:static|assets)/[^"]+)"', page))
    # The type face is named in a sheet.
    assert set(known["parts"]) == needs | {f"{settings.STATIC_URL}postroom/vendor/inter-latin.woff2"}
    for part in known["parts"]:
        assert Client().get(part).status_code == 200
    assert "Alice" not in page


def test_the_worker_is_fetched_anew_when_the_offline_page_changes() -> None:
    english, french = (
        Client(HTTP_ACCEPT_LANGUAGE=language).get("/service-worker.js").content for language in ("en", "fr")
    )
    assert english == Client(HTTP_ACCEPT_LANGUAGE="en").get("/service-worker.js").content
    assert english.startswith(b"const KNOWN")
    assert french.startswith(b"const KNOWN")
