"""SAML against a real identity provider."""

import base64
import re
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
from django.test import Client
from lxml import etree

from postroom.core.accounts.actions.sign_in_providers import save_provider
from postroom.core.accounts.models import SignInProvider, SpentAssertion, User
from postroom.core.accounts.sign_on import SignOnRefused
from postroom.core.events.actor import SYSTEM
from postroom.faces.web.sign_on import saml_metadata
from tests.faces.web.sign_on.conftest import Browser, words
from tests.servers.saml import IdentityProvider

pytestmark = pytest.mark.xmlsec1

NAMES = {"saml": "urn:oasis:names:tc:SAML:2.0:assertion", "samlp": "urn:oasis:names:tc:SAML:2.0:protocol"}


@pytest.fixture
def acme(identity_provider: IdentityProvider, db: None, client: Client) -> SignInProvider:
    metadata = saml_metadata.fetched(identity_provider.metadata)
    row = SignInProvider(
        kind="saml",
        name="Acme",
        metadata=metadata,
        issuer=saml_metadata.provider_in(metadata)["entityId"],
        trusts_addresses=True,
    )
    save_provider(row, by=SYSTEM)
    ours = client.get(f"/sign-on/{row.pk}/metadata")
    assert ours.status_code == 200
    identity_provider.meet(ours.content.decode())
    return row


def bring(browser: Browser, provider: SignInProvider, given: dict[str, str]) -> Any:
    return browser.client.post(f"/sign-on/{provider.pk}/saml", given)


def opened(given: dict[str, str]) -> Any:
    return etree.fromstring(base64.b64decode(given["SAMLResponse"]))


def sealed(document: Any) -> dict[str, str]:
    return {"SAMLResponse": base64.b64encode(etree.tostring(document)).decode()}


def test_a_colleague_signs_in_with_a_signed_assertion(
    acme: SignInProvider, identity_provider: IdentityProvider, bob: User, browser: Browser
) -> None:
    there = browser.leave(acme, next="/settings/profile")
    answer = bring(browser, acme, identity_provider.answer(there, account="bob"))
    assert (answer.status_code, answer.get("Location")) == (302, "/settings/profile"), words(answer)
    assert browser.user == bob
    assert SpentAssertion.objects.count() == 1


LIES = (
    ({"signed": "no"}, "did not sign"),
    ({"weak": "yes"}, "Deprecated signature algorithm"),
    ({"audience": "http://elsewhere.example/metadata"}, "answered somebody else"),
    ({"minutes": "-10"}, "is over"),
    ({"in_response_to": "id-of-another"}, "not begun here"),
    ({"destination": "http://elsewhere.example/sign-on/1/saml"}, "another address than ours"),
    ({"mail": ""}, "does not say that an address is yours"),
)


def test_an_answer_that_is_not_for_us_now_is_refused(
    acme: SignInProvider, identity_provider: IdentityProvider, bob: User, browser: Browser
) -> None:
    ours = browser.client.get(f"/sign-on/{acme.pk}/metadata").content.decode()
    identity_provider.meet(re.sub(r'entityID="[^"]*"', 'entityID="http://elsewhere.example/metadata"', ours))
    for lies, sentence in LIES:
        given = identity_provider.answer(browser.leave(acme), account="bob", **lies)
        answer = bring(browser, acme, given)
        assert (answer.status_code, sentence in words(answer)) == (403, True), words(answer)
        assert browser.user is None


def test_what_was_changed_after_signing_is_refused(
    acme: SignInProvider, identity_provider: IdentityProvider, bob: User, charlie: User, browser: Browser
) -> None:
    given = identity_provider.answer(browser.leave(acme), account="bob")
    changed = base64.b64decode(given["SAMLResponse"]).replace(b"bob@team", b"charlie@team")
    answer = bring(browser, acme, {"SAMLResponse": base64.b64encode(changed).decode()})
    assert (answer.status_code, browser.user) == (403, None)


def forged(document: Any, where: str) -> Any:
    """Put an assertion of our own beside the signed one, where it might be read instead (signature wrapping)."""
    signed = document.find("saml:Assertion", NAMES)
    ours = deepcopy(signed)
    for node in ours.iter():
        node.text = (node.text or "").replace("bob", "charlie")
    signature = ours.find("{http://www.w3.org/2000/09/xmldsig#}Signature")
    ours.remove(signature)
    ours.set("ID", "id-forged")
    if where == "before":
        document.insert(document.index(signed), ours)
    elif where == "after":
        document.append(ours)
    elif where == "around":
        document.replace(signed, ours)
        ours.append(signed)
    else:
        document.replace(signed, ours)
        ours.insert(1, signature)
        etree.SubElement(signature, "{http://www.w3.org/2000/09/xmldsig#}Object").append(signed)
    return document


def test_a_forged_assertion_around_a_signed_one_is_refused(
    acme: SignInProvider, identity_provider: IdentityProvider, bob: User, charlie: User, browser: Browser
) -> None:
    for where in ("before", "after", "around", "inside the signature"):
        document = opened(identity_provider.answer(browser.leave(acme), account="bob"))
        answer = bring(browser, acme, sealed(forged(document, where)))
        assert (answer.status_code, browser.user) == (403, None), words(answer)


def test_an_answer_counts_once_and_only_in_the_browser_that_asked(
    acme: SignInProvider, identity_provider: IdentityProvider, bob: User, browser: Browser
) -> None:
    given = identity_provider.answer(browser.leave(acme), account="bob")
    stolen = Browser()
    assert b"data-send-at-once" in bring(stolen, acme, given).content
    assert bring(stolen, acme, {**given, "again": "1"}).status_code == 403
    assert bring(browser, acme, given).status_code == 302
    browser.client.logout()
    browser.leave(acme)
    answer = bring(browser, acme, given)
    assert (answer.status_code, browser.user) == (403, None)


def test_a_stolen_assertion_does_not_answer_a_question_of_ones_own(
    acme: SignInProvider, identity_provider: IdentityProvider, bob: User, browser: Browser
) -> None:
    # What is around the signed assertion is anybody's to write: the question that it answers, too.
    answer = None
    for lies in ({}, {"in_response_to": ""}):
        stolen = opened(identity_provider.answer(Browser().leave(acme), account="bob", **lies))
        mine = opened(identity_provider.answer(browser.leave(acme), account="mallory"))
        stolen.set("InResponseTo", mine.get("InResponseTo"))
        answer = bring(browser, acme, sealed(stolen))
        assert (answer.status_code, browser.user) == (403, None)
    assert "to another question than ours" in words(answer)


def test_a_form_from_another_site_is_sent_once_more_with_our_cookie(
    acme: SignInProvider, identity_provider: IdentityProvider, bob: User, browser: Browser
) -> None:
    given = identity_provider.answer(browser.leave(acme), account="bob")
    without = Client(enforce_csrf_checks=True).post(f"/sign-on/{acme.pk}/saml", given)
    again = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', without.content.decode()))
    assert again == {"SAMLResponse": given["SAMLResponse"], "again": "1"}
    assert bring(browser, acme, again).status_code == 302


BOMB = (
    '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    '<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" InResponseTo="&b;"/>'
)
FILE = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a InResponseTo="1">&x;</a>'


def test_what_is_no_saml_gets_a_sentence(acme: SignInProvider, browser: Browser) -> None:
    browser.leave(acme)
    texts = ("", "no base64 at all", "<a/>", "<", BOMB, FILE, "\x00", "a" * 500_000)
    for answer in (*texts, *(base64.b64encode(text.encode()).decode() for text in texts)):
        assert bring(browser, acme, {"SAMLResponse": answer}).status_code == 403


def test_metadata_that_is_none_is_refused_with_a_sentence(acme: SignInProvider) -> None:
    for text in (
        "",
        "<",
        "<a/>",
        BOMB,
        FILE,
        acme.metadata.replace("/sso", "/nowhere").replace("http://localhost", "ftp://x"),
    ):
        with pytest.raises(SignOnRefused):
            saml_metadata.provider_in(text)


def test_one_links_an_account_of_ones_own(
    acme: SignInProvider, identity_provider: IdentityProvider, alice: User, sign_in: Callable[[User], Client]
) -> None:
    browser = Browser(sign_in(alice))
    given = identity_provider.answer(browser.leave(acme, page="/link"), account="owner")
    assert bring(browser, acme, given)["Location"] == "/settings/sign-ons?saved=1"
    stranger = Browser()
    bring(stranger, acme, identity_provider.answer(stranger.leave(acme), account="owner", mail=""))
    assert stranger.user == alice
