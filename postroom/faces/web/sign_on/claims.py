"""An ID token, checked (PyJWT), and what its claims are worth at which provider."""

import hmac
from collections.abc import Mapping
from typing import Any

import jwt
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from django.utils.translation import gettext as _

from postroom.core.accounts.models import SignInProvider
from postroom.core.accounts.models.sign_on import GOOGLE, MICROSOFT
from postroom.core.accounts.sign_on import Said

# Only those whose key the provider alone has: never "none", never a shared secret.
_ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
_CLOCKS_DIFFER_BY = 60


def verified(raw: str, *, provider: SignInProvider, keys: Mapping[str, Any], nonce: str) -> dict[str, Any]:
    """Return the claims of an ID token that is this provider's, for us, of now, and the answer to our question."""
    try:
        found: dict[str, Any] = jwt.decode(
            raw,
            _key(raw, keys),
            algorithms=list(_ALGORITHMS),
            audience=provider.client_id,
            issuer=provider.issuer,
            leeway=_CLOCKS_DIFFER_BY,
            options={"require": ["exp", "iat", "iss", "aud", "sub"]},
        )
    except jwt.InvalidAudienceError as error:
        raise OAuth2Error(_("Its ID token is for another program.")) from error
    except jwt.ExpiredSignatureError as error:
        raise OAuth2Error(_("Its ID token is over. Do both machines know the right time?")) from error
    except jwt.PyJWTError as error:
        raise OAuth2Error(_("Its ID token is not valid (%s).") % error) from error
    if not hmac.compare_digest(str(found.get("nonce", "")).encode(), nonce.encode()):
        raise OAuth2Error(_("Its ID token answers another question than ours."))
    # Core 3.1.3.7, 4 and 5: with several audiences it has to say who asked.
    several = isinstance(found["aud"], list) and len(found["aud"]) > 1
    if (several or "azp" in found) and found.get("azp") != provider.client_id:
        raise OAuth2Error(_("Its ID token is for another program."))
    return found


def said(provider: SignInProvider, claims: Mapping[str, Any]) -> Said:
    """Return what the claims say of the person, with each provider's habits in mind."""
    email = claims.get("email")
    email = email if isinstance(email, str) else ""
    methods = claims.get("amr")
    return Said(
        issuer=str(claims["iss"]),
        subject=str(claims["sub"]),
        email=email,
        email_verified=bool(email) and _vouches(provider, claims, email),
        name=str(claims.get("name") or ""),
        # RFC 8176: "mfa" is said when several factors were used.
        second_factor=isinstance(methods, list) and "mfa" in methods,
    )


def _vouches(provider: SignInProvider, claims: Mapping[str, Any], email: str) -> bool:
    """Tell whether the provider is sure that the address belongs to this account.

    Microsoft lets an organisation's people write any address into `email`; only `xms_edov` says that its domain is
    theirs. Google is sure only of its own addresses and of those of an organisation (`hd`): others were shown once.
    """
    if provider.kind == MICROSOFT:
        return claims.get("xms_edov") in (True, 1, "1", "true", "True")
    sure = claims.get("email_verified") in (True, "true")
    if provider.kind == GOOGLE:
        return sure and bool(claims.get("hd") or email.lower().endswith("@gmail.com"))
    return sure


def _key(raw: str, keys: Mapping[str, Any]) -> jwt.PyJWK:
    """Return the key that the token names, or the only one there is."""
    found = jwt.PyJWKSet.from_dict(dict(keys)).keys
    wanted = jwt.get_unverified_header(raw).get("kid")
    fitting = [key for key in found if key.key_id == wanted] if wanted else found
    if len(fitting) != 1:
        raise jwt.InvalidKeyError(_("it names no key that the provider shows"))
    return fitting[0]
