"""Naming, trying and dropping providers, and switching passwords off."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from postroom.core.accounts.actions.sign_on import link
from postroom.core.accounts.models import Letter, Mailbox, SecurityPolicy, SignInProvider, User
from postroom.core.accounts.sign_on import Said
from postroom.core.audit.models import AuditEntry
from tests.faces.web.sign_on.conftest import Browser, words
from tests.people import PASSWORD as OURS
from tests.people import browser_of
from tests.servers import ldap
from tests.servers.ldap import Directory
from tests.servers.openid import OpenIdProvider
from tests.servers.saml import IdentityProvider

SETTINGS = "/settings/security/sign-on"


@pytest.fixture
def owner(alice: User, bob: User) -> Client:
    """Alice's browser, in which she has just signed in."""
    return browser_of(alice)


def said(answer: Any, *, status: int = 200) -> str:
    assert answer.status_code == status, words(answer)
    return words(answer)


def test_only_who_may_change_security_sees_it(owner: Client, bob: User, sign_in: Callable[[User], Client]) -> None:
    assert "Sign-on" in said(owner.get(SETTINGS))
    row = SignInProvider.objects.create(kind="openid", name="Acme")
    for page in ("", "/new/openid", f"/{row.pk}"):
        assert sign_in(bob).get(SETTINGS + page).status_code == 404
        assert sign_in(bob).post(SETTINGS + page).status_code in (404, 405)
    assert owner.get(f"{SETTINGS}/new/unknown").status_code == 404


def test_whoever_signed_in_long_ago_is_asked_again_before_a_change(alice: User) -> None:
    client = Client()
    client.force_login(alice)
    answer = client.post(f"{SETTINGS}/new/openid", {"name": "Evil"})
    assert answer["Location"].startswith("/sign-in/again")
    assert not SignInProvider.objects.exists()


def test_an_openid_provider_is_tried_and_named(owner: Client, openid: OpenIdProvider, mailbox: Mailbox) -> None:
    typed = {"name": "Acme", "issuer": openid.issuer, "client_id": "postroom", "secret": "very secret", "enabled": "1"}
    assert "The test went well" in said(owner.post(f"{SETTINGS}/new/openid", {**typed, "test": "1"}))
    assert not SignInProvider.objects.exists()
    more = {
        "takes_newcomers": "1",
        "newcomers_role": "observer",
        "newcomers_mailboxes": mailbox.pk,
        "domains": "@Team.example, b.example",
    }
    answer = owner.post(f"{SETTINGS}/new/openid", {**typed, **more})
    row = SignInProvider.objects.get()
    assert answer["Location"] == f"{SETTINGS}/{row.pk}?saved=1"
    assert (row.issuer, row.domains, row.newcomers_role) == (openid.issuer, ["b.example", "team.example"], "observer")
    assert list(row.newcomers_mailboxes.all()) == [mailbox]
    assert "very secret" not in row.sealed_secret
    page = owner.get(f"{SETTINGS}/{row.pk}").content.decode()
    assert "very secret" not in page
    assert f"/sign-on/{row.pk}/back" in page
    owner.post(f"{SETTINGS}/{row.pk}", {**typed, "secret": "", "name": "Acme 2"})
    assert SignInProvider.objects.get().sealed_secret == row.sealed_secret
    assert "Sign in with Acme 2" in said(Client().get("/sign-in"))
    owner.post(f"{SETTINGS}/{row.pk}/removal")
    assert not SignInProvider.objects.exists()
    assert [one.action for one in AuditEntry.objects.filter(action__startswith="sign_in.provider").order_by("pk")] == [
        "sign_in.provider_added",
        "sign_in.provider_changed",
        "sign_in.provider_removed",
    ]
    assert "very secret" not in str(list(AuditEntry.objects.values("before", "after")))


def test_what_is_wrong_with_what_was_typed_is_said_beside_it(owner: Client, openid: OpenIdProvider) -> None:
    wrong: tuple[tuple[str, dict[str, str], str], ...] = (
        ("openid", {"issuer": "http://localhost:1"}, "could not be read"),
        ("openid", {"issuer": "http://example.org"}, "is not an https address"),
        ("openid", {"issuer": "https://10.1.2.3"}, "inside our own network"),
        ("openid", {"issuer": openid.issuer.replace("localhost", "LOCALHOST")}, "is the document of"),
        ("openid", {"issuer": openid.issuer, "domains": "not a domain"}, "is not a domain"),
        ("microsoft", {"tenant": "common"}, "would let in everybody's"),
        ("saml", {}, "Type the address of its metadata"),
        ("saml", {"metadata": "<a/>"}, "does not say which identity provider"),
        ("saml", {"metadata": "<"}, "is not SAML metadata"),
        ("saml", {"metadata_url": openid.issuer}, ""),
        ("ldap", {"host": "a b", "search": "uid=x"}, "holds {login}"),
    )
    for kind, typed, sentence in wrong:
        answer = owner.post(f"{SETTINGS}/new/{kind}", {"name": "Acme", "client_id": "postroom", **typed})
        assert sentence in said(answer, status=422)
    assert not SignInProvider.objects.exists()


@pytest.mark.xmlsec1
def test_a_saml_provider_is_tried_and_named_by_its_metadata(owner: Client, identity_provider: IdentityProvider) -> None:
    typed = {"name": "Acme", "metadata_url": identity_provider.metadata, "enabled": "1"}
    assert "certificate that is good until" in said(owner.post(f"{SETTINGS}/new/saml", {**typed, "test": "1"}))
    owner.post(f"{SETTINGS}/new/saml", typed)
    row = SignInProvider.objects.get()
    assert row.issuer == identity_provider.metadata
    assert f"/sign-on/{row.pk}/metadata" in owner.get(f"{SETTINGS}/{row.pk}").content.decode()
    assert b"AssertionConsumerService" in Client().get(f"/sign-on/{row.pk}/metadata").content


@pytest.mark.slapd
def test_a_directory_is_tried_with_somebodys_name_and_named(owner: Client, directory: Directory, settings: Any) -> None:
    settings.POSTROOM_CA_FILE = str(directory.authority)
    typed = {
        "name": "Office",
        "host": "localhost",
        "port": str(directory.tls_port),
        "security": "tls",
        "bind_dn": ldap.READER,
        "secret": ldap.PASSWORD,
        "base_dn": ldap.BASE,
        "enabled": "1",
    }
    page = said(owner.post(f"{SETTINGS}/new/ldap", {**typed, "login": "dora", "test": "1"}))
    assert "Address: dora@team.example" in page
    page = said(owner.post(f"{SETTINGS}/new/ldap", {**typed, "login": "nobody", "test": "1"}))
    assert "It found nobody" in page
    page = said(owner.post(f"{SETTINGS}/new/ldap", {**typed, "secret": "wrong", "test": "1"}))
    assert "refused the name" in page
    owner.post(f"{SETTINGS}/new/ldap", typed)
    assert SignInProvider.objects.get().issuer == ldap.BASE


def test_passwords_go_off_and_an_owner_may_break_the_glass(owner: Client, alice: User, bob: User) -> None:
    row = SignInProvider.objects.create(kind="openid", name="Acme", issuer="https://id.example")
    assert "has signed you in yet" in said(owner.post(f"{SETTINGS}/passwords", {"off": "1"}), status=422)
    link(row, person=alice, said=Said("https://id.example", "alice"), by=alice)
    assert "one owner" in said(owner.post(f"{SETTINGS}/passwords", {"off": "1"}), status=422)
    owner.post(f"{SETTINGS}/passwords", {"off": "1", "break_glass": [str(alice.pk), str(bob.pk)]})
    assert not SecurityPolicy.objects.get().password_sign_in
    assert "last other way in" in said(owner.post(f"{SETTINGS}/{row.pk}/removal"), status=422)
    User.objects.create(email="carol@team.example", name="Carol", role="owner")

    def type_in(person: User) -> Browser:
        browser = Browser()
        browser.client.post("/sign-in", {"email": person.email, "password": OURS})
        return browser

    assert type_in(bob).user is None
    assert type_in(alice).user == alice
    assert AuditEntry.objects.filter(action="sign_in.break_glass", actor_id=alice.pk).exists()
    assert Letter.objects.filter(to="carol@team.example", subject__contains="Alice").exists()
    owner.post(f"{SETTINGS}/passwords", {"break_glass": str(alice.pk)})
    assert type_in(bob).user == bob
