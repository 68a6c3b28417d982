"""A reply on its way out: take it back, or try again."""

import json
from urllib.parse import unquote

from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from postroom.core.accounts.models import User
from postroom.core.conversations.actions.close import reopen
from postroom.core.conversations.actions.refusals import AlreadySent
from postroom.core.conversations.actions.reuse import reuse
from postroom.core.conversations.actions.send_again import HasIt, send_again_to
from postroom.core.conversations.actions.unsend import retry, unsend
from postroom.core.conversations.models import Message
from postroom.faces.web import files
from postroom.faces.web.access import person, signed_in
from postroom.faces.web.rights import must_answer_here
from postroom.faces.web.views.uploads import described
from postroom.faces.web.visible import message_or_404
from postroom.faces.web.writing_answers import refused
from postroom.faces.web.writing_beside import own_files, taken_back
from postroom.lib.html import rewrite_images


@require_http_methods(["POST", "DELETE"])
@signed_in
def sending(request: HttpRequest, message_id: int) -> JsonResponse:
    """DELETE takes the reply back and returns its draft; POST asks for another try.

    With addresses in `to`, the try is for those alone who did not get what the others have.
    """
    message = message_or_404(request, message_id)
    must_answer_here(request, message.conversation.mailbox_id)
    if request.method == "POST" and (emails := request.POST.getlist("to")):
        return _to_them(request, message, emails)
    return _take_back(request, message) if request.method == "DELETE" else _try_again(request, message)


def _take_back(request: HttpRequest, message: Message) -> JsonResponse:
    """Asked for twice, it gives the draft twice: the first answer may have been lost on its way."""
    by = person(request)
    try:
        if unsend(message, by=by) and request.GET.get("reopen") == "1":
            # It was sent and closed in one go, so both are taken back.
            reopen(message.conversation, by=by)
    except AlreadySent as late:
        return _too_late(str(late))
    answer: dict[str, object] = {"conversation": message.conversation_id, "message": message.pk, "person": by.pk}
    answer["address"] = reverse("conversation", args=[message.conversation_id])
    draft = _draft(message, by=by)
    # What was for a third party goes back into a form for them, never into a reply to the customer.
    if (beside := taken_back(message, draft)) is not None:
        return _hinted(JsonResponse({**answer, "beside": beside}), message)
    return _hinted(JsonResponse({**answer, "draft": draft}), message)


def _try_again(request: HttpRequest, message: Message) -> JsonResponse:
    if not retry(message, by=person(request)):
        return _too_late(_("This reply does not wait for another try."))
    return _hinted(JsonResponse({"conversation": message.conversation_id, "message": message.pk}), message)


def _to_them(request: HttpRequest, message: Message, emails: list[str]) -> JsonResponse:
    try:
        going = send_again_to(message, emails, by=person(request))
    except HasIt as has_it:
        return _too_late(str(has_it))
    if not going:
        return _too_late(_("This reply does not wait for another try."))
    return _hinted(JsonResponse({"conversation": message.conversation_id, "message": message.pk}), message)


def _draft(message: Message, *, by: User) -> dict[str, object]:
    """Return what the composer needs to go on writing; the files are this person's waiting uploads again."""
    copies = [
        (file, reuse(file, conversation=message.conversation, by=by, inline=file.inline)) for file in own_files(message)
    ]
    shown = {file.content_id: files.address(copy) for file, copy in copies if file.content_id}
    return {
        "html": rewrite_images(message.untrusted_html, lambda source: shown.get(unquote(source.removeprefix("cid:")))),
        "to": message.to,
        "cc": message.cc,
        "bcc": message.bcc,
        "files": [described(copy) for _file, copy in copies if not copy.inline],
        "seen": message.pk,
    }


def _too_late(sentence: str) -> JsonResponse:
    answer = refused(sentence, status=409, kind="late")
    answer["HX-Trigger"] = json.dumps({"postroom:toast": {"text": sentence, "undo": None, "kind": "danger"}})
    return answer


def _hinted(answer: JsonResponse, message: Message) -> JsonResponse:
    """Let the page that asked show the message again at once, as its live stream will tell all others."""
    hint = {
        "kind": "here",
        "conversation": message.conversation_id,
        "mailbox": message.conversation.mailbox_id,
        "message": message.pk,
    }
    answer["HX-Trigger"] = json.dumps({"postroom:hint": hint})
    return answer
