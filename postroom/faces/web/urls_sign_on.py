"""Signing in with somebody else's word: Google, Microsoft, any OpenID Connect or SAML provider, a directory."""

from django.urls import URLPattern, path

from postroom.faces.web import converters  # noqa: F401  (registers <id:…>)
from postroom.faces.web.views import sign_on, sign_on_links, sign_on_settings

_SETTINGS = "settings/security/sign-on"

urlpatterns: list[URLPattern] = [
    path("sign-on/<id:provider_id>", sign_on.begin, name="sign-on"),
    path("sign-on/<id:provider_id>/link", sign_on.begin_link, name="sign-on-link"),
    # Known to the providers: these two and the metadata never change.
    path("sign-on/<id:provider_id>/back", sign_on.back, name="sign-on-back"),
    path("sign-on/<id:provider_id>/saml", sign_on.saml_back, name="saml-back"),
    path("sign-on/<id:provider_id>/metadata", sign_on.saml_metadata, name="saml-metadata"),
    path("settings/sign-ons", sign_on_links.links, name="settings-sign-on-links"),
    path("settings/sign-ons/<id:link_id>/removal", sign_on_links.removal, name="settings-sign-on-link-removal"),
    path(_SETTINGS, sign_on_settings.providers, name="settings-sign-on"),
    path(f"{_SETTINGS}/passwords", sign_on_settings.passwords, name="settings-sign-on-passwords"),
    path(f"{_SETTINGS}/new/<slug:kind>", sign_on_settings.provider_new, name="settings-sign-on-new"),
    path(f"{_SETTINGS}/<id:provider_id>", sign_on_settings.provider, name="settings-sign-on-provider"),
    path(f"{_SETTINGS}/<id:provider_id>/removal", sign_on_settings.removal, name="settings-sign-on-removal"),
]
