"""Where a conversation belongs: to which mailbox, to whom, and what it has to do with others."""

from django.urls import URLPattern, path

from postroom.faces.web import converters  # noqa: F401  (registers <id:…>)
from postroom.faces.web.views import contact, linking, mailbox_move, splitting

urlpatterns: list[URLPattern] = [
    # GET asks, POST does it, DELETE undoes it.
    path("conversations/<id:conversation_id>/mailbox", mailbox_move.mailbox_move, name="conversation-mailbox"),
    path("conversations/<id:conversation_id>/contact", contact.contact, name="conversation-contact"),
    path("conversations/<id:conversation_id>/split", splitting.splitting, name="conversation-split"),
    path("conversations/<id:conversation_id>/links", linking.links, name="conversation-links"),
    path("conversations/<id:conversation_id>/links/<id:number>", linking.one_link, name="conversation-link"),
    # What it is joined to then is merger's.
    path("conversations/<id:conversation_id>/merging", linking.merging, name="conversation-merging"),
]
