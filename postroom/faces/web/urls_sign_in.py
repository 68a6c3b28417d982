"""Signing in with more than a password, and what for."""

from django.urls import URLPattern, path
from django.views.generic import RedirectView

from postroom.faces.web import converters  # noqa: F401  (registers <id:…>)
from postroom.faces.web.signing_in import again, colleagues, own_factors, second_step, with_passkey

_OWN = "settings/second-factor"

urlpatterns: list[URLPattern] = [
    path("sign-in/passkey", with_passkey.passkey, name="sign-in-passkey"),
    path("sign-in/passkey/options", with_passkey.passkey_options, name="sign-in-passkey-options"),
    path("sign-in/second-factor", second_step.second_step, name="sign-in-second-factor"),
    path("sign-in/second-factor/passkey", second_step.passkey, name="sign-in-second-factor-passkey"),
    path("sign-in/second-factor/options", second_step.passkey_options, name="sign-in-second-factor-options"),
    path("sign-in/again", again.again, name="sign-in-again"),
    path("sign-in/again/options", again.passkey_options, name="sign-in-again-options"),
    # Where allauth sends whomever it did not recognise.
    path("sign-in/other", RedirectView.as_view(pattern_name="sign-in"), name="account_login"),
    path(_OWN, own_factors.second_factor, name="settings-second-factor"),
    path(f"{_OWN}/app", own_factors.app, name="settings-second-factor-app"),
    path(f"{_OWN}/app/removal", own_factors.app_removal, name="settings-second-factor-app-removal"),
    path(f"{_OWN}/codes", own_factors.codes, name="settings-second-factor-codes"),
    path(f"{_OWN}/passkeys", own_factors.passkey_adding, name="settings-second-factor-passkeys"),
    path(f"{_OWN}/passkeys/options", own_factors.passkey_options, name="settings-second-factor-passkey-options"),
    path(f"{_OWN}/passkeys/<id:passkey_id>", own_factors.passkey_naming, name="settings-second-factor-passkey"),
    path(
        f"{_OWN}/passkeys/<id:passkey_id>/removal",
        own_factors.passkey_removal,
        name="settings-second-factor-passkey-removal",
    ),
    path("settings/people/<id:person_id>/second-factor", colleagues.reset, name="settings-person-second-factor"),
]
