"""Signing in at the mail's provider, against a real OpenID provider."""

import threading
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings
from django.db import connection

from postroom.channels.mail.models import OTHER, OAuthClient, OAuthGrant
from postroom.channels.mail.transports import oauth
from postroom.channels.mail.transports.access_tokens import access_token, keep
from postroom.channels.mail.transports.oauth import SignInTrouble
from postroom.core.accounts.models import Mailbox
from postroom.lib import clock
from postroom.lib.sealing import seal, unseal
from tests.servers.openid import OpenIdProvider

REDIRECT = "http://127.0.0.1:8000/settings/mail-sign-in/callback"
VERIFIER = "v" * 64


def client_of(openid: OpenIdProvider) -> OAuthClient:
    found = oauth.discover(openid.issuer)
    return OAuthClient.objects.create(
        kind=OTHER,
        name="Our own",
        authorize_url=found.authorize_url,
        token_url=found.token_url,
        scopes="openid email",
        client_id="postroom",
        sealed_secret=seal("a secret", key=settings.POSTROOM_KEY),
        created_at=clock.now(),
    )


def granted(openid: OpenIdProvider, mailbox: Mailbox, *, account: str) -> OAuthGrant:
    client = client_of(openid)
    address = oauth.consent_address(client, redirect=REDIRECT, state="s", verifier=VERIFIER, username=account)
    brought = openid.say_yes(address, account=account)
    grant = OAuthGrant.objects.create(client=client, mailbox=mailbox, username=account, granted_at=clock.now())
    keep(grant, oauth.exchange(client, code=brought["code"], redirect=REDIRECT, verifier=VERIFIER))
    return grant


def run_out(grant: OAuthGrant) -> None:
    OAuthGrant.objects.filter(pk=grant.pk).update(access_until=clock.now() - timedelta(seconds=1))


def test_a_yes_gives_a_token_that_is_kept_sealed(openid: OpenIdProvider, mailbox: Mailbox) -> None:
    grant = granted(openid, mailbox, account="yes@example.org")
    grant.refresh_from_db()
    token = access_token(grant)
    assert openid.knows(token)
    assert token not in grant.sealed_access_token
    assert unseal(grant.sealed_access_token, key=settings.POSTROOM_KEY) == token


def test_the_address_of_the_consent_page_carries_a_challenge_and_not_the_verifier(
    openid: OpenIdProvider, mailbox: Mailbox
) -> None:
    address = oauth.consent_address(
        client_of(openid), redirect=REDIRECT, state="a state", verifier=VERIFIER, username="a@b.example"
    )
    asked = parse_qs(urlsplit(address).query)
    assert asked["state"] == ["a state"]
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["login_hint"] == ["a@b.example"]
    assert VERIFIER not in address


def test_a_token_that_ran_out_is_renewed(openid: OpenIdProvider, mailbox: Mailbox) -> None:
    grant = granted(openid, mailbox, account="renewed@example.org")
    first = access_token(grant)
    assert access_token(grant) == first
    run_out(grant)
    second = access_token(grant)
    assert second != first
    assert openid.knows(second)


def test_leave_that_was_taken_back_is_said_once_and_not_asked_for_again(
    openid: OpenIdProvider, mailbox: Mailbox
) -> None:
    grant = granted(openid, mailbox, account="back@example.org")
    openid.take_back("back@example.org")
    run_out(grant)
    with pytest.raises(SignInTrouble, match="Our own has taken back the leave") as first:
        access_token(grant)
    assert first.value.withdrawn
    grant.refresh_from_db()
    assert grant.withdrawn_at
    assert grant.refreshing_until is None
    # The provider is not bothered any more.
    OAuthClient.objects.filter(pk=grant.client_id).update(token_url="http://localhost:1/token")
    with pytest.raises(SignInTrouble, match="has taken back the leave"):
        access_token(grant)


def test_a_provider_that_is_away_takes_nothing_back(openid: OpenIdProvider, mailbox: Mailbox) -> None:
    grant = granted(openid, mailbox, account="away@example.org")
    run_out(grant)
    there = grant.client.token_url
    OAuthClient.objects.filter(pk=grant.client_id).update(token_url="http://localhost:1/token")
    with pytest.raises(SignInTrouble, match="could not be reached") as trouble:
        access_token(grant)
    assert not trouble.value.withdrawn
    OAuthClient.objects.filter(pk=grant.client_id).update(token_url=there)
    assert openid.knows(access_token(grant))


def test_a_wrong_code_is_a_sentence(openid: OpenIdProvider, mailbox: Mailbox) -> None:
    with pytest.raises(SignInTrouble):
        oauth.exchange(client_of(openid), code="wrong", redirect=REDIRECT, verifier=VERIFIER)


@pytest.mark.parametrize("path", ["/", "/userinfo", "/nowhere"])
def test_an_answer_that_is_no_token_is_a_sentence(openid: OpenIdProvider, mailbox: Mailbox, path: str) -> None:
    client = client_of(openid)
    client.token_url = openid.issuer + path
    with pytest.raises(SignInTrouble, match="Our own"):
        oauth.renew(client, refresh_token="any")


def test_an_issuer_that_is_none_is_a_sentence(openid: OpenIdProvider) -> None:
    with pytest.raises(SignInTrouble, match="does not say where to sign in"):
        oauth.discover(openid.issuer + "/nowhere")
    with pytest.raises(SignInTrouble, match="could not be read"):
        oauth.discover("http://example.org")


@pytest.mark.django_db(transaction=True)
def test_several_threads_that_need_a_new_token_ask_for_one(openid: OpenIdProvider, mailbox: Mailbox) -> None:
    grant = granted(openid, mailbox, account="threads@example.org")
    run_out(grant)
    got: list[str] = []

    def ask() -> None:
        got.append(access_token(grant))
        connection.close()

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == 4
    assert len(set(got)) == 1
