"""Read where an OpenID issuer does what (OpenID Connect Discovery 1.0), when an admin names it."""

import json
from typing import Any
from urllib.parse import quote_plus, urlencode

from django.utils.translation import gettext as _

from postroom.core.accounts.models.sign_on import MICROSOFT
from postroom.core.accounts.sign_on import SignOnRefused
from postroom.faces.web.sign_on.network import fetch
from postroom.lib.http import Unreachable, is_private_enough, post_form

_PATH = "/.well-known/openid-configuration"
_NEEDED = ("authorization_endpoint", "token_endpoint", "jwks_uri")
GOOGLE_ISSUER = "https://accounts.google.com"
_MICROSOFT = "https://login.microsoftonline.com/"


def well_known(issuer: str) -> str:
    """Return the address of an issuer's document."""
    return issuer.rstrip("/") + _PATH


def microsoft_issuer(tenant: str) -> str:
    """Return the issuer of one organisation at Microsoft; its id or its domain."""
    return f"{_MICROSOFT}{tenant}/v2.0"


def issuer_at(typed: str, *, kind: str) -> str:
    """Return what the issuer at this address calls itself; SignOnRefused says what is wrong with it.

    `typed` is the issuer or the address of its document. At Microsoft a domain becomes the organisation's id.
    """
    home = typed.strip().removesuffix(_PATH)
    address = well_known(home)
    found = _document(address)
    issuer = str(found["issuer"])
    if bad := [name for name in _NEEDED if not is_private_enough(str(found.get(name, "")))]:
        raise SignOnRefused(
            _("%(address)s names no https address as its %(name)s.") % {"address": address, "name": bad[0]}
        )
    same = issuer.rstrip("/") == home.rstrip("/")
    if not (same or (kind == MICROSOFT and issuer.startswith(_MICROSOFT) and "{" not in issuer)):
        about = {"address": address, "issuer": issuer[:200]}
        raise SignOnRefused(_("%(address)s is the document of %(issuer)s. Type that address.") % about)
    return issuer


def complaint_of(issuer: str, *, client_id: str, secret: str, redirect: str) -> str:
    """Return the error by which a token endpoint refuses a code that it never gave; empty when it says none."""
    found = _document(well_known(issuer))
    body = {"grant_type": "authorization_code", "code": "postroom-test", "redirect_uri": redirect}
    in_body = "client_secret_post" in (found.get("token_endpoint_auth_methods_supported") or [])
    if in_body or not secret:
        body |= {"client_id": client_id, **({"client_secret": secret} if secret else {})}
    sign_in = None if in_body or not secret else (quote_plus(client_id), quote_plus(secret))
    try:
        answer = post_form(str(found["token_endpoint"]), body=urlencode(body), sign_in=sign_in)
    except Unreachable as why:
        about = {"address": found["token_endpoint"], "why": why}
        raise SignOnRefused(_("%(address)s could not be read (%(why)s)") % about) from why
    return str(answer.fields.get("error", ""))


def _document(address: str) -> dict[str, Any]:
    try:
        found = json.loads(fetch(address))
    except Unreachable as why:
        about = {"address": address, "why": why}
        raise SignOnRefused(_("%(address)s could not be read (%(why)s)") % about) from why
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict) or not isinstance(found.get("issuer"), str):
        raise SignOnRefused(_("%s does not say where to sign in. Check the issuer's address.") % address)
    return found
