"""Begin a conversation by writing first."""

from collections.abc import Sequence

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from postroom.channels.mail.sizes import too_large
from postroom.core.accounts.models import Mailbox
from postroom.core.conversations.actions.begin import FirstMail, begin
from postroom.core.conversations.actions.refusals import ReplyRefused
from postroom.core.conversations.actions.sent_before import sent_before
from postroom.core.conversations.actions.sent_draft import DraftMoved
from postroom.core.conversations.drafts import FIRST, first_mail_of
from postroom.core.conversations.models import Message
from postroom.core.conversations.moments import MomentRefused
from postroom.faces.web import shell, words
from postroom.faces.web.access import person, signed_in
from postroom.faces.web.borrowed_images import adopted
from postroom.faces.web.drafts import described, moved_on
from postroom.faces.web.fragments import small_number
from postroom.faces.web.leaving_later import Later, read_later, undo_of
from postroom.faces.web.rights import answered_mailboxes
from postroom.faces.web.writing_answers import refused
from postroom.faces.web.writing_form import BadForm, Writing, chosen_files, read
from postroom.lib.addresses import is_address


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def beginning(request: HttpRequest) -> HttpResponseBase:
    """GET gives the page to write on (`to`, `mailbox`: what stands there at first); POST sends the mail."""
    mailboxes = answered_mailboxes(request)
    if not mailboxes:
        raise Http404
    return _begin(request, mailboxes) if request.method == "POST" else _page(request, mailboxes)


def _page(request: HttpRequest, mailboxes: Sequence[Mailbox]) -> HttpResponse:
    me, to = person(request), request.GET.get("to", "")
    held = first_mail_of(me)
    wanted = small_number(request.GET.get("mailbox")) or (held.mailbox_id if held else 0)
    chosen = next((one for one in mailboxes if one.pk == wanted), mailboxes[0])
    config = {
        "kind": FIRST,
        "person": me.pk,
        "conversation": None,
        # Somebody who was just named is written to, and what was begun to others stays where it is.
        "place": f"{FIRST}:{to}" if to else FIRST,
        "draft": described(held, reader=me) if held and not to else None,
        "defaults": {"to": [{"name": "", "email": to}] if is_address(to) else [], "cc": [], "bcc": []},
        "files": [],
        "largest": settings.POSTROOM_MAX_UPLOAD_BYTES,
        "urls": {
            "send": reverse("beginning"),
            "uploads": reverse("beginning-uploads"),
            "draft": reverse("beginning-draft"),
            "drafts": f"{reverse('beginning')}/drafts",
        },
    }
    return shell.page(request, "beginning.html", {"mailboxes": mailboxes, "chosen": chosen, "config": config})


def _begin(request: HttpRequest, mailboxes: Sequence[Mailbox]) -> JsonResponse:
    wanted = small_number(request.POST.get("mailbox"))
    mailbox = next((one for one in mailboxes if one.pk == wanted), None)
    if mailbox is None:
        return refused(_("You cannot write from this mailbox. Your draft is safe. Choose another one."))
    try:
        writing, later = read(request), read_later(request)
        return _answer(_once(request, mailbox, writing, later), later)
    except DraftMoved as moved:
        return moved_on(moved, reader=person(request))
    except BadForm as bad:
        return refused(str(bad), missing=bad.missing)
    except (ReplyRefused, MomentRefused) as refusal:
        return refused(str(refusal))


def _once(request: HttpRequest, mailbox: Mailbox, writing: Writing, later: Later) -> Message:
    try:
        return begin(mailbox, _first_mail(request, mailbox, writing, later), by=person(request))
    except (ReplyRefused, BadForm, DraftMoved):
        # The first of two clicks may have taken the files, and ended the draft.
        if twin := sent_before(writing.token, by=person(request)):
            return twin
        raise


def _first_mail(request: HttpRequest, mailbox: Mailbox, writing: Writing, later: Later) -> FirstMail:
    files = chosen_files(None, writing, by=person(request))
    if sentence := too_large(mailbox, written=len(writing.html.encode()), files=sum(file.size for file in files)):
        raise ReplyRefused(sentence)
    return FirstMail(
        subject=request.POST.get("subject", ""),
        html=adopted(writing.html, request=request, conversation=None),
        to=writing.to or [],
        cc=writing.cc,
        bcc=writing.bcc,
        uploads=files,
        client_token=writing.token,
        send_after=later.leaves,
        draft=writing.draft,
    )


def _answer(message: Message, later: Later) -> JsonResponse:
    if later.leaves is not None:
        said = _("Your mail leaves %(when)s.") % {"when": words.until(later.leaves)}
    else:
        said = _("Your mail leaves in %(seconds)s s.") % {"seconds": settings.POSTROOM_UNDO_SECONDS}
    return JsonResponse(
        {
            "conversation": message.conversation_id,
            "message": message.pk,
            "kind": FIRST,
            "said": said,
            "undo": undo_of(message, later=later),
            "address": reverse("conversation", args=[message.conversation_id]),
        },
        status=201,
    )
