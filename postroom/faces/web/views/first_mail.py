"""What somebody writes before there is a conversation: it saves itself, and its files wait on the server."""

from collections.abc import Sequence

from django.http import Http404, HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from postroom.core.accounts.models import Mailbox
from postroom.core.conversations.actions.drafts import discard_draft, save_first_mail
from postroom.core.conversations.actions.sent_draft import DraftMoved
from postroom.core.conversations.drafts import FIRST, first_mail_of
from postroom.faces.web.access import person, signed_in
from postroom.faces.web.drafts import described, moved_on, read_words
from postroom.faces.web.fragments import small_number
from postroom.faces.web.rights import answered_mailboxes
from postroom.faces.web.views.uploads import kept
from postroom.faces.web.writing_answers import refused
from postroom.faces.web.writing_form import BadForm


@require_POST
@signed_in
def uploads(request: HttpRequest) -> JsonResponse:
    """Keep one file for it, as for a reply."""
    _mailboxes_or_404(request)
    return kept(request, None)


@require_POST
@signed_in
def draft(request: HttpRequest) -> JsonResponse:
    """Save what is written: `draft` and `version` say which, none a new one; `mailbox` is whose it will be."""
    mailboxes, me = _mailboxes_or_404(request), person(request)
    wanted, form = small_number(request.POST.get("mailbox")), request.POST
    mailbox = next((one for one in mailboxes if one.pk == wanted), None)
    if mailbox is None or "html" not in form:
        return refused(_("You cannot write from this mailbox. Your draft is safe. Choose another one."))
    number, version = small_number(form.get("draft")), small_number(form.get("version"))
    try:
        saved = save_first_mail(
            mailbox, by=me, words=read_words(request, modes=(FIRST,)), draft=number or None, version=version
        )
    except DraftMoved as moved:
        return moved_on(moved, reader=me)
    except BadForm as bad:
        return refused(str(bad))
    return JsonResponse({"draft": saved.pk, "version": saved.version, "shared": False}, status=201)


@require_http_methods(["GET", "HEAD", "DELETE"])
@signed_in
def one_draft(request: HttpRequest, draft_id: int) -> JsonResponse:
    """Return one's own for the composer to go on with, or discard it."""
    found = first_mail_of(person(request))
    if found is None or found.pk != draft_id:
        raise Http404
    if request.method == "DELETE":
        discard_draft(found, by=person(request))
        return JsonResponse({"draft": draft_id})
    return JsonResponse(described(found, reader=person(request)))


def _mailboxes_or_404(request: HttpRequest) -> Sequence[Mailbox]:
    mailboxes = answered_mailboxes(request)
    if not mailboxes:
        raise Http404
    return mailboxes
