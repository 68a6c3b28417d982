"""What is fetched from a mailbox's account."""

from django.urls import URLPattern, path

from postroom.faces.web import converters  # noqa: F401  (registers <id:…>)
from postroom.faces.web.views import fetching

_MAILBOX = "settings/mailboxes/<id:mailbox_id>"

urlpatterns: list[URLPattern] = [
    path(f"{_MAILBOX}/fetching", fetching.fetching, name="settings-mailbox-fetching"),
    path(f"{_MAILBOX}/fetching/folders", fetching.folders, name="settings-mailbox-folders"),
    path(f"{_MAILBOX}/fetching/again", fetching.again, name="settings-mailbox-fetch-again"),
]
