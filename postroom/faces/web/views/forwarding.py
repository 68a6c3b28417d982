"""Pass a mail on to a third party, and go on with them beside the conversation."""

from collections.abc import Callable, Collection

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from postroom.channels.mail.sizes import too_large
from postroom.core.conversations.actions.forward import Parcel, forward, write_beside
from postroom.core.conversations.actions.refusals import ConversationGone, ReplyRefused
from postroom.core.conversations.models import Message, SideThread
from postroom.core.conversations.models.message import NOTE
from postroom.faces.web.access import person, signed_in
from postroom.faces.web.borrowed_images import adopted
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

    def send(writing: Writing) -> Message:
        only = numbers(request.POST.getlist("files"))
        parcel = _parcel_fits(message, _parcel(request, message, writing), along=only)
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

    def send(writing: Writing) -> Message:
        return write_beside(side, _parcel_fits(message, _parcel(request, message, writing)), by=person(request))

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


def _parcel(request: HttpRequest, message: Message, writing: Writing) -> Parcel:
    conversation = message.conversation
    return Parcel(
        html=adopted(writing.html, request=request, conversation=conversation),
        to=writing.to or [],
        cc=writing.cc,
        bcc=writing.bcc,
        files=chosen_files(conversation, writing, by=person(request)),
        client_token=writing.token,
    )


def _parcel_fits(message: Message, parcel: Parcel, *, along: Collection[int] = ()) -> Parcel:
    """What its server will not take is said now, while the writer can leave a file out."""
    files = sum(file.size for file in parcel.files)
    files += sum(message.attachments.filter(pk__in=along).values_list("size", flat=True))
    if sentence := too_large(message.conversation.mailbox, written=len(parcel.html.encode()), files=files):
        raise ReplyRefused(sentence)
    return parcel


def _sent(request: HttpRequest, send: Callable[[Writing], Message]) -> JsonResponse:
    try:
        message = send(read(request))
    except ConversationGone as gone:
        return refused(str(gone), status=409)
    except ReplyRefused as refusal:
        return refused(str(refusal))
    except BadForm as bad:
        return refused(str(bad), missing=bad.missing)
    seconds = settings.POSTROOM_UNDO_SECONDS
    names = ", ".join(one["name"] or one["email"] for one in message.to[:3])
    return JsonResponse(
        {
            "conversation": message.conversation_id,
            "message": message.pk,
            "kind": "beside",
            "said": _("Your mail to %(names)s leaves in %(seconds)s s.") % {"names": names, "seconds": seconds},
            "undo": {"url": reverse("sending", args=[message.pk]), "seconds": seconds} if seconds else None,
        },
        status=201,
    )
