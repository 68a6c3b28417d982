"""Signing in with the password that a real LDAP directory knows."""

from copy import copy
from typing import Any

import pytest
from django.test import Client

from postroom.core.accounts.actions.sign_in_providers import save_provider
from postroom.core.accounts.models import Mailbox, SignInProvider, User
from postroom.core.audit.models import AuditEntry
from postroom.core.events.actor import SYSTEM
from postroom.faces.web.sign_on import directory as ldap
from tests.faces.web.sign_on.conftest import Browser, words
from tests.people import PASSWORD as OURS
from tests.servers.ldap import BASE, PASSWORD, READER, Directory

pytestmark = pytest.mark.slapd


@pytest.fixture
def office(directory: Directory, db: None, settings: Any) -> SignInProvider:
    settings.POSTROOM_CA_FILE = str(directory.authority)
    row = SignInProvider(
        kind="ldap",
        name="Office",
        host="localhost",
        port=directory.tls_port,
        security="tls",
        bind_dn=READER,
        base_dn=BASE,
        issuer=BASE,
        trusts_addresses=True,
    )
    save_provider(row, secret=PASSWORD, by=SYSTEM)
    return row


def type_in(browser: Browser, name: str, password: str) -> Any:
    return browser.client.post("/sign-in", {"email": name, "password": password})


def test_a_colleague_signs_in_with_the_directorys_password(office: SignInProvider, bob: User) -> None:
    for name in ("bob@team.example", "bob", " BOB "):
        browser = Browser()
        assert type_in(browser, name, PASSWORD).status_code == 302
        assert browser.user == bob
    assert AuditEntry.objects.filter(action="sign_in.done")[0].after == {"how": "ldap:Office"}


def test_starttls_is_as_good_and_ones_own_password_stays_good(
    office: SignInProvider, directory: Directory, bob: User, browser: Browser
) -> None:
    SignInProvider.objects.update(port=directory.port, security="starttls")
    assert type_in(browser, "bob", PASSWORD).status_code == 302
    assert type_in(Browser(), bob.email, OURS).status_code == 302


WRONG = (
    ("bob", "wrong"),
    ("bob", ""),
    ("bob", "\x00"),
    ("", PASSWORD),
    ("nobody", PASSWORD),
    ("*", PASSWORD),
    ("b*", PASSWORD),
    ("bob)(uid=*", PASSWORD),
    ("*)(|(uid=bob", PASSWORD),
    ("\\2a", PASSWORD),
    ("bob\x00", PASSWORD),
    ("b" * 5000, PASSWORD),
    ("reader", PASSWORD),
)


def test_a_wrong_or_empty_password_and_a_name_that_is_a_filter_let_nobody_in(
    office: SignInProvider, bob: User, browser: Browser
) -> None:
    for name, password in WRONG:
        assert type_in(browser, name, password).status_code == 401, name
        assert browser.user is None


def test_somebody_new_is_made_with_the_role_and_the_mailboxes_that_were_chosen(
    office: SignInProvider, mailbox: Mailbox, alice: User, browser: Browser
) -> None:
    assert "Nobody here has the address dora@team.example" in words(type_in(browser, "dora", PASSWORD))
    office.takes_newcomers = True
    save_provider(office, mailboxes=[mailbox], by=SYSTEM)
    assert type_in(browser, "dora", PASSWORD).status_code == 302
    dora = browser.user
    assert dora is not None
    assert (dora.name, dora.role, list(dora.mailboxes.all())) == ("Dora", "agent", [mailbox])


def test_a_deactivated_person_and_an_owner_without_a_link_stay_out(
    office: SignInProvider, alice: User, bob: User, browser: Browser
) -> None:
    User.objects.filter(pk=bob.pk).update(is_active=False)
    assert "switched off" in words(type_in(browser, "bob", PASSWORD))
    assert "An owner is not recognised" in words(type_in(browser, "alice", PASSWORD))
    assert browser.user is None


def test_a_directory_that_is_down_keeps_nobody_out_who_has_a_password_here(
    office: SignInProvider, bob: User, browser: Browser
) -> None:
    SignInProvider.objects.update(port=1)
    answer = type_in(browser, "bob", PASSWORD)
    assert (answer.status_code, "could not be asked" in words(answer)) == (401, True)
    assert type_in(browser, bob.email, OURS).status_code == 302


def test_too_many_tries_have_to_wait_whichever_password_was_guessed(
    office: SignInProvider, bob: User, browser: Browser
) -> None:
    said = [type_in(browser, "bob", "wrong").status_code for _try in range(8)]
    assert said[:5] == [401] * 5
    assert 429 in said


TROUBLE: tuple[tuple[dict[str, Any], str], ...] = (
    ({"sealed_secret": ""}, "wants a name and a password"),
    ({"bind_dn": "cn=nobody,dc=team,dc=example"}, "refused the name"),
    ({"base_dn": "dc=elsewhere"}, "did not look below"),
    ({"search": "(uid={login}"}, "could not be asked"),
    ({"port": 1}, "could not be asked"),
    ({"host": "unknown.invalid"}, "could not be asked"),
    # The certificate is another host's.
    ({"host": "127.1"}, "certificate verify failed"),
    ({"host": "10.1.2.3"}, "inside our own network"),
)


def test_what_is_wrong_with_a_directory_is_said_in_a_sentence(office: SignInProvider) -> None:
    for changed, sentence in TROUBLE:
        row = copy(office)
        for name, value in changed.items():
            setattr(row, name, value)
        with pytest.raises(ldap.DirectoryDown, match=sentence):
            ldap.find(row, login="bob")


def test_a_server_with_a_certificate_that_nobody_vouches_for_gets_no_password(
    office: SignInProvider, directory: Directory, settings: Any
) -> None:
    settings.POSTROOM_CA_FILE = ""
    for port, security in ((directory.tls_port, "tls"), (directory.port, "starttls")):
        office.port, office.security = port, security
        with pytest.raises(ldap.DirectoryDown, match="CERTIFICATE_VERIFY_FAILED"):
            ldap.find(office, login="bob")


def test_the_form_takes_a_name_only_where_a_directory_is(office: SignInProvider, alice: User) -> None:
    assert b'type="text" value="" autocomplete="username"' in Client().get("/sign-in").content
    office.delete()
    assert b'type="email" value="" autocomplete="username"' in Client().get("/sign-in").content
