"""Whoever allauth recognises comes through our own door, and none of its pages is here."""

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.core import context
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver

from postroom.core.accounts.models import User
from postroom.core.accounts.session_store import SessionStore
from postroom.core.audit.models import AuditEntry
from tests.faces.web.signing_in.codes import app_of


def _request() -> HttpRequest:
    request = RequestFactory().get("/")
    session: SessionBase = SessionStore()
    request.session = session
    request.user = AnonymousUser()
    return request


def _recognised(user: User) -> HttpResponse:
    request = _request()
    with context.request_context(request):
        record_authentication(request, user, method="socialaccount", provider="acme")
        response: HttpResponse = perform_login(request, Login(user=user))
    return response


def test_whoever_allauth_recognises_is_asked_for_the_second_factor(alice: User) -> None:
    app_of(alice)
    assert _recognised(alice).headers["Location"] == "/sign-in/second-factor"
    assert not AuditEntry.objects.filter(action="sign_in.done").exists()


def test_without_a_second_factor_they_are_in_and_it_is_written_how(alice: User) -> None:
    assert _recognised(alice).headers["Location"] == "/"
    assert AuditEntry.objects.get(action="sign_in.done").after == {"how": "socialaccount:acme"}


def test_somebody_who_left_is_refused(alice: User) -> None:
    User.objects.filter(pk=alice.pk).update(is_active=False)
    alice.refresh_from_db()
    assert _recognised(alice).status_code == 403
    assert AuditEntry.objects.get(action="sign_in.refused").subject == f"person:{alice.pk}"


def test_no_page_of_allauths_own_is_here(client: Client, db: None) -> None:
    def views(resolver: URLResolver) -> list[URLPattern]:
        found: list[URLPattern] = []
        for pattern in resolver.url_patterns:
            found += views(pattern) if isinstance(pattern, URLResolver) else [pattern]
        return found

    assert [one.name for one in views(get_resolver()) if one.callback.__module__.startswith("allauth")] == []
    assert client.get("/sign-in/other").headers["Location"] == "/sign-in"
