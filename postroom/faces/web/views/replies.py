"""Answer the customer."""

from collections.abc import Sequence

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from postroom.channels.mail.sizes import too_large
from postroom.core.conversations.actions.close import close
from postroom.core.conversations.actions.refusals import ConversationGone, ConversationMoved, ReplyRefused
from postroom.core.conversations.actions.reply import reply
from postroom.core.conversations.actions.sent_draft import DraftMoved
from postroom.core.conversations.actions.snooze import snooze
from postroom.core.conversations.models import Attachment, Conversation, Message
from postroom.core.conversations.moments import MomentRefused
from postroom.faces.web import words
from postroom.faces.web.access import person, signed_in
from postroom.faces.web.borrowed_images import adopted
from postroom.faces.web.drafts import moved_on
from postroom.faces.web.leaving_later import Later, read_later, undo_of
from postroom.faces.web.moved import gone_answer, moved_answer
from postroom.faces.web.rights import must_answer_here
from postroom.faces.web.verbs import next_in_list
from postroom.faces.web.visible import conversation_or_404
from postroom.faces.web.writing_answers import refused
from postroom.faces.web.writing_form import BadForm, Writing, chosen_files, read


@require_POST
@signed_in
def replies(request: HttpRequest, conversation_id: int) -> JsonResponse:
    """Queue a reply. The same `token` a second time is answered with the first result; what moved meanwhile is 409."""
    conversation = conversation_or_404(request, conversation_id)
    must_answer_here(request, conversation.mailbox_id)
    try:
        writing, later = read(request), read_later(request)
        message = _reply(request, conversation, writing, later)
    except ConversationMoved as moved:
        return moved_answer(moved, reader=person(request))
    except ConversationGone as gone:
        return gone_answer(gone)
    except DraftMoved as moved_draft:
        return moved_on(moved_draft, reader=person(request))
    except (ReplyRefused, MomentRefused) as refusal:
        return refused(str(refusal))
    except BadForm as bad:
        return refused(str(bad), missing=bad.missing)
    snoozed = later.snoozes and snooze(conversation, until=later.until, by=person(request))
    closed = writing.close and close(conversation, by=person(request))
    ahead = next_in_list(request, conversation) if writing.close or snoozed else ""
    said = _result(message, closed=closed, snoozed=snoozed, later=later)
    return JsonResponse({**said, "next": ahead}, status=201)


def _reply(request: HttpRequest, conversation: Conversation, writing: Writing, later: Later) -> Message:
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
            state=writing.state,
            anyway=writing.anyway,
            client_token=writing.token,
            send_after=later.leaves,
            cancel_if_answered=later.cancel_if_answered,
            draft=writing.draft,
        )
    except (ReplyRefused, BadForm, DraftMoved):
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


def _result(message: Message, *, closed: bool, snoozed: bool, later: Later) -> dict[str, object]:
    undo = undo_of(message, later=later)
    if undo and (closed or snoozed):
        undo["url"] = f"{undo['url']}?reopen=1"
    return {
        "conversation": message.conversation_id,
        "message": message.pk,
        "kind": "reply",
        "closed": closed,
        "said": _said(closed=closed, snoozed=snoozed, later=later),
        "undo": undo,
    }


def _said(*, closed: bool, snoozed: bool, later: Later) -> str:
    if later.leaves is not None:
        leaves, when = _("Your reply leaves %(when)s."), {"when": words.until(later.leaves)}
    else:
        leaves, when = _("Your reply leaves in %(seconds)s s."), {"seconds": str(settings.POSTROOM_UNDO_SECONDS)}
    rested = [_("Closed.")] * closed + [_("Snoozed.")] * snoozed
    return " ".join([*rested, leaves % when])
