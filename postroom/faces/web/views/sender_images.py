"""Whether images from outside are shown at once in the mails of one sender."""

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from postroom.core.conversations.actions.trust_images import distrust_images, trust_images
from postroom.faces.web.access import person, signed_in
from postroom.faces.web.rights import must_answer_here
from postroom.faces.web.verbs import Undo, asks, triggered
from postroom.faces.web.visible import message_or_404


@require_http_methods(["POST", "DELETE"])
@signed_in
def sender_images(request: HttpRequest, message_id: int) -> HttpResponseBase:
    """POST shows them from now on, DELETE asks each time again; for the whole team of the mailbox."""
    message = message_or_404(request, message_id)
    must_answer_here(request, message.conversation.mailbox_id)
    here = reverse("sender-images", args=[message.pk])
    if asks(request) == "POST":
        done = trust_images(message, by=person(request))
        sentence, undo = _("Images from %(sender)s are shown from now on."), Undo("DELETE", here)
    else:
        done = distrust_images(message, by=person(request))
        sentence, undo = _("Images from %(sender)s wait to be asked for again."), Undo("POST", here)
    hint: dict[str, object] = {
        "kind": "images.here", "conversation": message.conversation_id, "mailbox": message.conversation.mailbox_id
    }  # fmt: skip
    said = sentence % {"sender": message.from_email} if done else ""
    return triggered(HttpResponse(status=204), hint=hint, sentence=said, undo=undo if done else None)
