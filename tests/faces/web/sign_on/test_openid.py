"""OpenID Connect against a real provider."""

import time
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client

from postroom.core.accounts.models import SecurityPolicy, SignInLink, SignInProvider, User
from postroom.core.audit.models import AuditEntry
from postroom.faces.web.sign_on import claims
from tests.faces.web.sign_on.conftest import Browser, OpenId, words

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
ISSUER = "https://id.example"


def test_a_colleague_signs_in_with_a_verified_address(acme: OpenId, bob: User, browser: Browser) -> None:
    acme.knows("bob-there", email="bob@team.example", email_verified=True, name="Bob")
    answer = acme.there_and_back(browser, "bob-there")
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert browser.user == bob
    entry = AuditEntry.objects.get(action="sign_in.done")
    assert (entry.actor_id, entry.after) == (bob.pk, {"how": "oidc:Acme"})


def test_the_way_there_carries_state_nonce_and_pkce(acme: OpenId, browser: Browser) -> None:
    there = browser.leave(acme.row)
    for part in ("state=", "nonce=", "code_challenge=", "code_challenge_method=S256", "scope=", "openid"):
        assert part in there


def test_an_unverified_address_lets_nobody_in(acme: OpenId, bob: User, browser: Browser) -> None:
    acme.knows("mallory", email="bob@team.example", email_verified=False)
    answer = acme.there_and_back(browser, "mallory")
    assert answer.status_code == 403
    assert "does not say that an address is yours" in words(answer)
    assert browser.user is None
    assert AuditEntry.objects.get(action="sign_in.refused").after["account"] == "bob@team.example"


@pytest.mark.parametrize("changed", [{"state": "of-mallory"}, {"state": ""}, {"code": "guessed"}])
def test_what_was_changed_on_the_way_back_is_refused(
    acme: OpenId, bob: User, browser: Browser, changed: dict[str, str]
) -> None:
    acme.knows("bob-there", email="bob@team.example", email_verified=True)
    answer = acme.there_and_back(browser, "bob-there", **changed)
    assert answer.status_code == 403
    assert browser.user is None


def test_an_answer_counts_once_and_only_in_the_browser_that_asked(acme: OpenId, bob: User, browser: Browser) -> None:
    acme.knows("bob-there", email="bob@team.example", email_verified=True)
    given = acme.server.say_yes(browser.leave(acme.row), account="bob-there")
    stolen = Client().get(f"/sign-on/{acme.row.pk}/back", given)
    assert stolen.status_code == 403
    assert "begun in another window" in words(stolen)
    assert browser.client.get(f"/sign-on/{acme.row.pk}/back", given).status_code == 302
    assert browser.client.get(f"/sign-on/{acme.row.pk}/back", given).status_code == 403


def test_an_answer_of_one_provider_is_none_of_another(acme: OpenId, bob: User, browser: Browser) -> None:
    other = SignInProvider.objects.create(kind="openid", name="Other", issuer=acme.server.issuer, client_id="other")
    acme.knows("bob-there", email="bob@team.example", email_verified=True)
    given = acme.server.say_yes(browser.leave(acme.row), account="bob-there")
    assert browser.client.get(f"/sign-on/{other.pk}/back", given).status_code == 403


def test_somebody_who_says_no_there_is_told_so(acme: OpenId, browser: Browser) -> None:
    there = browser.leave(acme.row)
    # The provider of the tests forgets the state when it refuses.
    given = acme.server.say_no(there) | {"state": parse_qs(urlsplit(there).query)["state"][0]}
    answer = browser.client.get(f"/sign-on/{acme.row.pk}/back", given)
    assert "did not let Acme tell us" in words(answer)


def test_a_deactivated_person_stays_out(acme: OpenId, bob: User, browser: Browser) -> None:
    User.objects.filter(pk=bob.pk).update(is_active=False)
    acme.knows("bob-there", email="bob@team.example", email_verified=True)
    assert "switched off" in words(acme.there_and_back(browser, "bob-there"))
    assert browser.user is None


def test_a_provider_that_is_down_or_talks_nonsense_gets_a_sentence(
    acme: OpenId, browser: Browser, live_server: Any
) -> None:
    SignInProvider.objects.update(issuer="http://localhost:1")
    answer = browser.client.post(f"/sign-on/{acme.row.pk}")
    assert (answer.status_code, "could not be asked who you are" in words(answer)) == (403, True)
    SignInProvider.objects.update(issuer=str(live_server))
    assert browser.client.post(f"/sign-on/{acme.row.pk}").status_code == 403


def test_one_links_and_unlinks_an_account_of_ones_own(
    acme: OpenId, alice: User, sign_in: Callable[[User], Client]
) -> None:
    acme.knows("alice-there", email="private@elsewhere.example", email_verified=False)
    browser = Browser(sign_in(alice))
    answer = acme.there_and_back(browser, "alice-there", page="/link")
    assert answer["Location"] == "/settings/sign-ons?saved=1"
    stranger = Browser()
    acme.there_and_back(stranger, "alice-there")
    assert stranger.user == alice
    assert "private@elsewhere.example" in words(browser.client.get("/settings/sign-ons"))
    number = SignInLink.objects.get().pk
    assert (
        sign_in(User.objects.create(email="x@team.example", name="X"))
        .post(f"/settings/sign-ons/{number}/removal")
        .status_code
        == 404
    )
    browser.client.post(f"/settings/sign-ons/{number}/removal")
    assert not SignInLink.objects.exists()


def test_a_link_begun_by_one_is_not_finished_by_another(
    acme: OpenId, alice: User, bob: User, sign_in: Callable[[User], Client]
) -> None:
    acme.knows("mallory", email="mallory@elsewhere.example")
    browser = Browser(sign_in(alice))
    given = acme.server.say_yes(browser.leave(acme.row, page="/link"), account="mallory")
    browser.client.logout()
    assert browser.client.get(f"/sign-on/{acme.row.pk}/back", given).status_code == 403
    assert not SignInLink.objects.exists()


def test_our_second_factor_is_asked_for_unless_the_provider_is_trusted_with_it(
    acme: OpenId, bob: User, browser: Browser
) -> None:
    SecurityPolicy.objects.create(pk=1, second_factor="everybody")
    acme.knows("bob-there", email="bob@team.example", email_verified=True, amr=["pwd", "mfa"])
    acme.there_and_back(browser, "bob-there")
    assert browser.client.get("/")["Location"].startswith("/settings/second-factor")
    browser.client.post("/sign-out")
    SignInProvider.objects.update(trusts_second_factor=True)
    acme.there_and_back(browser, "bob-there")
    assert browser.client.get("/", follow=True).status_code == 200
    acme.knows("bob-there", email="bob@team.example", email_verified=True, amr=["pwd"])
    acme.there_and_back(browser, "bob-there")
    assert browser.client.get("/folders/mine")["Location"].startswith("/settings/second-factor")


def _keys() -> dict[str, Any]:
    shown = jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key(), as_dict=True)
    return {"keys": [shown | {"kid": "1", "use": "sig"}]}


def _token(*, key: Any = KEY, algorithm: str = "RS256", kid: str = "1", **changed: Any) -> str:
    now = int(time.time())
    usual = {"iss": ISSUER, "aud": "postroom", "sub": "bob", "iat": now, "exp": now + 60, "nonce": "ours"}
    kept = {name: value for name, value in (usual | changed).items() if value is not None}
    return jwt.encode(kept, key, algorithm=algorithm, headers={"kid": kid})


def _verified(raw: str) -> dict[str, Any]:
    provider = SignInProvider(kind="openid", name="Acme", issuer=ISSUER, client_id="postroom")
    return claims.verified(raw, provider=provider, keys=_keys(), nonce="ours")


def test_a_good_id_token_is_taken() -> None:
    assert _verified(_token())["sub"] == "bob"
    assert _verified(_token(aud=["other", "postroom"], azp="postroom"))["sub"] == "bob"


@pytest.mark.parametrize(
    "bad",
    [
        {"nonce": "of another question"},
        {"nonce": None},
        {"aud": "other"},
        {"aud": ["postroom", "other"]},
        {"azp": "other"},
        {"iss": "https://evil.example"},
        {"exp": 1},
        {"exp": None},
        {"sub": None},
        {"kid": "unknown"},
        {"key": rsa.generate_private_key(public_exponent=65537, key_size=2048)},
        {"key": "", "algorithm": "none"},
        {"key": "postroom" * 8, "algorithm": "HS256"},
    ],
)
def test_a_bad_id_token_is_refused(bad: dict[str, Any]) -> None:
    with pytest.raises(Exception, match="ID token"):
        _verified(_token(**bad))


@pytest.mark.parametrize(
    ("kind", "said", "sure"),
    [
        ("openid", {"email_verified": True}, True),
        ("openid", {}, False),
        ("google", {"email_verified": True}, False),
        ("google", {"email_verified": True, "hd": "team.example"}, True),
        ("microsoft", {"email_verified": True}, False),
        ("microsoft", {"xms_edov": True}, True),
    ],
)
def test_each_providers_word_for_an_address_has_its_own_worth(kind: str, said: dict[str, Any], sure: bool) -> None:
    found = claims.said(SignInProvider(kind=kind), {"iss": ISSUER, "sub": "b", "email": "bob@team.example", **said})
    assert found.email_verified is sure


def test_whoever_has_to_show_again_who_they_are_may_do_it_there(
    acme: OpenId, alice: User, sign_in: Callable[[User], Client]
) -> None:
    browser = Browser(sign_in(alice))
    acme.there_and_back(browser, "alice-there", page="/link")
    session = browser.client.session
    session["proven_at"] = 0
    session.save()
    page = browser.client.get("/sign-in/again").content.decode()
    assert f'action="/sign-on/{acme.row.pk}"' in page
    there = browser.leave(acme.row, next="/settings/profile", afresh="1")
    assert "prompt=login" in there
    given = acme.server.say_yes(there, account="alice-there")
    assert browser.client.get(f"/sign-on/{acme.row.pk}/back", given)["Location"] == "/settings/profile"
    assert browser.client.session["proven_at"] > 0
