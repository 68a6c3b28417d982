"""Working together on one conversation: who is there, what is being written, and who takes over."""

from django.urls import URLPattern, path

from postroom.faces.web import converters  # noqa: F401  (registers <id:…>)
from postroom.faces.web.views import presence

urlpatterns: list[URLPattern] = [
    path("conversations/<id:conversation_id>/presence", presence.presence, name="presence"),
    path("faces", presence.faces, name="faces"),
]
