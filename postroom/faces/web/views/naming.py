"""Who sees a mailbox's new conversations: everybody on it, or the people named here."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from postroom.core.accounts.models import Mailbox, User
from postroom.core.accounts.queries import colleagues_on
from postroom.core.conversations.actions.mailbox_naming import name_in_new_ones
from postroom.core.conversations.actions.sensitive import NamingRefused, NobodyNamed
from postroom.core.conversations.naming import naming_of
from postroom.faces.web import shell
from postroom.faces.web.access import keeper_only, person
from postroom.faces.web.fragments import small_number


@require_http_methods(["GET", "HEAD", "POST"])
@keeper_only
def naming(request: HttpRequest, mailbox_id: int) -> HttpResponse:
    """Show the setting, or change it."""
    mailbox = get_object_or_404(Mailbox, pk=mailbox_id)
    if request.method != "POST":
        return _show(request, mailbox)
    everybody = request.POST.get("who") != "named"
    numbers = [] if everybody else [small_number(one) for one in request.POST.getlist("people")]
    people = list(User.objects.filter(pk__in=numbers))
    try:
        if not everybody and not people:
            raise NobodyNamed
        name_in_new_ones(mailbox, people=people, by=person(request))
    except NamingRefused as refusal:
        return _show(request, mailbox, mistake=str(refusal), status=409)
    return HttpResponseRedirect(f"{reverse('settings-mailbox-naming', args=[mailbox.pk])}?saved=1")


def _show(request: HttpRequest, mailbox: Mailbox, *, mistake: str = "", status: int = 200) -> HttpResponse:
    setting = naming_of(mailbox)
    named = list(setting.people.order_by("name", "pk")) if setting else []
    here = list(colleagues_on(mailbox.pk))
    context = {
        "tab": "mailboxes",
        "mailbox": mailbox,
        "people": [*here, *(one for one in named if one not in here)],
        "named": {one.pk for one in named},
        "sensitive": setting is not None or bool(mistake),
        "mistake": mistake,
    }
    return shell.page(request, "settings_mailbox_naming.html", context, status=status)
