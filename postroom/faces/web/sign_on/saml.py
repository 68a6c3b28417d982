"""SAML 2.0 by python3-saml: to the identity provider and back with a signed assertion."""

import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from postroom.core.accounts.actions.sign_on import spend
from postroom.core.accounts.models import SignInProvider
from postroom.core.accounts.sign_on import Said, SignOnRefused
from postroom.faces.web.sign_on import arriving
from postroom.faces.web.sign_on.saml_metadata import provider_in

_SESSION = "saml_journeys"
_SECONDS = 1800
_MOST = 5
_EMAILS = (
    "email",
    "mail",
    "emailAddress",
    "urn:oid:0.9.2342.19200300.100.1.3",
    "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress",
)
_NAMES = (
    "displayName",
    "urn:oid:2.16.840.1.113730.3.1.241",
    "http://schemas.microsoft.com/identity/claims/displayname",
    "name",
    "cn",
    "urn:oid:2.5.4.3",
)
_MAIL_NAME = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"
_PASSING = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient"
# How providers say that they have asked for a second factor: REFEDS, and Microsoft.
_SECOND_FACTORS = ("https://refeds.org/profile/mfa", "http://schemas.microsoft.com/claims/multipleauthn")


@dataclass(frozen=True)
class Journey:
    """What is remembered while somebody is at the provider's, under the id of our question."""

    provider: int
    back: str
    linking: int | None
    begun: float


def begin(request: HttpRequest, provider: SignInProvider, *, back: str, linking: int | None, afresh: bool) -> str:
    """Return the provider's address to go to; the session remembers the rest. `afresh` as in openid.begin."""
    from onelogin.saml2.auth import OneLogin_Saml2_Auth

    auth = OneLogin_Saml2_Auth(_asked(request), settings_of(request, provider))
    there = str(auth.login(return_to="", force_authn=afresh))
    journeys = cast("dict[str, dict[str, object]]", request.session.get(_SESSION, {}))
    latest = dict(list(journeys.items())[-(_MOST - 1) :])
    journey = Journey(provider.pk, back, linking, time.time())
    request.session[_SESSION] = latest | {auth.get_last_request_id(): asdict(journey)}
    return there


def has_journeys(request: HttpRequest) -> bool:
    """Tell whether this browser's session is on its way somewhere."""
    return bool(request.session.get(_SESSION))


def back(request: HttpRequest, provider: SignInProvider, *, answer: str) -> HttpResponse:
    """Let whoever the provider's answer (base64) means arrive."""
    try:
        journey, said = _understood(request, provider, answer)
    except SignOnRefused as refusal:
        return arriving.refuse(request, provider, str(refusal))
    return arriving.arrive(request, provider, said=said, back=journey.back, linking=journey.linking)


def metadata(request: HttpRequest, provider: SignInProvider) -> str:
    """Return what the identity provider is to know of us."""
    from onelogin.saml2.settings import OneLogin_Saml2_Settings

    ours = OneLogin_Saml2_Settings(settings=settings_of(request, provider, only_ours=True), sp_validation_only=True)
    said = ours.get_sp_metadata()
    return said.decode() if isinstance(said, bytes) else str(said)


def settings_of(request: HttpRequest, provider: SignInProvider, *, only_ours: bool = False) -> dict[str, Any]:
    """Return python3-saml's settings: everything that it can check is checked."""
    made: dict[str, Any] = {
        "strict": True,
        "sp": {
            "entityId": request.build_absolute_uri(reverse("saml-metadata", args=[provider.pk])),
            "assertionConsumerService": {
                "url": request.build_absolute_uri(reverse("saml-back", args=[provider.pk])),
                "binding": "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST",
            },
            "NameIDFormat": "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified",
        },
        "security": {
            "wantAssertionsSigned": True,
            "wantNameId": True,
            "wantAttributeStatement": False,
            "requestedAuthnContext": False,
            "rejectDeprecatedAlgorithm": True,
            "allowRepeatAttributeName": True,
            # A company's own host may have one label only.
            "allowSingleLabelDomains": True,
        },
    }
    return made if only_ours else made | {"idp": provider_in(provider.metadata)}


def _understood(request: HttpRequest, provider: SignInProvider, answer: str) -> tuple[Journey, Said]:
    from lxml import etree
    from onelogin.saml2.errors import OneLogin_Saml2_Error, OneLogin_Saml2_ValidationError
    from onelogin.saml2.response import OneLogin_Saml2_Response
    from onelogin.saml2.settings import OneLogin_Saml2_Settings
    from xmlsec import Error as SignatureError

    faults = (OneLogin_Saml2_Error, OneLogin_Saml2_ValidationError, etree.LxmlError, SignatureError)
    try:
        response = OneLogin_Saml2_Response(OneLogin_Saml2_Settings(settings_of(request, provider)), answer)
        question = str(response.get_in_response_to() or "")
        journey = _recall(request, question, provider=provider)
        response.is_valid(_asked(request), request_id=question, raise_exceptions=True)
        _answers_only(response, question, to=request.build_absolute_uri(request.path))
        said = _said(provider, response)
        _spend(provider, response)
    except (*faults, ValueError, TypeError, AttributeError) as error:
        raise SignOnRefused(_why(provider, error)) from error
    return journey, said


def _answers_only(response: Any, question: str, *, to: str) -> None:
    """See that the signed part itself is for us and answers our question: around it anything can be written."""
    from onelogin.saml2.xml_utils import OneLogin_Saml2_XML

    # is_valid has seen that there is one assertion, and that it is the signed one.
    document = response.decrypted_document if response.encrypted else response.document
    answered = OneLogin_Saml2_XML.query(document, "//saml:SubjectConfirmationData/@InResponseTo")
    received = OneLogin_Saml2_XML.query(document, "//saml:SubjectConfirmationData/@Recipient")
    if set(answered) != {question} or set(received) != {to}:
        raise SignOnRefused(_("This answer is to another question than ours. Nobody was signed in; begin again."))
    if not response.get_audiences():
        raise SignOnRefused(_("This answer does not say that it is for Postroom. Nobody was signed in."))


def _spend(provider: SignInProvider, response: Any) -> None:
    until = datetime.fromtimestamp(response.get_assertion_not_on_or_after() or time.time() + 86_400, tz=UTC)
    if not spend(f"{provider.issuer}\n{response.get_assertion_id()}", until=until):
        raise SignOnRefused(_("This answer was used already. Nobody was signed in; begin again."))


def _said(provider: SignInProvider, response: Any) -> Said:
    attributes: Mapping[str, list[Any]] = response.get_attributes() | response.get_friendlyname_attributes()
    named, form = str(response.get_nameid() or ""), response.get_nameid_format()
    email = _first(attributes, provider.email_attribute, _EMAILS) or (named if form == _MAIL_NAME else "")
    subject = _first(attributes, provider.subject_attribute, ()) if provider.subject_attribute else named
    if form == _PASSING and not provider.subject_attribute:
        # Another one each time: with an address that is believed it still says who it is.
        subject = email.lower() if provider.trusts_addresses else ""
    return Said(
        issuer=provider.issuer,
        subject=subject,
        email=email,
        email_verified=bool(email) and provider.trusts_addresses,
        name=_first(attributes, provider.name_attribute, _NAMES),
        second_factor=any(context in _SECOND_FACTORS for context in response.get_authn_contexts()),
    )


def _first(attributes: Mapping[str, list[Any]], chosen: str, usual: tuple[str, ...]) -> str:
    for name in (chosen,) if chosen else usual:
        for value in attributes.get(name, []):
            if isinstance(value, str) and value.strip():
                return value.strip()
    return ""


def _asked(request: HttpRequest) -> dict[str, Any]:
    return {
        "https": "on" if request.is_secure() else "off",
        "http_host": request.get_host(),
        "script_name": request.path,
        "get_data": {},
        "post_data": {},
    }


def _recall(request: HttpRequest, question: str, *, provider: SignInProvider) -> Journey:
    """Return the journey that began with this question, once."""
    journeys = cast("dict[str, dict[str, Any]]", request.session.get(_SESSION, {}))
    found = journeys.pop(question, None)
    request.session[_SESSION] = journeys
    journey = Journey(**found) if found else None
    if journey is None or journey.provider != provider.pk or time.time() - journey.begun > _SECONDS:
        raise SignOnRefused(
            _("This sign-in was not begun here, or in another window, or too long ago. Nothing happened; begin again.")
        )
    return journey


def _why(provider: SignInProvider, error: Exception) -> str:
    """Put python3-saml's complaint into a sentence that says what to mend; its own words stay for the rest."""
    from onelogin.saml2.errors import OneLogin_Saml2_ValidationError as Wrong

    about = {"provider": provider.name, "words": str(error)[:300]}
    sentences = {
        Wrong.WRONG_AUDIENCE: _("%(provider)s answered somebody else than Postroom. Give it our metadata anew."),
        Wrong.WRONG_DESTINATION: _("%(provider)s answered to another address than ours. Give it our metadata anew."),
        Wrong.ASSERTION_EXPIRED: _("What %(provider)s answered is over. Do both machines know the right time?"),
        Wrong.ASSERTION_TOO_EARLY: _("%(provider)s answered from the future. Do both machines know the right time?"),
        Wrong.NO_SIGNED_ASSERTION: _("%(provider)s did not sign its assertion. Switch that on there."),
        Wrong.NO_SIGNATURE_FOUND: _("%(provider)s did not sign its assertion. Switch that on there."),
        Wrong.INVALID_SIGNATURE: _(
            "This is not signed by %(provider)s as we know it. Has it a new certificate? Then read its metadata anew."
        ),
        Wrong.WRONG_ISSUER: _("Somebody else than %(provider)s has answered. Nobody was signed in."),
    }
    usual = _("What %(provider)s answered is not good enough to let you in (%(words)s).")
    code = error.code if isinstance(error, Wrong) else None
    return (sentences.get(code) or usual) % about
