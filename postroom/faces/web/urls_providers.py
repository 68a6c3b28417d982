"""Signing in at a mail provider."""

from django.urls import URLPattern, path

from postroom.faces.web import converters  # noqa: F401  (registers <id:…>)
from postroom.faces.web.views import mail_providers, mail_sign_in

urlpatterns: list[URLPattern] = [
    path("settings/mail-providers", mail_providers.providers, name="settings-mail-providers"),
    path("settings/mail-providers/<id:client_id>", mail_providers.provider, name="settings-mail-provider"),
    path(
        "settings/mail-providers/<id:client_id>/removal", mail_providers.removal, name="settings-mail-provider-removal"
    ),
    path("settings/mail-providers/back", mail_sign_in.back, name="mail-sign-in-back"),
    path("settings/mailboxes/<id:mailbox_id>/sign-in", mail_sign_in.begin, name="settings-mailbox-sign-in"),
]
