"""Say something to colleagues."""

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_POST

from postroom.core.conversations.actions.note import add_note
from postroom.core.conversations.actions.refusals import ConversationGone, ReplyRefused
from postroom.core.conversations.actions.sent_draft import DraftMoved
from postroom.core.conversations.allowed import refuse_unless_noting
from postroom.core.conversations.models import Conversation, Message
from postroom.faces.web.access import person, signed_in
from postroom.faces.web.borrowed_images import adopted
from postroom.faces.web.drafts import moved_on
from postroom.faces.web.moved import gone_answer
from postroom.faces.web.rights import rights_here
from postroom.faces.web.views.replies import first_of
from postroom.faces.web.visible import conversation_or_404
from postroom.faces.web.writing_answers import refused
from postroom.faces.web.writing_form import BadForm, Writing, chosen_files, read


@require_POST
@signed_in
def notes(request: HttpRequest, conversation_id: int) -> JsonResponse:
    """Add a note. The same `token` a second time is answered with the first result."""
    conversation = conversation_or_404(request, conversation_id)
    refuse_unless_noting(rights_here(request, conversation.mailbox_id))
    try:
        message = _note(request, conversation, read(request))
    except ConversationGone as gone:
        return gone_answer(gone)
    except DraftMoved as moved:
        return moved_on(moved, reader=person(request))
    except ReplyRefused as refusal:
        return refused(str(refusal))
    except BadForm as bad:
        return refused(str(bad), missing=bad.missing)
    result = {"conversation": conversation.pk, "message": message.pk, "kind": "note", "closed": False, "undo": None}
    return JsonResponse(result, status=201)


def _note(request: HttpRequest, conversation: Conversation, writing: Writing) -> Message:
    by = person(request)
    if twin := first_of(writing, request=request, conversation=conversation):
        return twin
    try:
        return add_note(
            conversation,
            by=by,
            html=adopted(writing.html, request=request, conversation=conversation),
            attachments=chosen_files(conversation, writing, by=by),
            client_token=writing.token,
            draft=writing.draft,
        )
    except (ReplyRefused, BadForm, DraftMoved):
        if twin := first_of(writing, request=request, conversation=conversation):
            return twin
        raise
