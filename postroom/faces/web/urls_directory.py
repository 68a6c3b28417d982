"""The directory that keeps our people: its address and its tokens."""

from django.urls import URLPattern, path

from postroom.faces.web import converters  # noqa: F401  (registers <id:…>)
from postroom.faces.web.views import directory

urlpatterns: list[URLPattern] = [
    path("settings/security/directory", directory.directory, name="settings-directory"),
    path("settings/security/directory/<id:token_id>/end", directory.end, name="settings-directory-end"),
]
