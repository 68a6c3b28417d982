"""Answer the customer."""

from collections.abc import Sequence

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from postroom.channels.mail.sizes import too_large
from postroom.core.conversations.actions.close import close
from postroom.core.conversations.actions.refusals import ConversationMoved, ReplyRefused
from postroom.core.conversations.actions.reply import reply
from postroom.core.conversations.models import Attachment, Conversation, Message
from postroom.faces.web import words
from postroom.faces.web.access import person, signed_in
from postroom.faces.web.borrowed_images import adopted
from postroom.faces.web.rights import must_answer_here
from postroom.faces.web.verbs import next_in_list
from postroom.faces.web.visible import conversation_or_404
from postroom.faces.web.writing_answers import refused
from postroom.faces.web.writing_form import BadForm, Writing, chosen_files, read
from postroom.lib.text import snippet


@require_POST
@signed_in
def replies(request: HttpRequest, conversation_id: int) -> JsonResponse:
    """Queue a reply. The same `token` a second time is answered with the first result; what moved meanwhile is 409."""
    conversation = conversation_or_404(request, conversation_id)
    must_answer_here(request, conversation.mailbox_id)
    try:
        writing = read(request)
        message = _reply(request, conversation, writing)
    except ConversationMoved as moved:
        return refused(str(moved), status=409, kind="moved", **_newer(moved))
    except ReplyRefused as refusal:
        return refused(str(refusal))
    except BadForm as bad:
        return refused(str(bad), missing=bad.missing)
    closed = writing.close and close(conversation, by=person(request))
    ahead = next_in_list(request, conversation) if writing.close else ""
    return JsonResponse({**_result(message, closed=closed), "next": ahead}, status=201)


def _reply(request: HttpRequest, conversation: Conversation, writing: Writing) -> Message:
    by = person(request)
    if twin := first_of(writing, request=request, conversation=conversation):
        return twin
    try:
        files = chosen_files(conversation, writing, by=by)
        _refuse_too_large(conversation, writing, files)
        return reply(
            conversation,
            by=by,
            html=adopted(writing.html, request=request, conversation=conversation),
            to=writing.to,
            cc=writing.cc,
            bcc=writing.bcc,
            dropped=writing.dropped,
            attachments=files,
            seen=writing.seen,
            anyway=writing.anyway,
            client_token=writing.token,
        )
    except (ReplyRefused, BadForm):
        # The first of two clicks may have taken the files, and been stored, since we looked.
        if twin := first_of(writing, request=request, conversation=conversation):
            return twin
        raise


def _refuse_too_large(conversation: Conversation, writing: Writing, files: Sequence[Attachment]) -> None:
    """What its server will not take is said now, while the writer can leave a file out."""
    size = sum(file.size for file in files)
    if sentence := too_large(conversation.mailbox, written=len(writing.html.encode()), files=size):
        raise ReplyRefused(sentence)


def first_of(writing: Writing, *, request: HttpRequest, conversation: Conversation) -> Message | None:
    """Return the message that this very form made before, when its answer got lost or the button was hit twice."""
    if writing.token is None:
        return None
    return conversation.messages.filter(author=person(request), client_token=writing.token).first()


def _result(message: Message, *, closed: bool) -> dict[str, object]:
    seconds = settings.POSTROOM_UNDO_SECONDS
    url = reverse("sending", args=[message.pk])
    leaves = _("Closed. Your reply leaves in %(seconds)s s.") if closed else _("Your reply leaves in %(seconds)s s.")
    return {
        "conversation": message.conversation_id,
        "message": message.pk,
        "kind": "reply",
        "closed": closed,
        "said": leaves % {"seconds": seconds},
        "undo": {"url": f"{url}?reopen=1" if closed else url, "seconds": seconds} if seconds else None,
    }


def _newer(moved: ConversationMoved) -> dict[str, object]:
    return {
        "latest": moved.newer[-1].pk,
        "newer": [
            {
                "id": message.pk,
                "who": message.author.name if message.author else message.from_name or message.from_email,
                "when": words.ago(message.created_at),
                "said": snippet(message.text, length=160),
            }
            for message in moved.newer[-3:]
        ],
    }
