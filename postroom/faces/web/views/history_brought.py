"""Old mail is brought: a file that is uploaded, or an account. For who keeps the mailbox."""

import secrets
from pathlib import Path, PurePath

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from postroom.channels.mail.actions.history import bring_account, bring_file
from postroom.channels.mail.filenames import safe_name
from postroom.channels.mail.history.kinds import kind_of
from postroom.channels.mail.history.letters import NotAnArchive
from postroom.channels.mail.sight import Sight, left_out
from postroom.core.accounts.models import Mailbox
from postroom.faces.web import history_lines, server_check, shell
from postroom.faces.web.access import keeper_only, person
from postroom.faces.web.forms.mail_servers import IncomingForm
from postroom.faces.web.inside_hosts import keep_allowed, may_allow
from postroom.faces.web.upload_limit import TOO_LARGE
from postroom.faces.web.views.setup import verdict_on_incoming

_ONE_MAIL = (".eml", ".emlx")


class _NotTaken(Exception):
    """The upload was not kept; the sentence says why."""

    def __init__(self, sentence: str, *, status: int = 422) -> None:
        super().__init__(sentence)
        self.status = status


@require_POST
@keeper_only
def upload(request: HttpRequest, mailbox_id: int) -> HttpResponse:
    """Keep an uploaded archive in the data folder until its mails are in."""
    mailbox = get_object_or_404(Mailbox, pk=mailbox_id)
    try:
        file = _file(request)
        path = _keep(file)
    except _NotTaken as trouble:
        return show(request, mailbox, upload_trouble=str(trouble), status=trouble.status)
    name = safe_name(file.name or "", content_type="", number=1)
    try:
        kind = kind_of(path)
    except NotAnArchive as trouble:
        path.unlink(missing_ok=True)
        return show(request, mailbox, upload_trouble=str(trouble).replace(path.name, name), status=422)
    bring_file(mailbox, kind=kind, path=path, name=name, ours=True, by=person(request))
    return _back(mailbox)


@sensitive_post_parameters()
@require_POST
@keeper_only
def account(request: HttpRequest, mailbox_id: int) -> HttpResponse:
    """Bring a whole IMAP account; its server is tried first."""
    mailbox = get_object_or_404(Mailbox, pk=mailbox_id)
    form = _account_form(request)
    if not form.is_valid():
        return show(request, mailbox, account=form, status=422)
    server = form.server()
    assert server is not None
    keep_allowed(form, request)
    verdict = server_check.try_incoming(server, folder=form.cleaned_data["folder"])
    if not verdict.good:
        return show(request, mailbox, account=form, account_trouble=verdict.sentence, status=422)
    bring_account(mailbox, server=server, by=person(request))
    return _back(mailbox)


@sensitive_post_parameters()
@require_POST
@keeper_only
def test_account(request: HttpRequest, mailbox_id: int) -> HttpResponse:
    """Try the server that stands in the form."""
    get_object_or_404(Mailbox, pk=mailbox_id)
    return verdict_on_incoming(request, _account_form(request))


def show(
    request: HttpRequest,
    mailbox: Mailbox,
    *,
    upload_trouble: str = "",
    account: IncomingForm | None = None,
    account_trouble: str = "",
    status: int = 200,
) -> HttpResponse:
    """Show the page of a mailbox's history, with what was typed and what is wrong with it."""
    context = {
        "tab": "mailboxes",
        "mailbox": mailbox,
        "lines": history_lines.lines(mailbox, reader=person(request)),
        "largest": settings.POSTROOM_MAX_UPLOAD_BYTES,
        "upload_trouble": upload_trouble,
        "account": account or IncomingForm(prefix="account", initial={"security": "tls"}),
        "account_open": account is not None,
        "account_trouble": account_trouble,
        "left_out": left_out(mailbox, sight=Sight(reader=person(request))),
    }
    return shell.page(request, "settings_history.html", context, status=status)


def _account_form(request: HttpRequest) -> IncomingForm:
    # The form of a mailbox's own server, of which only this way makes sense here.
    typed = request.POST.copy()
    typed["account-way"], typed["account-protocol"], typed["account-folder"] = "imap", "imap", "INBOX"
    return IncomingForm(typed, prefix="account", may_allow_hosts=may_allow(request))


def _file(request: HttpRequest) -> UploadedFile:
    file = request.FILES.get("archive")
    if TOO_LARGE in request.META:
        raise _NotTaken(
            _("%(name)s is too large to come through this page. Nothing was kept. On the server itself any size does:")
            % {"name": safe_name(request.META[TOO_LARGE], content_type="", number=1)},
            status=413,
        )
    if not isinstance(file, UploadedFile) or not file.size:
        raise _NotTaken(_("No file arrived, or an empty one. Choose it again."))
    return file


def _keep(file: UploadedFile) -> Path:
    """Write it to the data folder, for the owner of that alone; nothing stays when the disk refuses."""
    suffix = PurePath(file.name or "").suffix.lower()
    path = settings.POSTROOM_DATA / "history" / f"{secrets.token_hex(12)}{suffix if suffix in _ONE_MAIL else ''}"
    try:
        path.parent.mkdir(mode=0o700, exist_ok=True)
        path.touch(mode=0o600)
        with path.open("wb") as kept:
            for chunk in file.chunks():
                kept.write(chunk)
    except OSError as error:
        path.unlink(missing_ok=True)
        raise _NotTaken(
            _("The disk of the server would not take %(name)s (%(why)s). Nothing was kept; make room and try again.")
            % {"name": safe_name(file.name or "", content_type="", number=1), "why": error.strerror or error},
            status=507,
        ) from error
    return path


def _back(mailbox: Mailbox) -> HttpResponse:
    return HttpResponseRedirect(reverse("settings-mailbox-history", args=[mailbox.pk]))
