"""Sensitive conversations: who is named, and the glass that can be broken."""

from django.urls import URLPattern, path

from postroom.faces.web import converters  # noqa: F401  (registers <id:…>)
from postroom.faces.web.views import naming, sensitive_list, sensitivity

urlpatterns: list[URLPattern] = [
    # GET: who is named; POST names them, DELETE lets everybody see it again.
    path("conversations/<id:conversation_id>/sensitivity", sensitivity.sensitivity, name="sensitivity"),
    path("settings/sensitive", sensitive_list.sensitive_list, name="settings-sensitive"),
    path("settings/sensitive/<id:number>/glass", sensitive_list.glass, name="settings-sensitive-glass"),
    path("settings/mailboxes/<id:mailbox_id>/naming", naming.naming, name="settings-mailbox-naming"),
]
