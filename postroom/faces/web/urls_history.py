"""A mailbox's history: what is brought in, and everything out."""

from django.urls import URLPattern, path

from postroom.faces.web import converters  # noqa: F401  (registers <id:…>)
from postroom.faces.web.views import history, history_brought

_HISTORY = "settings/mailboxes/<id:mailbox_id>/history"

urlpatterns: list[URLPattern] = [
    path(_HISTORY, history.history, name="settings-mailbox-history"),
    path(f"{_HISTORY}/upload", history_brought.upload, name="settings-mailbox-history-upload"),
    path(f"{_HISTORY}/account", history_brought.account, name="settings-mailbox-history-account"),
    path(f"{_HISTORY}/account/test", history_brought.test_account, name="settings-mailbox-history-account-test"),
    path(f"{_HISTORY}/everything.<str:name>", history.everything, name="settings-mailbox-history-everything"),
    # GET: how far it is; DELETE drops it.
    path(f"{_HISTORY}/<id:history_id>", history.one, name="settings-mailbox-history-one"),
    # POST takes in or goes on, DELETE pauses.
    path(f"{_HISTORY}/<id:history_id>/taking", history.taking, name="settings-mailbox-history-taking"),
]
