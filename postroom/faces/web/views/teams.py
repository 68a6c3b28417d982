"""Teams: groups that work can be given to, and that mailboxes can be opened to."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from postroom.core.accounts.actions.teams import TeamRefused, add_team, rename_team, set_members
from postroom.core.accounts.models import NONE, Grant, Team, User
from postroom.core.accounts.permissions import TEAMS
from postroom.core.conversations.actions.disband import disband
from postroom.core.conversations.models import Conversation
from postroom.faces.web import access_words, shell
from postroom.faces.web.access import needs, person
from postroom.faces.web.forms.people import TeamForm
from postroom.faces.web.signing_in.sudo import sudo_to_change
from postroom.faces.web.verbs import asks


@require_http_methods(["GET", "HEAD", "POST"])
@needs(TEAMS)
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
            return _saved()
    found = Team.objects.prefetch_related("members").order_by("name")
    context = {"tab": "teams", "teams": found, "form": form, "people": everybody}
    return shell.page(request, "settings_teams.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST", "DELETE"])
@needs(TEAMS)
@sudo_to_change
def team(request: HttpRequest, team_id: int) -> HttpResponse:
    """Show a team; say what it is called and who is in it; or delete it."""
    found = get_object_or_404(Team, pk=team_id)
    if asks(request) == "DELETE":
        try:
            disband(found, by=person(request))
        except TeamRefused:
            # Somebody else has just deleted it.
            return _saved()
        return _saved()
    everybody = _everybody()
    present = {"name": found.name, "members": list(found.members.values_list("pk", flat=True))}
    form = TeamForm(request.POST if request.method == "POST" else None, among=everybody, initial=present)
    if request.method == "POST" and form.is_valid():
        try:
            _change(request, found, form, everybody)
        except TeamRefused as refused:
            form.add_error("name", str(refused))
        else:
            return _saved()
    context = {
        "tab": "teams",
        "team": found,
        "form": form,
        "opens": [(one.mailbox, access_words.LEVEL_WORDS[one.level]) for one in _grants(found)],
        "owned": Conversation.objects.filter(team=found, sensitive_since=None).count(),
    }
    return shell.page(request, "settings_team.html", context, status=422 if form.errors else 200)


def _change(request: HttpRequest, found: Team, form: TeamForm, everybody: list[User]) -> None:
    chosen = [one for one in everybody if one.pk in form.cleaned_data["members"]]
    # Deactivated members are not among the choices, and stay: they are back when they are.
    chosen += found.members.filter(is_active=False)
    # Both or neither.
    with transaction.atomic():
        set_members(found, members=chosen, by=person(request))
        rename_team(found, name=form.cleaned_data["name"], by=person(request))


def _grants(found: Team) -> list[Grant]:
    return list(Grant.objects.filter(team=found, level__gt=NONE).select_related("mailbox").order_by("mailbox__name"))


def _saved() -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('settings-teams')}?saved=1")


def _everybody() -> list[User]:
    return list(User.objects.filter(is_active=True).order_by("name", "pk"))
