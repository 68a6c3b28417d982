"""OpenID Connect by django-allauth: to the provider and back with a code (PKCE, state), and who it says is there.

allauth sends no nonce and takes the ID token unverified where it came over TLS; here both are asked for and checked
(OpenID Connect Core 1.0, 3.1.3.7).
"""

import secrets
from collections.abc import Mapping
from typing import Any

import requests
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from postroom.core.accounts.models import SignInProvider
from postroom.core.accounts.sign_on import SignOnRefused
from postroom.faces.web.sign_on import arriving, claims
from postroom.faces.web.sign_on.discovery import well_known
from postroom.faces.web.sign_on.network import session
from postroom.lib.http import is_private_enough, reason
from postroom.lib.sealing import SealBroken, unseal

_ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")
# What a provider that answers with something else than OpenID Connect makes the library stumble over.
_NONSENSE = (KeyError, TypeError, ValueError, AttributeError, IndexError)


def begin(request: HttpRequest, provider: SignInProvider, *, back: str, linking: int | None, afresh: bool) -> str:
    """Return the provider's address to go to; SignOnRefused when it cannot be asked. The session remembers the rest.

    `afresh`: they are to show there who they are, even if they are signed in.
    """
    nonce = secrets.token_urlsafe(32)
    data = {"nonce": nonce, "linking": linking}
    try:
        leaving = _Provider(request, app=_app(provider)).redirect(
            request,
            "login",
            next_url=back,
            data=data,
            auth_params={"nonce": nonce, **({"prompt": "login"} if afresh else {})},
        )
    except (requests.RequestException, OAuth2Error, *_NONSENSE) as error:
        raise SignOnRefused(_trouble(provider, error)) from error
    return str(leaving["Location"])


def back(request: HttpRequest, provider: SignInProvider) -> HttpResponse:
    """Take what the browser brought back, and let whoever it is arrive."""
    try:
        answer = _Callback.adapter_view(_Adapter(request, _app(provider)))(request)
    except SignOnRefused as refusal:
        return arriving.refuse(request, provider, str(refusal))
    except _NONSENSE as error:
        return arriving.refuse(request, provider, _trouble(provider, error))
    assert isinstance(answer, HttpResponse)
    return answer


def refused(
    request: HttpRequest, provider: SignInProvider, *, cancelled: bool, exception: Exception | None
) -> HttpResponse:
    """Say why the provider's answer was not good enough (called by allauth's adapter)."""
    if cancelled:
        return arriving.refuse(request, provider, _("You did not let %s tell us who you are.") % provider.name)
    if exception:
        return arriving.refuse(request, provider, _trouble(provider, exception))
    if said := request.GET.get("error_description") or request.GET.get("error"):
        about = {"provider": provider.name, "words": said[:300]}
        return arriving.refuse(request, provider, _("%(provider)s said no (%(words)s).") % about)
    sentence = _("This sign-in was begun in another window, or too long ago. Nothing happened; begin again.")
    return arriving.refuse(request, provider, sentence)


class _Provider(OpenIDConnectProvider):  # type: ignore[misc]
    def get_oauth2_adapter(self, request: HttpRequest) -> "_Adapter":
        return _Adapter(request, self.app)


class _Callback(OAuth2CallbackView):  # type: ignore[misc]
    def _get_state(self, request: HttpRequest, provider: _Provider) -> tuple[Any, Any]:
        state, response = super()._get_state(request, provider)
        self.adapter.state = state
        return state, response


class _Adapter(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
    def __init__(self, request: HttpRequest, app: SocialApp) -> None:
        super().__init__(request, app.provider_id)
        self.app = app
        self.state: dict[str, Any] | None = None

    def get_provider(self) -> _Provider:
        return _Provider(self.request, app=self.app)

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        return callback_address(request, app.ours)

    @property
    def openid_config(self) -> dict[str, Any]:
        found: dict[str, Any] = super().openid_config
        # Discovery 4.3: else one issuer could speak for another.
        if found.get("issuer") != self.app.ours.issuer:
            raise OAuth2Error(_("It calls itself %s.") % str(found.get("issuer"))[:200])
        if bad := [name for name in _ENDPOINTS if not is_private_enough(str(found[name]))]:
            raise OAuth2Error(_("Its %s is not an https address.") % bad[0])
        return dict(found)

    def complete_login(self, request: HttpRequest, app: SocialApp, token: Any, **options: Any) -> None:
        """Check who it is, and leave allauth: links and people are ours."""
        provider: SignInProvider = app.ours
        assert self.state is not None
        data = self.state["data"]
        raw = options["response"].get("id_token")
        if not isinstance(raw, str):
            raise OAuth2Error(_("It gave no ID token."))
        found = claims.verified(raw, provider=provider, keys=self._keys(), nonce=data["nonce"])
        said = claims.said(provider, self._with_userinfo(found, token.token))
        back = self.state.get("next", "")
        raise ImmediateHttpResponse(arriving.arrive(request, provider, said=said, back=back, linking=data["linking"]))

    def _keys(self) -> Mapping[str, Any]:
        with session() as client:
            answer = client.get(self.openid_config["jwks_uri"])
            answer.raise_for_status()
            found: Mapping[str, Any] = answer.json()
        return found

    def _with_userinfo(self, found: dict[str, Any], access_token: str) -> dict[str, Any]:
        """Add what it tells only when asked (Core 5.3); not of somebody else (5.3.2)."""
        if "email" in found or not is_private_enough(str(self.openid_config.get("userinfo_endpoint", ""))):
            return found
        more = self._fetch_user_info(access_token)
        if more.get("sub") != found["sub"]:
            raise OAuth2Error(_("It told us about two different people."))
        return dict(more | found)


def callback_address(request: HttpRequest, provider: SignInProvider) -> str:
    """Return where the provider sends people back to; it has to be registered there, letter for letter."""
    return request.build_absolute_uri(reverse("sign-on-back", args=[provider.pk]))


def _app(provider: SignInProvider) -> SocialApp:
    """Return the provider as allauth knows such; it is never saved."""
    try:
        secret = unseal(provider.sealed_secret, key=settings.POSTROOM_KEY)
    except SealBroken as broken:
        raise SignOnRefused(_("The secret of %s has to be typed again.") % provider.name) from broken
    app = SocialApp(
        provider="openid_connect",
        provider_id=str(provider.pk),
        name=provider.name,
        client_id=provider.client_id,
        secret=secret,
        settings={"server_url": well_known(provider.issuer), "oauth_pkce_enabled": True},
    )
    app.ours = provider
    return app


def _trouble(provider: SignInProvider, error: Exception) -> str:
    about = {"provider": provider.name}
    if isinstance(error, requests.RequestException):
        about["why"] = reason(error)
        return _("%(provider)s could not be asked who you are (%(why)s). Nothing happened; try again later.") % about
    if isinstance(error, OAuth2Error):
        about["why"] = str(error)[:300]
        return _("What %(provider)s answered is not good enough to let you in: %(why)s") % about
    return _("%(provider)s answered with something that is not OpenID Connect. Nobody was signed in.") % about
