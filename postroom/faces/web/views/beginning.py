"""Begin a conversation by writing first."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from postroom.channels.mail.sizes import too_large
from postroom.core.accounts.models import Mailbox, User
from postroom.core.accounts.queries import mailboxes_of
from postroom.core.accounts.rights import rights_everywhere
from postroom.core.conversations.actions.begin import FirstMail, NewFile, begin
from postroom.core.conversations.actions.refusals import ReplyRefused
from postroom.core.conversations.actions.upload import TooLarge
from postroom.core.conversations.models import Message
from postroom.faces.web import shell
from postroom.faces.web.access import person, signed_in
from postroom.faces.web.fragments import small_number
from postroom.faces.web.upload_limit import TOO_LARGE
from postroom.faces.web.writing_answers import refused
from postroom.faces.web.writing_form import BadForm, read
from postroom.lib.addresses import is_address


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def beginning(request: HttpRequest) -> HttpResponseBase:
    """GET gives the page to write on (`to`, `mailbox`: what stands there at first); POST sends the mail."""
    mailboxes = _mailboxes(person(request))
    if not mailboxes:
        raise Http404
    return _begin(request, mailboxes) if request.method == "POST" else _page(request, mailboxes)


def _mailboxes(user: User) -> list[Mailbox]:
    """Return the mailboxes in which this person answers."""
    rights = rights_everywhere(user)
    return [one for one in mailboxes_of(user) if one.pk in rights and rights[one.pk].answers]


def _page(request: HttpRequest, mailboxes: list[Mailbox]) -> HttpResponse:
    to = request.GET.get("to", "")
    wanted = small_number(request.GET.get("mailbox"))
    chosen = next((one for one in mailboxes if one.pk == wanted), mailboxes[0])
    config = {
        "key": f"{person(request).pk}:new",
        "people": {"to": [{"name": "", "email": to}] if is_address(to) else [], "cc": [], "bcc": []},
        "files": [],
        "largest": settings.POSTROOM_MAX_UPLOAD_BYTES,
        "urls": {"send": reverse("beginning")},
    }
    return shell.page(request, "beginning.html", {"mailboxes": mailboxes, "chosen": chosen, "config": config})


def _begin(request: HttpRequest, mailboxes: list[Mailbox]) -> JsonResponse:
    wanted = small_number(request.POST.get("mailbox"))
    mailbox = next((one for one in mailboxes if one.pk == wanted), None)
    if mailbox is None:
        return refused(_("You cannot write from this mailbox. Your draft is safe. Choose another one."))
    if TOO_LARGE in request.META:
        return refused(str(TooLarge(request.META[TOO_LARGE])), status=413)
    try:
        return _answer(begin(mailbox, _first_mail(request, mailbox), by=person(request)))
    except (ReplyRefused, TooLarge, BadForm) as refusal:
        return refused(str(refusal))


def _first_mail(request: HttpRequest, mailbox: Mailbox) -> FirstMail:
    writing = read(request)
    files = [
        NewFile(name=file.name or "", content_type=file.content_type or "", data=file.read())
        for file in request.FILES.getlist("file")
    ]
    size = sum(len(file.data) for file in files)
    if sentence := too_large(mailbox, written=len(writing.html.encode()), files=size):
        raise ReplyRefused(sentence)
    return FirstMail(
        subject=request.POST.get("subject", ""),
        html=writing.html,
        to=writing.to or [],
        cc=writing.cc,
        bcc=writing.bcc,
        files=files,
        client_token=writing.token,
    )


def _answer(message: Message) -> JsonResponse:
    seconds = settings.POSTROOM_UNDO_SECONDS
    return JsonResponse(
        {
            "conversation": message.conversation_id,
            "message": message.pk,
            "kind": "new",
            "said": _("Your mail leaves in %(seconds)s s.") % {"seconds": seconds},
            "undo": {"url": reverse("sending", args=[message.pk]), "seconds": seconds} if seconds else None,
            "address": reverse("conversation", args=[message.conversation_id]),
        },
        status=201,
    )
