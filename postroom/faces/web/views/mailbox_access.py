"""Who can see a mailbox, how much they may do in it, and why."""

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from postroom.core.accounts.actions.access import grant
from postroom.core.accounts.models import Mailbox, Team, User
from postroom.core.accounts.permissions import ACCESS, MAILBOXES, may, may_manage
from postroom.core.accounts.why import teams_in, why_in
from postroom.core.conversations.allowed import NotAllowed
from postroom.faces.web import access_words, shell
from postroom.faces.web.access import access_or_keeper, person
from postroom.faces.web.access_words import changes
from postroom.faces.web.signing_in.sudo import sudo_to_change


@require_http_methods(["GET", "HEAD", "POST"])
@access_or_keeper
@sudo_to_change
def page(request: HttpRequest, mailbox_id: int) -> HttpResponse:
    """Show it, to who keeps the mailbox too; or change it, by who says who sees what."""
    mailbox = get_object_or_404(Mailbox, pk=mailbox_id)
    me = person(request)
    if request.method == "POST":
        if not may(me, ACCESS):
            raise NotAllowed(_("Your role does not say who sees which mailbox."))
        _change(request, mailbox)
        return HttpResponseRedirect(f"{reverse('settings-mailbox-access', args=[mailbox.pk])}?saved=1")
    context = {
        "tab": "mailboxes",
        "mailbox": mailbox,
        "lines": why_in(mailbox),
        "teams": teams_in(mailbox),
        "words": access_words,
        "changing": may(me, ACCESS),
        "keeping": may_manage(me, mailbox.pk),
        # They change the settings of every mailbox, on it or not.
        "keepers": [one.name for one in _people() if may(one, MAILBOXES)],
    }
    return shell.page(request, "settings_mailbox_access.html", context)


def _people() -> QuerySet[User]:
    return User.objects.filter(is_active=True).select_related("custom_role").order_by("name", "pk")


def _change(request: HttpRequest, mailbox: Mailbox) -> None:
    for change in changes(request.POST, prefix="team"):
        if team := Team.objects.filter(pk=change.id).first():
            grant(mailbox, team=team, level=change.level, by=person(request))
    for change in changes(request.POST, prefix="person"):
        if user := User.objects.filter(pk=change.id).first():
            grant(mailbox, user=user, level=change.level, by=person(request))
