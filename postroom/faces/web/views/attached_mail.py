"""An attached mail stays a mail: read in a page of its own, as safely as any other."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe
from markupsafe import Markup

from postroom.faces.web import framed_images, shell
from postroom.faces.web.access import signed_in
from postroom.faces.web.attached_mail import file_inside, files_inside, read_attached, with_images_inside
from postroom.faces.web.cleaned import cleaned
from postroom.faces.web.files import is_mail, shown_type
from postroom.faces.web.framed import Paper, framed, wants_images
from postroom.faces.web.locked_files import locked
from postroom.faces.web.readings import ATTACHED_MAIL
from postroom.faces.web.views.attachments import attachment, download
from postroom.faces.web.visible import attachment_or_404
from postroom.lib.html import text_to_html


@require_safe
@signed_in
def attached_mail(request: HttpRequest, attachment_id: int) -> HttpResponseBase:
    """Show the mail with its headers, its words and its files."""
    file = attachment_or_404(request, attachment_id, what=ATTACHED_MAIL)
    if refusal := locked(request, [file.digest]):
        return refusal
    if not is_mail(file):
        return attachment(request, attachment_id, "mail")  # a file that is called so
    part = request.GET.get("part", "")
    mail = read_attached(file, part)
    context = {
        "file": file,
        "part": part,
        "mail": mail,
        "inner": files_inside(file, mail, part),
        "text": Markup(text_to_html(mail.text)),  # noqa: S704  (escaped there)
    }
    return shell.page(request, "attached_mail.html", context)


@require_safe
@xframe_options_sameorigin
@signed_in
def attached_mail_html(request: HttpRequest, attachment_id: int) -> HttpResponseBase:
    """Return its HTML, sanitised, for a frame in which nothing runs; `images=1` lets those of other servers load."""
    file = attachment_or_404(request, attachment_id, what=ATTACHED_MAIL)
    if refusal := locked(request, [file.digest]):
        return refusal
    if not is_mail(file):
        return attachment(request, attachment_id, "mail/html")
    part = request.GET.get("part", "")
    mail = read_attached(file, part)
    clean = cleaned(mail.html or text_to_html(mail.text), subject=mail.subject, with_images=wants_images(request))

    def address(path: str) -> str:
        return framed_images.address(request, kind="inside", number=file.pk, part=path)

    shown = with_images_inside(clean.html, mail, part, address=address)
    return framed(request, Paper(mail, shown, clean.blocked, clean.trackers))


@require_safe
@signed_in
def attached_mail_file(request: HttpRequest, attachment_id: int, part: str) -> HttpResponseBase:
    """Return a file of the attached mail; only raster images are shown, all else is downloaded."""
    file = attachment_or_404(request, attachment_id, what=ATTACHED_MAIL)
    if refusal := locked(request, [file.digest]):
        return refusal
    if not is_mail(file):
        return attachment(request, attachment_id, f"mail/files/{part}")
    found = file_inside(file, part)
    shown = shown_type(found.content_type, found.data) if "download" not in request.GET else None
    kind = shown or "application/octet-stream"
    return download(found.data, name=found.name, content_type=kind, inline=shown is not None)
