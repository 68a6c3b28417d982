"""Write as a customer: a real mail through the real door, to watch it arrive."""

from email.errors import MessageError
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from postroom.channels.mail.models import TrayMail
from postroom.channels.mail.transports.lmtp_send import HandInFailed, hand_in
from postroom.core.accounts.models import Mailbox
from postroom.demo.customer import Enclosure, write_as_customer
from postroom.faces.web import shell, tray_mail, words
from postroom.faces.web.access import demo_only, person, signed_in
from postroom.faces.web.forms.customer import CustomerMailForm
from postroom.faces.web.upload_limit import TOO_LARGE
from postroom.faces.web.views.tray import newest, tray_mail_or_404

_ANN = {"from_name": "Ann Peeters", "from_email": "ann.peeters@customers.example"}


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@demo_only
def write(request: HttpRequest) -> HttpResponse:
    """Show the form, filled in when it answers a mail of the tray; or hand the mail in through LMTP."""
    mailboxes = list(Mailbox.objects.filter(members=person(request)).order_by("name", "pk"))
    if request.method != "POST":
        form = CustomerMailForm(among=mailboxes, initial=_start(request, mailboxes))
        return _ask(request, form)
    form = CustomerMailForm(request.POST, request.FILES, among=mailboxes)
    if TOO_LARGE in request.META:
        most = words.size(settings.POSTROOM_MAX_UPLOAD_BYTES)
        form.add_error("file", _("This file is too large; at most %(most)s fit.") % {"most": most})
    if not form.is_valid():
        return _ask(request, form)
    mailbox = next(one for one in mailboxes if one.pk == form.cleaned_data["mailbox"])
    try:
        raw = _mail(request, form.cleaned_data, mailbox)
    except (ValueError, IndexError, AttributeError, MessageError):
        # The standard library stumbles in all these ways over addresses that no mail server takes.
        form.add_error("from_email", _("No mail program writes from this address. Take another."))
        return _ask(request, form)
    try:
        hand_in(raw, sender=form.cleaned_data["from_email"], recipient=mailbox.address)
    except HandInFailed as failure:
        return _ask(request, form, mistake=str(failure))
    return HttpResponseRedirect(f"{reverse('tray')}?sent={mailbox.pk}")


def _mail(request: HttpRequest, typed: dict[str, Any], mailbox: Mailbox) -> bytes:
    in_reply_to: str | None = None
    references: tuple[str, ...] = ()
    if typed["answers"]:
        answered = tray_mail.opened(tray_mail_or_404(request, typed["answers"]))
        if answered:
            in_reply_to, references = tray_mail.message_ids(answered.mail)
    return write_as_customer(
        from_name=typed["from_name"],
        from_email=typed["from_email"],
        to_mailbox=mailbox,
        subject=typed["subject"],
        text=typed["text"],
        in_reply_to=in_reply_to,
        references=references,
        attachments=_enclosures(typed["file"]),
    )


def _enclosures(file: UploadedFile | None) -> list[Enclosure]:
    if not file:
        return []
    kind = file.content_type or ""
    main, _slash, sub = kind.partition("/")
    plain = main.isalnum() and bool(sub) and sub.replace("-", "").replace(".", "").replace("+", "").isalnum()
    known = kind if kind.isascii() and plain and main not in ("multipart", "message") else "application/octet-stream"
    return [Enclosure(name=file.name or "file", content_type=known, data=file.read())]


def _start(request: HttpRequest, mailboxes: list[Mailbox]) -> dict[str, object]:
    answers = request.GET.get("answers", "")
    if not (answers.isascii() and answers.isdigit() and len(answers) < 19):
        return {**_ANN, "mailbox": mailboxes[0].pk if mailboxes else None}
    row = tray_mail_or_404(request, int(answers))
    answered = tray_mail.opened(row)
    if answered is None:
        return {**_ANN, "mailbox": row.mailbox_id}
    customer = next(iter(answered.mail.to), None)
    return {
        "from_name": customer.name if customer else "",
        "from_email": customer.email if customer else "",
        "mailbox": row.mailbox_id,
        "subject": tray_mail.answer_subject(answered.mail.subject),
        "text": tray_mail.as_quoted(answered.mail),
        "answers": row.pk,
    }


def _ask(request: HttpRequest, form: CustomerMailForm, *, mistake: str = "") -> HttpResponse:
    answers: Any = form["answers"].value()
    answered = (
        TrayMail.objects.filter(pk=answers, mailbox__members=person(request)).first() if _is_id(answers) else None
    )
    context = {"mails": newest(request), "form": form, "mistake": mistake, "answered": answered}
    status = 502 if mistake else 422 if form.errors else 200
    return shell.page(request, "tray_write.html", context, status=status)


def _is_id(text: object) -> bool:
    return str(text).isascii() and str(text).isdigit() and len(str(text)) < 19
