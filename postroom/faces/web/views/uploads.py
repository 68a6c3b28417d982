"""Files on their way into a reply or a note."""

from functools import partial

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from postroom.core.conversations.actions.check_files import check_now
from postroom.core.conversations.actions.upload import TooLarge, attach, detach
from postroom.core.conversations.models import INFECTED, Attachment, Conversation
from postroom.faces.web import files
from postroom.faces.web.access import person, signed_in
from postroom.faces.web.upload_limit import TOO_LARGE
from postroom.faces.web.visible import attachment_or_404, conversation_or_404
from postroom.faces.web.writing_answers import refused
from postroom.lib.clamd import scan


@require_POST
@signed_in
def uploads(request: HttpRequest, conversation_id: int) -> JsonResponse:
    """Keep one file (`file`; `inline=1` for an image inside the text) and say where it lies."""
    return kept(request, conversation_or_404(request, conversation_id))


def kept(request: HttpRequest, conversation: Conversation | None) -> JsonResponse:
    """As `uploads`; without a conversation it waits for the first mail of one."""
    upload = request.FILES.get("file")
    if TOO_LARGE in request.META:
        return refused(str(TooLarge(request.META[TOO_LARGE])), status=413)
    if upload is None:
        return refused(_("No file arrived. Choose it again."))
    name = upload.name or ""
    data = upload.read()
    inline = bool(request.POST.get("inline"))
    content_type = upload.content_type or ""
    if inline and files.shown_type(content_type, data) is None:
        return refused(_("%(name)s is no image that mail programs show. Attach it instead.") % {"name": name})
    try:
        file = attach(conversation, by=person(request), name=name, content_type=content_type, data=data, inline=inline)
    except OSError:
        return refused(
            _("The disk of the server would not take %(name)s. Your text is safe.") % {"name": name}, status=507
        )
    if refusal := _infected(file, data):
        return refusal
    return JsonResponse(described(file), status=201)


@require_http_methods(["DELETE"])
@signed_in
def upload(request: HttpRequest, attachment_id: int) -> JsonResponse:
    """Forget a file that has not been sent."""
    file = attachment_or_404(request, attachment_id)
    if not detach(file, by=person(request)):
        return refused(_("%(name)s is part of a message already and stays there.") % {"name": file.name}, status=409)
    return JsonResponse({"id": attachment_id})


def _infected(file: Attachment, data: bytes) -> JsonResponse | None:
    """Refuse a file in which the virus scanner finds something, and forget it. One that is away holds nobody up."""
    if not settings.POSTROOM_CLAMD:
        return None
    known = check_now(file.digest, data, scan=partial(scan, at=settings.POSTROOM_CLAMD))
    if known.state != INFECTED:
        return None
    file.delete()
    words = _("The virus scanner found %(found)s in %(name)s, so it was not attached. Your text is safe.")
    return refused(words % {"found": known.found, "name": file.name})


def described(file: Attachment) -> dict[str, str | int]:
    """Return what the composer keeps of an upload."""
    chip = files.chip(file)
    return {
        "id": chip.id,
        "name": chip.name,
        "size": chip.size,
        "url": chip.url,
        "icon": chip.icon,
        "thumbnail": chip.thumbnail,
    }
