"""Teams: groups that work can be given to. Only the owner makes and changes them."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from postroom.core.accounts.actions.teams import TeamRefused, add_team, set_members
from postroom.core.accounts.models import Team, User
from postroom.faces.web import shell
from postroom.faces.web.access import owner_only, person
from postroom.faces.web.forms.people import MembersForm, TeamForm


@require_http_methods(["GET", "HEAD", "POST"])
@owner_only
def teams(request: HttpRequest) -> HttpResponse:
    """List the teams, or make one."""
    everybody = _everybody()
    form = TeamForm(request.POST if request.method == "POST" else None, among=everybody)
    if request.method == "POST" and form.is_valid():
        chosen = [one for one in everybody if one.pk in form.cleaned_data["members"]]
        try:
            add_team(name=form.cleaned_data["name"], members=chosen, by=person(request))
        except TeamRefused as refused:
            form.add_error("name", str(refused))
        else:
            return HttpResponseRedirect(f"{reverse('settings-teams')}?saved=1")
    found = Team.objects.prefetch_related("members").order_by("name")
    context = {"tab": "teams", "teams": found, "form": form, "people": everybody}
    return shell.page(request, "settings_teams.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@owner_only
def team(request: HttpRequest, team_id: int) -> HttpResponse:
    """Show who is in a team, or say who is."""
    found = get_object_or_404(Team, pk=team_id)
    everybody = _everybody()
    present = {"members": list(found.members.values_list("pk", flat=True))}
    form = MembersForm(request.POST if request.method == "POST" else None, among=everybody, initial=present)
    if request.method == "POST" and form.is_valid():
        chosen = [one for one in everybody if one.pk in form.cleaned_data["members"]]
        set_members(found, members=chosen, by=person(request))
        return HttpResponseRedirect(f"{reverse('settings-teams')}?saved=1")
    context = {"tab": "teams", "team": found, "form": form, "people": everybody}
    return shell.page(request, "settings_team.html", context, status=422 if form.errors else 200)


def _everybody() -> list[User]:
    return list(User.objects.filter(is_active=True).order_by("name", "pk"))
