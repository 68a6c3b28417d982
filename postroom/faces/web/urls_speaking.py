"""Speaking with others than the customer of a conversation: beside it, first, and of it."""

from django.urls import URLPattern, path

from postroom.faces.web import converters  # noqa: F401  (registers <id:…>)
from postroom.faces.web.views import beginning, first_mail, following, forwarding

urlpatterns: list[URLPattern] = [
    path("new-conversation", beginning.beginning, name="beginning"),
    path("new-conversation/uploads", first_mail.uploads, name="beginning-uploads"),
    path("new-conversation/draft", first_mail.draft, name="beginning-draft"),
    path("new-conversation/drafts/<id:draft_id>", first_mail.one_draft, name="beginning-draft-one"),
    # POST follows, DELETE stops.
    path("conversations/<id:conversation_id>/following", following.following, name="following"),
    path("conversations/<id:conversation_id>/mentionable", following.mentionable_people, name="mentionable"),
    path("messages/<id:message_id>/forwarding", forwarding.passing_on, name="forwarding"),
    path("messages/<id:message_id>/beside", forwarding.beside, name="beside"),
]
