"""What waits for a moment, and what is thrown away."""

from django.urls import URLPattern, path

from postroom.faces.web import converters  # noqa: F401  (registers <id:…>)
from postroom.faces.web.views import note, scheduled, snooze, trash

urlpatterns: list[URLPattern] = [
    # POST does it, DELETE undoes it.
    path("conversations/<id:conversation_id>/trash", trash.trashing, name="trash"),
    path("trash", trash.bins, name="trash-bins"),
    path("trash/<id:mailbox_id>/rule", trash.rule, name="trash-rule"),
    path("trash/<id:mailbox_id>/emptying", trash.emptying, name="trash-emptying"),
    path("conversations/<id:conversation_id>/snooze", snooze.snoozing, name="snooze"),
    path("scheduled", scheduled.replies, name="scheduled"),
    path("messages/<id:message_id>/schedule", scheduled.scheduling, name="scheduling"),
    path("messages/<id:message_id>/note", note.note, name="note"),
    path("messages/<id:message_id>/versions", note.versions, name="note-versions"),
]
