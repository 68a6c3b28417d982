"""OAuth 2 at the mail's provider (RFC 6749 with PKCE, RFC 7636): ask for leave, and turn it into tokens."""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote_plus

from django.conf import settings
from django.utils.translation import gettext as _
from oauthlib.oauth2 import OAuth2Error, WebApplicationClient
from oauthlib.oauth2.rfc6749.errors import InvalidClientError, InvalidGrantError, UnauthorizedClientError

from postroom.channels.mail.models import GOOGLE, OAuthClient
from postroom.lib import http
from postroom.lib.sealing import unseal

# What the providers say when an account's leave is over, beside RFC 6749's invalid_grant.
_OVER = ("interaction_required", "consent_required", "login_required")


class SignInTrouble(Exception):
    """No token could be had; the sentence says why. `withdrawn` when only a new sign-in mends it."""

    def __init__(self, sentence: str, *, withdrawn: bool = False) -> None:
        super().__init__(sentence)
        self.withdrawn = withdrawn


@dataclass(frozen=True)
class Tokens:
    """What the provider gave: `refresh` is empty when the old one stays good; `seconds` is the access token's life."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    seconds: int


@dataclass(frozen=True)
class Endpoints:
    """Where a provider asks people, and where it gives out tokens."""

    authorize_url: str
    token_url: str


def consent_address(client: OAuthClient, *, redirect: str, state: str, verifier: str, username: str) -> str:
    """Return where a person says yes. `verifier` is a secret of 43 to 128 characters, told again for the tokens."""
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    # Without these two Google gives no refresh token to somebody who has said yes before.
    more = {"access_type": "offline", "prompt": "consent"} if client.kind == GOOGLE else {}
    address = WebApplicationClient(client.client_id).prepare_request_uri(
        client.authorize_url,
        redirect_uri=redirect,
        scope=client.scopes,
        state=state,
        code_challenge=challenge,
        code_challenge_method="S256",
        login_hint=username,
        **more,
    )
    return str(address)


def exchange(client: OAuthClient, *, code: str, redirect: str, verifier: str) -> Tokens:
    """Return the first tokens for the code that the person brought back; SignInTrouble when the provider refuses."""
    body = WebApplicationClient(client.client_id).prepare_request_body(
        code=code, redirect_uri=redirect, code_verifier=verifier, include_client_id=not client.sealed_secret
    )
    tokens = _ask(client, body)
    if not tokens.refresh:
        raise SignInTrouble(
            _(
                "%(provider)s let us in for an hour only, and gave nothing to stay with. Allow offline access for "
                "Postroom there, and sign in again."
            )
            % {"provider": client.name}
        )
    return tokens


def renew(client: OAuthClient, *, refresh_token: str) -> Tokens:
    """Return new tokens; SignInTrouble, `withdrawn` when the provider no longer honours the leave."""
    public = {} if client.sealed_secret else {"client_id": client.client_id}
    body = WebApplicationClient(client.client_id).prepare_refresh_body(
        refresh_token=refresh_token, include_client_id=False, **public
    )
    return _ask(client, body)


def discover(issuer: str) -> Endpoints:
    """Return the addresses that an issuer names itself (OpenID Connect Discovery 1.0); SignInTrouble otherwise."""
    address = issuer.rstrip("/") + "/.well-known/openid-configuration"
    try:
        answer = http.get_json(address)
    except http.Unreachable as why:
        raise SignInTrouble(_("%(address)s could not be read (%(why)s)") % {"address": address, "why": why}) from why
    found = [answer.fields.get(name) for name in ("authorization_endpoint", "token_endpoint")]
    authorize, token = (url if isinstance(url, str) and http.is_private_enough(url) else "" for url in found)
    if not (authorize and token):
        raise SignInTrouble(
            _("%(address)s does not say where to sign in. Check the issuer's address.") % {"address": address}
        )
    return Endpoints(authorize, token)


def _sign_in(client: OAuthClient) -> tuple[str, str] | None:
    """Return what every token server has to take from a client with a secret (RFC 6749 2.3.1); None without one."""
    secret = unseal(client.sealed_secret, key=settings.POSTROOM_KEY)
    return (quote_plus(client.client_id), quote_plus(secret)) if secret else None


def _ask(client: OAuthClient, body: str) -> Tokens:
    about = {"provider": client.name}
    try:
        answer = http.post_form(client.token_url, body=body, sign_in=_sign_in(client))
    except http.Unreachable as why:
        raise SignInTrouble(_("%(provider)s could not be reached (%(why)s)") % (about | {"why": why})) from why
    try:
        found = WebApplicationClient(client.client_id).parse_request_body_response(answer.text)
    except (InvalidClientError, UnauthorizedClientError) as error:
        raise SignInTrouble(
            _(
                "%(provider)s does not know Postroom any more, or its secret is over (%(words)s). Put in a new one in "
                "the settings, under Mail sign-in."
            )
            % (about | {"words": _words(error)})
        ) from error
    except OAuth2Error as error:
        over = isinstance(error, InvalidGrantError) or error.error in _OVER
        sentence = (
            _("%(provider)s has taken back the leave to use this account (%(words)s). Sign in there again.")
            if over
            else _("%(provider)s gave us no token (%(words)s).")
        )
        raise SignInTrouble(sentence % (about | {"words": _words(error)}), withdrawn=over) from error
    except ValueError as error:
        sentence = _("%(provider)s answered with something that is no token (status %(status)s).")
        raise SignInTrouble(sentence % (about | {"status": answer.status})) from error
    return _tokens(found)


def _tokens(found: Mapping[str, object]) -> Tokens:
    seconds = found.get("expires_in")
    return Tokens(
        access=str(found.get("access_token", "")),
        refresh=str(found.get("refresh_token") or ""),
        # RFC 6749 5.1 lets a provider leave it out.
        seconds=int(seconds) if isinstance(seconds, int | float) else 3000,
    )


def _words(error: OAuth2Error) -> str:
    return str(error.description or error.error or "")[:300]
