"""Read what a SAML identity provider publishes of itself."""

from typing import Any

from django.utils.translation import gettext as _

from postroom.core.accounts.sign_on import SignOnRefused
from postroom.faces.web.sign_on.network import fetch
from postroom.lib.http import Unreachable, is_private_enough

_MOST_CHARACTERS = 500_000


def fetched(url: str) -> str:
    """Return the metadata at this address; SignOnRefused says why there is none."""
    try:
        return fetch(url)
    except Unreachable as why:
        about = {"address": url, "why": why}
        raise SignOnRefused(_("%(address)s could not be read (%(why)s)") % about) from why


def provider_in(metadata: str) -> dict[str, Any]:
    """Return the provider's part of python3-saml's settings; SignOnRefused says what the metadata lacks."""
    from lxml import etree
    from onelogin.saml2.idp_metadata_parser import OneLogin_Saml2_IdPMetadataParser

    try:
        # It refuses a document type, and with it every entity (billion laughs) and every look elsewhere.
        found: dict[str, Any] = OneLogin_Saml2_IdPMetadataParser.parse(metadata[:_MOST_CHARACTERS]).get("idp", {})
    except (etree.LxmlError, ValueError) as error:
        raise SignOnRefused(_("This is not SAML metadata: an XML document whose root is EntityDescriptor.")) from error
    if not found.get("entityId") or len(found["entityId"]) > 500:
        raise SignOnRefused(_("This metadata does not say which identity provider it is about."))
    if not is_private_enough(found.get("singleSignOnService", {}).get("url", "")):
        raise SignOnRefused(
            _("This metadata names no https address to sign in at (SingleSignOnService, HTTP-Redirect).")
        )
    if not (found.get("x509cert") or found.get("x509certMulti", {}).get("signing")):
        raise SignOnRefused(_("This metadata holds no certificate to check signatures with."))
    return found
