"""The inbox: folders, conversations and what is done to them."""

from django.urls import URLPattern, path

from postroom.faces.web import converters  # noqa: F401  (registers <id:…>)
from postroom.faces.web.views import (
    assignment,
    closure,
    conversations,
    folders,
    notifications,
    pending,
    priority,
    reading,
    spam,
    tags,
)

urlpatterns: list[URLPattern] = [
    path("", folders.home, name="home"),
    path("sidebar", folders.sidebar, name="sidebar"),
    path("notifications", notifications.notifications, name="notifications"),
    path("folders/<str:name>", folders.folder, name="folder"),
    path("folders/<str:name>/rows", folders.rows, name="folder-rows"),
    path("mailboxes/<id:mailbox_id>/<str:name>", folders.folder, name="mailbox-folder"),
    path("mailboxes/<id:mailbox_id>/<str:name>/rows", folders.rows, name="mailbox-folder-rows"),
    path("conversations/<id:conversation_id>", conversations.page, name="conversation"),
    path("conversations/<id:conversation_id>/head", conversations.head, name="conversation-head"),
    path("conversations/<id:conversation_id>/panel", conversations.panel, name="conversation-panel"),
    path("conversations/<id:conversation_id>/messages", conversations.messages, name="conversation-messages"),
    path("messages/<id:message_id>", conversations.message, name="message"),
    # POST does it, DELETE undoes it.
    path("conversations/<id:conversation_id>/closure", closure.closure, name="closure"),
    path("conversations/<id:conversation_id>/pending", pending.pending, name="pending"),
    path("conversations/<id:conversation_id>/spam", spam.spam, name="spam"),
    path("conversations/<id:conversation_id>/assignment", assignment.assignment, name="assignment"),
    path("conversations/<id:conversation_id>/tags", tags.tags, name="tags"),
    path("conversations/<id:conversation_id>/tags/<path:name>", tags.one_tag, name="tag"),
    path("conversations/<id:conversation_id>/priority", priority.priority, name="priority"),
    path("conversations/<id:conversation_id>/reading", reading.reading, name="reading"),
]
