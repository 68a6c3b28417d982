"""Letting somebody go, with their open work given on in the same step; and letting them in again."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from postroom.core.accounts.actions.owners import LastOwner
from postroom.core.accounts.models import Team, User
from postroom.core.accounts.permissions import PEOPLE, outranks
from postroom.core.accounts.rights import answerers_on
from postroom.core.conversations.actions.deactivate import (
    CannotDeactivate,
    OpenWork,
    deactivate,
    open_work,
    reactivate,
)
from postroom.core.conversations.allowed import NotAllowed
from postroom.faces.web import shell
from postroom.faces.web.access import needs, person
from postroom.faces.web.forms.inviting import LeavingForm
from postroom.faces.web.signing_in.sudo import sudo_needed, sudo_to_change
from postroom.faces.web.verbs import refused as refused_on_page


@require_http_methods(["GET", "HEAD", "POST"])
@needs(PEOPLE)
@sudo_needed
def leaving(request: HttpRequest, person_id: int) -> HttpResponse:
    """Show what somebody has to do and who could get it, or deactivate them."""
    found = get_object_or_404(User.objects.select_related("custom_role"), pk=person_id)
    me = person(request)
    if outranks(found, other=me):
        raise NotAllowed(_("Their role allows more than yours, so it is not yours to deactivate them."))
    if not found.is_active:
        return _back(found)
    work = open_work(found)
    form = LeavingForm(request.POST if request.method == "POST" else None, among=_takers(found, work))
    if request.method == "POST" and form.is_valid():
        try:
            deactivate(found, hand_to=_chosen(form.cleaned_data["to"]), by=me)
        except (CannotDeactivate, LastOwner) as refused:
            form.add_error(None, str(refused))
        else:
            return _back(found)
    context = {
        "tab": "people",
        "colleague": found,
        "work": work,
        "total": sum(one.count for one in work),
        "form": form,
        "myself": found.pk == me.pk,
    }
    return shell.page(request, "settings_person_leaving.html", context, status=422 if form.errors else 200)


@require_POST
@needs(PEOPLE)
@sudo_to_change
def reactivation(request: HttpRequest, person_id: int) -> HttpResponse:
    """Let somebody sign in again; a second time does nothing."""
    found = get_object_or_404(User.objects.select_related("custom_role"), pk=person_id)
    try:
        reactivate(found, by=person(request))
    except CannotDeactivate as refused:
        return refused_on_page(request, str(refused), status=403)
    return _back(found)


def _takers(leaving: User, work: list[OpenWork]) -> list[tuple[str, str]]:
    """Return who could get the work: first the people who may answer everywhere it lies, then the teams."""
    able: dict[int, User] = {}
    for number, one in enumerate(work):
        here = {user.pk: user for user in answerers_on(one.mailbox.pk)}
        able = here if number == 0 else {pk: user for pk, user in able.items() if pk in here}
    able.pop(leaving.pk, None)
    people = sorted(able.values(), key=lambda user: (user.name, user.pk))
    teams = Team.objects.order_by("name") if work else ()
    return [
        *((f"user-{user.pk}", user.name) for user in people),
        *((f"team-{team.pk}", _("Team %(name)s") % {"name": team.name}) for team in teams),
    ]


def _chosen(code: str) -> User | Team | None:
    kind, _dash, number = code.partition("-")
    if kind == "user":
        return User.objects.filter(pk=number).first()
    return Team.objects.filter(pk=number).first() if kind == "team" else None


def _back(found: User) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('settings-person', args=[found.pk])}?saved=1")
