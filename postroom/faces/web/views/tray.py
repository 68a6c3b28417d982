"""The demo's mail tray: mail that would have left the machine."""

from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from postroom.channels.mail.models import TrayMail
from postroom.channels.mail.parse import parse
from postroom.channels.mail.parsed import Parsed
from postroom.core.conversations.filters import seen_by
from postroom.core.conversations.models import Message
from postroom.faces.web import framed_images, shell, tray_mail
from postroom.faces.web.access import demo_only, person, signed_in
from postroom.faces.web.files import shown_type
from postroom.faces.web.framed import Paper, framed, wants_images
from postroom.faces.web.views.attachments import download

PAGE = 50


@require_safe
@signed_in
@demo_only
def tray(request: HttpRequest) -> HttpResponse:
    """List what lies in the tray, newest first."""
    return shell.page(request, "tray.html", {"mails": newest(request), "opened": None})


@require_safe
@signed_in
@demo_only
def mail(request: HttpRequest, mail_id: int) -> HttpResponse:
    """Show one mail of the tray beside the others."""
    row = tray_mail_or_404(request, mail_id)
    found = tray_mail.opened(row)
    if found is None:
        raise Http404
    return shell.page(request, "tray.html", {"mails": newest(request), "opened": found})


@require_safe
@signed_in
@demo_only
def html(request: HttpRequest, mail_id: int) -> HttpResponse:
    """Return the mail's HTML as a document for a frame in which nothing runs."""
    row, parsed = _parsed(request, mail_id)
    clean, blocked = tray_mail.document(
        parsed,
        with_images=wants_images(request),
        address=lambda place: framed_images.address(request, kind="tray", number=row.pk, part=str(place)),
    )
    return framed(request, Paper(parsed, clean, blocked))


@require_safe
@signed_in
@demo_only
def raw(request: HttpRequest, mail_id: int) -> HttpResponse:
    """Return the mail byte for byte."""
    row = tray_mail_or_404(request, mail_id)
    data = tray_mail.raw(row)
    if data is None:
        raise Http404
    return download(data, name=f"tray-{row.pk}.eml", content_type="message/rfc822")


@require_safe
@signed_in
@demo_only
def file(request: HttpRequest, mail_id: int, place: int) -> HttpResponse:
    """Return a file of the mail; only raster images are shown, all else is downloaded."""
    _row, parsed = _parsed(request, mail_id)
    if place >= len(parsed.attachments):
        raise Http404
    found = parsed.attachments[place]
    shown = shown_type(found.content_type, found.data) if "download" not in request.GET else None
    kind = shown or "application/octet-stream"
    return download(found.data, name=found.name, content_type=kind, inline=shown is not None)


def newest(request: HttpRequest) -> list[TrayMail]:
    """Return the last mails of the mailboxes this person is on."""
    return list(_mine(request).order_by("-at", "-pk")[:PAGE])


def tray_mail_or_404(request: HttpRequest, mail_id: int) -> TrayMail:
    """Return one mail of a mailbox this person is on."""
    return get_object_or_404(_mine(request), pk=mail_id)


def _mine(request: HttpRequest) -> QuerySet[TrayMail]:
    """Return the tray of this person's mailboxes, without replies of sensitive conversations that they do not see."""
    me = person(request)
    hidden = Message.objects.filter(conversation__sensitive_since__isnull=False)
    hidden = hidden.exclude(seen_by(me, through="conversation")).filter(pk=OuterRef("message_id"))
    return TrayMail.objects.filter(~Exists(hidden), mailbox__members=me).select_related("mailbox")


def _parsed(request: HttpRequest, mail_id: int) -> tuple[TrayMail, Parsed]:
    row = tray_mail_or_404(request, mail_id)
    data = tray_mail.raw(row)
    if data is None:
        raise Http404
    return row, parse(data)
