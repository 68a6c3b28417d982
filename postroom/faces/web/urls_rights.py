"""Roles, and who sees what and why."""

from django.urls import URLPattern, path

from postroom.faces.web import converters  # noqa: F401  (registers <id:…>)
from postroom.faces.web.views import mailbox_access, person_access, roles

urlpatterns: list[URLPattern] = [
    path("settings/roles", roles.roles, name="settings-roles"),
    # POST changes it, DELETE forgets it.
    path("settings/roles/<id:role_id>", roles.role, name="settings-role"),
    path("settings/people/<id:person_id>/access", person_access.page, name="settings-person-access"),
    path("settings/people/<id:person_id>/role", person_access.role, name="settings-person-role"),
    path("settings/mailboxes/<id:mailbox_id>/access", mailbox_access.page, name="settings-mailbox-access"),
]
