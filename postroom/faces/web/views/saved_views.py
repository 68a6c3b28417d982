"""Saved views: their lists, and the pages on which they are made, changed, put in order and deleted."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from postroom.core.accounts.models import Team, User
from postroom.core.accounts.permissions import ANSWER, TEAMS, may
from postroom.core.conversations.actions.keep_view import (
    ViewRefused,
    ViewWish,
    change_view,
    delete_view,
    hide_view,
    keep_view,
    place_view,
    show_view,
)
from postroom.core.conversations.condition.operators import OPERATORS
from postroom.core.conversations.models import View
from postroom.core.conversations.views import hidden_by, may_change, views_of
from postroom.faces.web import shell
from postroom.faces.web.access import person, signed_in
from postroom.faces.web.forms.views import EVERYBODY, TEAM, ViewForm
from postroom.faces.web.fragments import small_number
from postroom.faces.web.places import Place, view_place
from postroom.faces.web.verbs import asks, refused
from postroom.faces.web.views.folders import show_list, show_rows


@require_safe
@signed_in
def view(request: HttpRequest, view_id: int) -> HttpResponse:
    """Show a view's list."""
    return show_list(request, _place(request, view_id))


@require_safe
@signed_in
def rows(request: HttpRequest, view_id: int) -> HttpResponse:
    """Show a view's rows only."""
    return show_rows(request, _place(request, view_id))


@require_safe
@signed_in
def counts(request: HttpRequest) -> HttpResponse:
    """Show the views of the sidebar with how many conversations each holds now."""
    here = shell.current_place(request)
    return render(request, "_views.html", {"views": shell.views(person(request), asking=True), "place": here})


@require_safe
@signed_in
def views(request: HttpRequest) -> HttpResponse:
    """Show all views of this person, to put them in order."""
    me = person(request)
    found = [(one, may_change(one, by=me)) for one in views_of(me)]
    return shell.page(request, "views.html", {"found": found, "me": me, "hidden": hidden_by(me)})


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def new(request: HttpRequest) -> HttpResponseBase:
    """Keep a search as a view."""
    me = person(request)
    begun = {"condition": request.GET.get("q", "")[:1000], "sort": request.GET.get("sort", ""), "name": ""}
    form = ViewForm(request.POST if request.method == "POST" else None, teams=_teams(me), initial=begun)
    if request.method == "POST" and form.is_valid():
        try:
            made = keep_view(_wish(form, me), by=me)
        except ViewRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            return HttpResponseRedirect(reverse("view", args=[made.pk]))
    context = {"operators": OPERATORS, "form": form, "view": None, "shares": _may_share(me)}
    return shell.page(request, "view_settings.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST", "DELETE"])
@signed_in
def settings(request: HttpRequest, view_id: int) -> HttpResponseBase:
    """Show what a view is; change it, or delete it."""
    me, found = person(request), _view(request, view_id)
    changes = may_change(found, by=me)
    if request.method not in {"GET", "HEAD"} and not changes:
        raise Http404
    if asks(request) == "DELETE" and request.method != "GET":
        delete_view(found, by=me)
        return HttpResponseRedirect(reverse("views"))
    form = ViewForm(
        request.POST if request.method == "POST" else None, teams=_teams(me, found), initial=_present(found)
    )
    if request.method == "POST" and form.is_valid():
        try:
            change_view(found, _wish(form, me, found), by=me)
        except ViewRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            return HttpResponseRedirect(reverse("view", args=[found.pk]))
    context = {
        "operators": OPERATORS,
        "form": form,
        "view": found,
        "changes": changes,
        "shares": _may_share(me),
        "place": view_place(found),
    }
    return shell.page(request, "view_settings.html", context, status=422 if form.errors else 200)


@require_POST
@signed_in
def place(request: HttpRequest, view_id: int) -> HttpResponse:
    """Put a view before another one in one's own sidebar (`before`), or at the end."""
    me, found = person(request), _view(request, view_id)
    before = views_of(me).filter(pk=small_number(request.POST.get("before"))).first()
    try:
        place_view(found, before=before, by=me)
    except ViewRefused as refusal:
        return refused(request, str(refusal))
    return HttpResponseRedirect(reverse("views"))


@require_http_methods(["POST", "DELETE"])
@signed_in
def hiding(request: HttpRequest, view_id: int) -> HttpResponse:
    """Hide a view from one's own sidebar, or show it there again."""
    found = _view(request, view_id)
    if asks(request) == "DELETE":
        show_view(found, by=person(request))
    else:
        hide_view(found, by=person(request))
    return HttpResponseRedirect(reverse("views"))


def _view(request: HttpRequest, view_id: int) -> View:
    found = views_of(person(request)).filter(pk=view_id).first()
    if found is None:
        raise Http404
    return found


def _place(request: HttpRequest, view_id: int) -> Place:
    return view_place(_view(request, view_id))


def _may_share(me: User) -> bool:
    return may(me, ANSWER) or may(me, TEAMS)


def _teams(me: User, found: View | None = None) -> list[Team]:
    """Return the teams that somebody may share with; the view's own team stays among them."""
    teams = list(Team.objects.all() if may(me, TEAMS) else Team.objects.filter(members=me))
    if found and found.team and found.team not in teams:
        teams.append(found.team)
    return sorted(teams, key=lambda team: team.name.lower())


def _present(found: View) -> dict[str, object]:
    shared = EVERYBODY if found.for_all else f"{TEAM}{found.team_id}" if found.team_id else ""
    names = ("name", "condition", "sort", "columns", "density")
    return {**{name: getattr(found, name) for name in names}, "shared": shared}


def _wish(form: ViewForm, me: User, found: View | None = None) -> ViewWish:
    data = form.cleaned_data
    team_id = small_number(data["shared"].removeprefix(TEAM)) if data["shared"].startswith(TEAM) else 0
    return ViewWish(
        name=data["name"],
        condition=data["condition"],
        sort=data["sort"],
        columns=tuple(data["columns"]),
        density=data["density"],
        team=next((team for team in _teams(me, found) if team.pk == team_id), None),
        for_all=data["shared"] == EVERYBODY,
    )
