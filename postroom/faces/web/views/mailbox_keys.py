"""The keys of a mailbox: what opens its encrypted mail, and whom it believes. For who keeps the mailbox."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from postroom.channels.mail.actions.keys import MAX_SIZE, KeyRefused, add_key, remove_key
from postroom.channels.mail.models import MailKey
from postroom.core.accounts.models import Mailbox
from postroom.faces.web import mailbox_ways, shell
from postroom.faces.web.access import keeper_only, person
from postroom.faces.web.mailbox_ways import Parts


@sensitive_post_parameters()
@require_POST
@keeper_only
def keys(request: HttpRequest, mailbox_id: int) -> HttpResponse:
    """Take in an uploaded key or certificate."""
    mailbox = get_object_or_404(Mailbox, pk=mailbox_id)
    try:
        add_key(
            mailbox, data=_uploaded(request), passphrase=request.POST.get("passphrase", "")[:1000], by=person(request)
        )
    except KeyRefused as refused:
        context = {**mailbox_ways.page_context(mailbox, Parts()), "key_trouble": str(refused)}
        return shell.page(request, "settings_mailbox.html", context, status=422)
    return HttpResponseRedirect(f"{reverse('settings-mailbox', args=[mailbox.pk])}?saved=1#keys")


@require_POST
@keeper_only
def key(request: HttpRequest, mailbox_id: int, key_id: int) -> HttpResponse:
    """Forget a key."""
    found = get_object_or_404(MailKey.objects.select_related("mailbox"), pk=key_id, mailbox_id=mailbox_id)
    remove_key(found, by=person(request))
    return HttpResponseRedirect(f"{reverse('settings-mailbox', args=[mailbox_id])}?saved=1#keys")


def _uploaded(request: HttpRequest) -> bytes:
    upload = request.FILES.get("key")
    if upload is None or not upload.size:
        raise KeyRefused(_("No file was chosen. Choose the file that holds the key."))
    if upload.size > MAX_SIZE:
        raise KeyRefused(_("This file is too large for a key. Nothing was stored."))
    return bytes(upload.read())
