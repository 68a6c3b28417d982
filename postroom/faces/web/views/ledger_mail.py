"""One mail of the ledger: its state, what it says, the bytes it came as, and what a person can do with it."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from postroom.channels.mail.actions.file_by_hand import NotForHands, file_by_hand, take_back
from postroom.channels.mail.actions.retry import retry
from postroom.channels.mail.models import IncomingMail
from postroom.core.conversations.models import Conversation
from postroom.core.storage import blobs
from postroom.faces.web import ledger_lines, shell
from postroom.faces.web.access import person, signed_in
from postroom.faces.web.fragments import small_number
from postroom.faces.web.readings import ledger_mail_read
from postroom.faces.web.rights import must_answer_here
from postroom.faces.web.verbs import asks
from postroom.faces.web.views.attachments import download, stored
from postroom.faces.web.views.ledger import ledger_mail_or_404
from postroom.lib.blobs import BlobMissing

# More of a mail nobody reads on a page; all of it is a download.
_SHOWN = 128 * 1024


@require_safe
@signed_in
def mail(request: HttpRequest, mailbox_id: int, ledger_id: int) -> HttpResponse:
    """Show the mail as it came, as text in which nothing runs."""
    found = ledger_mail_or_404(request, mailbox_id, ledger_id)
    ledger_mail_read(request, found.pk, mailbox_id=mailbox_id)
    return _show(request, found)


@require_safe
@signed_in
def raw(request: HttpRequest, mailbox_id: int, ledger_id: int) -> HttpResponse:
    """Return the mail byte for byte, as a file that mail programs open."""
    found = ledger_mail_or_404(request, mailbox_id, ledger_id)
    ledger_mail_read(request, found.pk, mailbox_id=mailbox_id)
    return download(stored(found.digest), name=f"mail-{found.pk}.eml", content_type="message/rfc822")


@require_POST
@signed_in
def reading(request: HttpRequest, mailbox_id: int, ledger_id: int) -> HttpResponse:
    """Let the worker read it again."""
    found = ledger_mail_or_404(request, mailbox_id, ledger_id)
    must_answer_here(request, mailbox_id)
    retry(found, by=person(request))
    return _back(found)


@require_http_methods(["POST", "DELETE"])
@signed_in
def conversation(request: HttpRequest, mailbox_id: int, ledger_id: int) -> HttpResponse:
    """File it by hand, in the conversation that was named or in a new one; or put it aside again."""
    found = ledger_mail_or_404(request, mailbox_id, ledger_id)
    must_answer_here(request, mailbox_id)
    try:
        if asks(request) == "DELETE":
            take_back(found, by=person(request))
            return _back(found)
        message = file_by_hand(found, conversation=_named(request), by=person(request))
    except NotForHands as refusal:
        return _show(request, found, refused=str(refusal), status=409)
    except _NoSuchConversation:
        return _show(request, found, unknown=request.POST.get("number", "")[:40], status=422)
    return HttpResponseRedirect(reverse("conversation", args=[message.conversation_id]))


class _NoSuchConversation(Exception):
    pass


def _named(request: HttpRequest) -> Conversation | None:
    typed = request.POST.get("number", "").strip().lstrip("#")
    if not typed:
        return None
    visible = Conversation.objects.visible_to(person(request)).select_related("mailbox")
    found = visible.filter(pk=small_number(typed)).first()
    if found is None:
        raise _NoSuchConversation
    return found


def _show(
    request: HttpRequest, found: IncomingMail, *, refused: str = "", unknown: str = "", status: int = 200
) -> HttpResponse:
    (line,) = ledger_lines.lines([found], user=person(request))
    original = ledger_lines.lines([found.duplicate_of], user=person(request)) if found.duplicate_of else []
    context = {
        "mailbox": found.mailbox,
        "line": line,
        "original": original[0] if original else None,
        "text": _text(found),
        "cut": found.size > _SHOWN,
        "refused": refused,
        "unknown": unknown,
    }
    return shell.page(request, "ledger_mail.html", context, status=status)


def _text(found: IncomingMail) -> str | None:
    """Return the beginning of the bytes as text; None when they are gone."""
    try:
        return blobs().head(found.digest, octets=_SHOWN).decode("utf-8", "replace").replace("\x00", "\ufffd")
    except BlobMissing:
        return None


def _back(found: IncomingMail) -> HttpResponse:
    return HttpResponseRedirect(reverse("ledger-mail", args=[found.mailbox_id, found.pk]))
