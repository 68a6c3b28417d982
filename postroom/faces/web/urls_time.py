"""What waits for a moment, and what is thrown away."""

from django.urls import URLPattern, path

from postroom.faces.web import converters  # noqa: F401  (registers <id:…>)
from postroom.faces.web.views import trash

urlpatterns: list[URLPattern] = [
    # POST does it, DELETE undoes it.
    path("conversations/<id:conversation_id>/trash", trash.trashing, name="trash"),
]
