"""How a mailbox's replies leave."""

from django.urls import URLPattern, path

from postroom.faces.web import converters  # noqa: F401  (registers <id:…>)
from postroom.faces.web.views import sending_settings as views

_MAILBOX = "settings/mailboxes/<id:mailbox_id>"

urlpatterns: list[URLPattern] = [
    path(f"{_MAILBOX}/sending", views.sending, name="settings-mailbox-sending"),
    path(f"{_MAILBOX}/spare", views.spare, name="settings-mailbox-spare"),
    path(f"{_MAILBOX}/spare/test", views.test_spare, name="settings-mailbox-spare-test"),
    path(f"{_MAILBOX}/signing", views.signing, name="settings-mailbox-signing"),
    path(f"{_MAILBOX}/deliverability", views.deliverability, name="settings-mailbox-deliverability"),
    path(f"{_MAILBOX}/deliverability/findings", views.findings, name="settings-mailbox-findings"),
]
