"""Working together on one conversation: who is there, what is being written, and who takes over."""

from django.urls import URLPattern, path

from postroom.faces.web import converters  # noqa: F401  (registers <id:…>)
from postroom.faces.web.views import absence, drafts, presence, recipients

urlpatterns: list[URLPattern] = [
    path("conversations/<id:conversation_id>/presence", presence.presence, name="presence"),
    path("conversations/<id:conversation_id>/recipients", recipients.recipients, name="recipients"),
    path("conversations/<id:conversation_id>/draft", drafts.draft, name="draft"),
    path("conversations/<id:conversation_id>/drafts", drafts.drafts, name="drafts"),
    path("conversations/<id:conversation_id>/drafts/<id:draft_id>", drafts.one_draft, name="draft-one"),
    path("conversations/<id:conversation_id>/drafts/<id:draft_id>/sharing", drafts.sharing, name="draft-sharing"),
    path("conversations/<id:conversation_id>/drafts/<id:draft_id>/holder", drafts.holder, name="draft-holder"),
    path("conversations/<id:conversation_id>/drafts/<id:draft_id>/comments", drafts.comments, name="draft-comments"),
    path("settings/absence", absence.absence, name="settings-absence"),
    path("faces", presence.faces, name="faces"),
]
