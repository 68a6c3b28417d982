"""Pass a mail on to a third party, and go on with them beside the conversation."""

from collections.abc import Callable, Collection

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from postroom.channels.mail.sizes import too_large
from postroom.core.conversations.actions.forward import Parcel, forward, write_beside
from postroom.core.conversations.actions.refusals import ConversationGone, ReplyRefused
from postroom.core.conversations.actions.sent_before import sent_before
from postroom.core.conversations.actions.sent_draft import DraftMoved
from postroom.core.conversations.models import Message, SideThread
from postroom.core.conversations.models.message import NOTE
from postroom.core.conversations.moments import MomentRefused
from postroom.faces.web import words
from postroom.faces.web.access import person, signed_in
from postroom.faces.web.borrowed_images import adopted
from postroom.faces.web.drafts import moved_on
from postroom.faces.web.leaving_later import Later, read_later, undo_of
from postroom.faces.web.moved import gone_answer
from postroom.faces.web.rights import must_answer_here
from postroom.faces.web.visible import message_or_404
from postroom.faces.web.writing_answers import refused
from postroom.faces.web.writing_beside import answering, forwarding
from postroom.faces.web.writing_form import BadForm, Writing, chosen_files, numbers, read


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def passing_on(request: HttpRequest, message_id: int) -> HttpResponseBase:
    """GET gives the form that passes this mail on; POST does it. The same `token` a second time finds the first."""
    message = _message(request, message_id)
    if request.method != "POST":
        return _form(request, message, forwarding(message, by=person(request)))

    def send(writing: Writing, later: Later) -> Message:
        only = numbers(request.POST.getlist("files"))
        parcel = _parcel_fits(message, _parcel(request, message, writing, later), along=only)
        return forward(message, parcel, by=person(request), subject=request.POST.get("subject", ""), only=only)

    return _sent(request, send)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def beside(request: HttpRequest, message_id: int) -> HttpResponseBase:
    """GET gives the form that answers this mail of a side thread; POST sends it."""
    message = _message(request, message_id)
    side = SideThread.objects.filter(pk=message.side_thread_id or 0).select_related("conversation__mailbox").first()
    if side is None:
        raise Http404
    if request.method != "POST":
        return _form(request, message, answering(message, side, by=person(request)))

    def send(writing: Writing, later: Later) -> Message:
        parcel = _parcel_fits(message, _parcel(request, message, writing, later))
        return write_beside(side, parcel, by=person(request), about=message.pk)

    return _sent(request, send)


def _message(request: HttpRequest, message_id: int) -> Message:
    message = message_or_404(request, message_id)
    must_answer_here(request, message.conversation.mailbox_id)
    if message.kind == NOTE:
        raise Http404
    return message


def _form(request: HttpRequest, message: Message, form: object) -> HttpResponse:
    context = {"message": message, "conversation": message.conversation, "form": form, "me": person(request)}
    return render(request, "_beside_form.html", context)


def _parcel(request: HttpRequest, message: Message, writing: Writing, later: Later) -> Parcel:
    conversation = message.conversation
    return Parcel(
        html=adopted(writing.html, request=request, conversation=conversation),
        to=writing.to or [],
        cc=writing.cc,
        bcc=writing.bcc,
        files=chosen_files(conversation, writing, by=person(request)),
        client_token=writing.token,
        send_after=later.leaves,
        cancel_if_answered=later.cancel_if_answered,
        draft=writing.draft,
    )


def _parcel_fits(message: Message, parcel: Parcel, *, along: Collection[int] = ()) -> Parcel:
    """What its server will not take is said now, while the writer can leave a file out."""
    files = sum(file.size for file in parcel.files)
    files += sum(message.attachments.filter(pk__in=along).values_list("size", flat=True))
    if sentence := too_large(message.conversation.mailbox, written=len(parcel.html.encode()), files=files):
        raise ReplyRefused(sentence)
    return parcel


def _sent(request: HttpRequest, send: Callable[[Writing, Later], Message]) -> JsonResponse:
    try:
        later = read_later(request)
        message = _once(request, send, later)
    except ConversationGone as gone:
        return gone_answer(gone)
    except DraftMoved as moved:
        return moved_on(moved, reader=person(request))
    except (ReplyRefused, MomentRefused) as refusal:
        return refused(str(refusal))
    except BadForm as bad:
        return refused(str(bad), missing=bad.missing)
    return JsonResponse(
        {
            "conversation": message.conversation_id,
            "message": message.pk,
            "kind": "beside",
            "said": _said(message, later),
            "undo": undo_of(message, later=later),
        },
        status=201,
    )


def _once(request: HttpRequest, send: Callable[[Writing, Later], Message], later: Later) -> Message:
    writing = read(request)
    try:
        return send(writing, later)
    except (ReplyRefused, BadForm, DraftMoved):
        # The first of two clicks may have taken the files, and ended the draft.
        if twin := sent_before(writing.token, by=person(request)):
            return twin
        raise


def _said(message: Message, later: Later) -> str:
    names = ", ".join(one["name"] or one["email"] for one in message.to[:3])
    if later.leaves is not None:
        return _("Your mail to %(names)s leaves %(when)s.") % {"names": names, "when": words.until(later.leaves)}
    seconds = settings.POSTROOM_UNDO_SECONDS
    return _("Your mail to %(names)s leaves in %(seconds)s s.") % {"names": names, "seconds": seconds}
