"""Which conversation a message belongs to."""

from django.urls import URLPattern, path

from postroom.faces.web import converters  # noqa: F401  (registers <id:…>)
from postroom.faces.web.views import evidence, joining, merger, offer, separation

urlpatterns: list[URLPattern] = [
    path("messages/<id:message_id>/evidence", evidence.evidence, name="evidence"),
    # POST does it, DELETE undoes it.
    path("messages/<id:message_id>/joining", joining.joining, name="joining"),
    path("messages/<id:message_id>/separation", separation.separation, name="separation"),
    path("messages/<id:message_id>/offer", offer.offer, name="offer"),
    path("conversations/<id:conversation_id>/merger", merger.merger, name="merger"),
]
