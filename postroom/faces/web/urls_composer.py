"""Writing: replies, notes, uploads, and the bodies of messages."""

from django.urls import URLPattern, path

from postroom.faces.web import converters  # noqa: F401  (registers <id:…>)
from postroom.faces.web.views import attachments, message_html, notes, raw, replies, sendings, uploads

urlpatterns: list[URLPattern] = [
    path("conversations/<id:conversation_id>/replies", replies.replies, name="replies"),
    path("conversations/<id:conversation_id>/notes", notes.notes, name="notes"),
    path("conversations/<id:conversation_id>/uploads", uploads.uploads, name="uploads"),
    path("uploads/<id:attachment_id>", uploads.upload, name="upload"),
    path("messages/<id:message_id>/sending", sendings.sending, name="sending"),
    path("messages/<id:message_id>/html", message_html.message_html, name="message-html"),
    path("messages/<id:message_id>/raw", raw.raw, name="message-raw"),
    path("attachments/<id:attachment_id>", attachments.attachment, name="attachment"),
    path("attachments/<id:attachment_id>/<path:name>", attachments.attachment, name="attachment-named"),
]
