"""A mailbox's history: what is being brought in, and everything out again. For who keeps the mailbox."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from postroom.channels.mail.actions.history import drop, go_on, let_in, pause
from postroom.channels.mail.actions.note_export import note_export
from postroom.channels.mail.history.export import FORMATS, MBOX, export
from postroom.channels.mail.models.history import READY, History
from postroom.channels.mail.sight import Sight
from postroom.core.accounts.models import Mailbox
from postroom.core.accounts.permissions import level_on
from postroom.faces.web import history_lines
from postroom.faces.web.access import keeper_only, person
from postroom.faces.web.refusing import not_allowed
from postroom.faces.web.verbs import asks
from postroom.faces.web.views.history_brought import show
from postroom.lib import clock

_TYPES = {MBOX: "application/mbox", "zip": "application/zip"}


@require_safe
@keeper_only
def history(request: HttpRequest, mailbox_id: int) -> HttpResponse:
    """Show what was brought, what could be, and the way out."""
    return show(request, get_object_or_404(Mailbox, pk=mailbox_id))


@require_http_methods(["GET", "HEAD", "POST", "DELETE"])
@keeper_only
def one(request: HttpRequest, mailbox_id: int, history_id: int) -> HttpResponse:
    """Show how far one history is; or forget it, and what was uploaded for it."""
    found = _found(mailbox_id, history_id)
    if request.method in ("GET", "HEAD"):
        context = {"mailbox": found.mailbox, "line": history_lines.line(found, reader=person(request))}
        return render(request, "_history_line.html", context)
    if asks(request) == "DELETE":
        drop(found, by=person(request))
        return _back(mailbox_id)
    return HttpResponse(status=405, headers={"Allow": "GET, HEAD, DELETE"})


@require_http_methods(["POST", "DELETE"])
@keeper_only
def taking(request: HttpRequest, mailbox_id: int, history_id: int) -> HttpResponse:
    """Take in what was counted, go on with what was stopped, or pause; what is too late changes nothing."""
    found = _found(mailbox_id, history_id)
    if asks(request) == "DELETE":
        pause(found, by=person(request))
    elif found.state == READY:
        let_in(found, awake=request.POST.get("manner") == "awake", by=person(request))
    else:
        go_on(found, by=person(request))
    return _back(mailbox_id)


@require_GET
@keeper_only
def everything(request: HttpRequest, mailbox_id: int, name: str) -> HttpResponseBase:
    """Stream all of the mailbox: its mails as mbox, or everything as zip."""
    mailbox = get_object_or_404(Mailbox, pk=mailbox_id)
    if name not in FORMATS:
        raise Http404
    if not level_on(person(request), mailbox_id):
        # Who only keeps the settings reads nothing of the mail, here neither.
        return not_allowed(request, _("You keep the settings of this mailbox, but are not let into its mail."))
    # Written before the first byte leaves.
    note_export(mailbox, form=name, by=person(request))
    pieces = export(mailbox, form=name, sight=Sight(reader=person(request)))
    response = StreamingHttpResponse(pieces, content_type=_TYPES[name])
    file = f"{mailbox.address.replace('@', '-at-')}-{clock.now():%Y-%m-%d}.{name}"
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=file) or "attachment"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    patch_cache_control(response, private=True, no_store=True)
    return response


def _found(mailbox_id: int, history_id: int) -> History:
    rows = History.objects.select_related("mailbox")
    return get_object_or_404(rows, pk=history_id, mailbox_id=mailbox_id)


def _back(mailbox_id: int) -> HttpResponse:
    return HttpResponseRedirect(reverse("settings-mailbox-history", args=[mailbox_id]))
