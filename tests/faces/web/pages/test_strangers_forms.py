"""No form of another site does anything here, and every kind of answer says what a browser may do with it."""

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.test import Client, RequestFactory, override_settings
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from postroom.core.accounts.models import User
from postroom.faces.web.headers import ALWAYS, security_headers

pytestmark = pytest.mark.django_db

_METHODS = ("post", "put", "patch", "delete")
# An identity provider posts its answer from its own site; what it says is signed, and bound to the browser's own ask.
_ANSWERS_OF_OTHERS = {"saml-back", "scim"}
# Programs show a token, which no browser sends by itself.
_OF_PROGRAMS = "api-"
_WORDS = {"token": "x", "name": "open", "part": "1", "slug": "x", "signed": "x", "uidb36": "x", "key": "x"}


def _addresses() -> Iterator[tuple[str, str]]:
    for pattern in _patterns(get_resolver().url_patterns):
        names = {
            name: _WORDS.get(name, 1 if type(converter).__name__ != "StringConverter" else "x")
            for name, converter in pattern.pattern.converters.items()
        }
        yield pattern.name or "", reverse(pattern.name or "", kwargs=names)


def _patterns(found: list[URLPattern | URLResolver]) -> Iterator[URLPattern]:
    for one in found:
        if isinstance(one, URLResolver):
            yield from _patterns(one.url_patterns)
        else:
            yield one


def test_no_change_is_made_without_the_forms_token(alice: User) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(alice)
    taken = [
        (name, method)
        for name, address in _addresses()
        if name not in _ANSWERS_OF_OTHERS and not name.startswith(_OF_PROGRAMS)
        for method in _METHODS
        if getattr(browser, method)(address).status_code != 403
    ]
    assert taken == []


def test_a_browsers_cookie_changes_nothing_where_programs_come_in(alice: User) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(alice)
    answered = {
        (name, method): getattr(browser, method)(address).status_code
        for name, address in _addresses()
        if name.startswith(_OF_PROGRAMS)
        for method in _METHODS
    }
    assert answered
    # Not signed in, or nothing that is ever done there.
    assert {key: status for key, status in answered.items() if status not in (401, 404, 405)} == {}


def test_the_cookies_are_kept_from_scripts_and_other_sites_and_bound_to_the_host_over_https() -> None:
    assert (settings.SESSION_COOKIE_SAMESITE, settings.CSRF_COOKIE_SAMESITE) == ("Lax", "Lax")
    assert settings.SESSION_COOKIE_HTTPONLY
    assert settings.CSRF_COOKIE_HTTPONLY
    asked = (
        "from django.conf import settings as s; "
        "print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, "
        "s.SESSION_COOKIE_PATH, s.SESSION_COOKIE_DOMAIN)"
    )
    told = subprocess.run(
        [sys.executable, "-c", asked],
        env={**os.environ, "POSTROOM_BASE_URL": "https://desk.example"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.split() == ["__Host-postroom_session", "__Host-postroom_csrf", "True", "True", "/", "None"]


def test_every_kind_of_answer_has_the_fixed_headers(alice: User) -> None:
    browser = Client()
    browser.force_login(alice)
    stranger = Client()
    answers = [
        browser.get("/folders/open"),
        browser.get("/folders/open", headers={"HX-Request": "true", "HX-Target": "list"}),
        browser.get("/nowhere"),
        browser.get("/static/postroom/mark.svg"),
        browser.post("/sign-out"),
        browser.put("/health"),
        stranger.get("/settings/people"),
        stranger.get("/health"),
        stranger.get("/sign-in"),
    ]
    for answer in answers:
        missing = [name for name in (*ALWAYS, "Content-Security-Policy") if name not in answer.headers]
        assert not missing, (answer.request["PATH_INFO"], answer.status_code, missing)
        assert "Server" not in answer.headers
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
        if answer.streaming:
            # Read to its end, which closes the file.
            assert b"".join(answer)
    assert len({answer.status_code for answer in answers}) >= 4


@override_settings(SESSION_COOKIE_SECURE=True)
def test_over_https_browsers_are_told_to_stay_there() -> None:
    answer = security_headers(lambda _request: HttpResponse("x"))(HttpRequest())
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"


def test_without_https_nothing_is_promised() -> None:
    answer = security_headers(lambda _request: HttpResponse("x"))(HttpRequest())
    assert "Strict-Transport-Security" not in answer.headers


def test_each_answer_has_a_nonce_of_its_own_and_only_our_scripts_have_it() -> None:
    pages = [Client().get("/sign-in") for _ in range(2)]
    nonces = set()
    for page in pages:
        nonce = page.headers["Content-Security-Policy"].split("'nonce-")[1].split("'")[0]
        html = page.content.decode()
        assert html.count("<script") == html.count(f'<script nonce="{nonce}"') > 0
        nonces.add(nonce)
    assert len(nonces) == 2


def test_a_script_out_of_data_gets_no_nonce() -> None:
    template = engines.all()[0].from_string("<script>ours</script>{{ words|safe }}")
    shown = template.render({"words": "<script>theirs</script>"}, request=RequestFactory().get("/"))
    assert shown.startswith('<script nonce="')
    assert shown.endswith("<script>theirs</script>")
