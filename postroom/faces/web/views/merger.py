"""Two conversations as one: POST joins one to another, DELETE parts them again."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from postroom.core.conversations.actions.merge import merge, unmerge
from postroom.core.conversations.actions.moving import MoveRefused
from postroom.faces.web.access import person, signed_in
from postroom.faces.web.message_verbs import Moved, NoSuchConversation, moved, wanted_conversation
from postroom.faces.web.rights import must_answer_here
from postroom.faces.web.verbs import Undo, asks, refused
from postroom.faces.web.visible import conversation_or_404


@require_http_methods(["POST", "DELETE"])
@signed_in
def merger(request: HttpRequest, conversation_id: int) -> HttpResponseBase:
    """Move all messages to the conversation of the number `into`, or give them back."""
    conversation = conversation_or_404(request, conversation_id)
    must_answer_here(request, conversation.mailbox_id)
    try:
        if asks(request) == "DELETE":
            back = unmerge(conversation, by=person(request))
            return moved(request, Moved(back, _("#%(number)s is on its own again.") % {"number": back.pk}))
        target = merge(conversation, into=wanted_conversation(request), by=person(request))
    except MoveRefused as refusal:
        return refused(request, str(refusal))
    except NoSuchConversation as missing:
        return refused(request, str(missing), status=404)
    words = {"number": target.pk, "other": conversation.pk}
    undo = Undo("DELETE", reverse("merger", args=[conversation.pk]))
    return moved(request, Moved(target, _("#%(other)s is part of #%(number)s now.") % words, undo))
