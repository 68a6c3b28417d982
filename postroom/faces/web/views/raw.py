"""The original mail, byte for byte."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from postroom.faces.web.access import signed_in
from postroom.faces.web.locked_files import locked
from postroom.faces.web.readings import raw_mail_read
from postroom.faces.web.views.attachments import download, stored
from postroom.faces.web.visible import message_or_404


@require_safe
@signed_in
def raw(request: HttpRequest, message_id: int) -> HttpResponse:
    """Return the mail as it came, as a file that mail programs open."""
    message = message_or_404(request, message_id)
    if not message.raw_digest:
        raise Http404
    if refusal := locked(request, message.attachments.values_list("digest", flat=True)):
        return refusal
    raw_mail_read(request, message)
    name = f"conversation-{message.conversation_id}-message-{message.pk}.eml"
    return download(stored(message.raw_digest), name=name, content_type="message/rfc822")
