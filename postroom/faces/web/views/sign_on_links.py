"""Which sign-ins elsewhere are this person's."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from postroom.core.accounts.actions.sign_on import unlink
from postroom.core.accounts.models import SignInLink, SignInProvider
from postroom.core.accounts.models.sign_on import LDAP
from postroom.faces.web import shell
from postroom.faces.web.access import person, signed_in


@require_safe
@signed_in
def links(request: HttpRequest) -> HttpResponse:
    """List them, and offer the others."""
    mine = list(SignInLink.objects.filter(user=person(request)).select_related("provider").order_by("pk"))
    linked = {link.provider_id for link in mine}
    others = SignInProvider.objects.filter(enabled=True).exclude(kind=LDAP).exclude(pk__in=linked).order_by("name")
    return shell.page(request, "settings_sign_on_links.html", {"tab": "profile", "links": mine, "others": others})


@require_POST
@signed_in
def removal(request: HttpRequest, link_id: int) -> HttpResponse:
    """Undo one of one's own."""
    me = person(request)
    unlink(get_object_or_404(SignInLink.objects.select_related("provider", "user"), pk=link_id, user=me), by=me)
    return HttpResponseRedirect(f"{reverse('settings-sign-on-links')}?saved=1")
