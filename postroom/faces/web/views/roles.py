"""The roles: what the five built-in ones may do, and those of our own."""

from django.db.models import Count
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from postroom.core.accounts.actions.roles import RoleRefused, add_role, change_role, delete_role
from postroom.core.accounts.models import BUILT_IN_ROLES, Role, User
from postroom.core.accounts.permissions import PEOPLE, PERMISSIONS, permissions_of, permissions_of_role
from postroom.faces.web import shell
from postroom.faces.web.access import needs, person
from postroom.faces.web.forms.rights import RoleForm
from postroom.faces.web.role_words import ROLE_PURPOSES, ROLE_WORDS, permission_words
from postroom.faces.web.signing_in.sudo import sudo_to_change
from postroom.faces.web.verbs import asks


@require_http_methods(["GET", "HEAD", "POST"])
@needs(PEOPLE)
@sudo_to_change
def roles(request: HttpRequest) -> HttpResponse:
    """Show every role with what it allows, or make one."""
    form = RoleForm(request.POST if request.method == "POST" else None, among=_givable(request))
    if request.method == "POST" and form.is_valid():
        try:
            add_role(**form.cleaned_data, by=person(request))
        except RoleRefused as refused:
            form.add_error("name", str(refused))
        else:
            return HttpResponseRedirect(f"{reverse('settings-roles')}?saved=1")
    having = dict(
        User.objects.filter(is_active=True).values_list("role").annotate(n=Count("pk")).values_list("role", "n")
    )
    built_in = [
        (ROLE_WORDS[code], ROLE_PURPOSES[code], permission_words(permissions_of_role(code)), having.get(code, 0))
        for code in BUILT_IN_ROLES
    ]
    own = [
        (one, permission_words(one.permissions)) for one in Role.objects.annotate(n=Count("people")).order_by("name")
    ]
    context = {"tab": "roles", "built_in": built_in, "own": own, "form": form}
    return shell.page(request, "settings_roles.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST", "DELETE"])
@needs(PEOPLE)
@sudo_to_change
def role(request: HttpRequest, role_id: int) -> HttpResponse:
    """Show a role of our own, change it, or forget it."""
    found = get_object_or_404(Role, pk=role_id)
    if asks(request) == "DELETE":
        return _forget(request, found)
    present = {"name": found.name, "permissions": found.permissions}
    form = RoleForm(request.POST if request.method == "POST" else None, among=_givable(request), initial=present)
    if request.method == "POST" and form.is_valid():
        try:
            change_role(found, **form.cleaned_data, by=person(request))
        except RoleRefused as refused:
            form.add_error("name", str(refused))
        else:
            return HttpResponseRedirect(f"{reverse('settings-roles')}?saved=1")
    return _show(request, found, form, status=422 if form.errors else 200)


def _forget(request: HttpRequest, found: Role) -> HttpResponse:
    try:
        delete_role(found, by=person(request))
    except RoleRefused as refused:
        present = {"name": found.name, "permissions": found.permissions}
        form = RoleForm(among=_givable(request), initial=present)
        return _show(request, found, form, refused=str(refused), status=409)
    return HttpResponseRedirect(f"{reverse('settings-roles')}?saved=1")


def _show(request: HttpRequest, found: Role, form: RoleForm, *, refused: str = "", status: int) -> HttpResponse:
    context = {
        "tab": "roles",
        "role": found,
        "form": form,
        "refused": refused,
        "having": list(found.people.order_by("name", "pk")),
        # Somebody who has less than this role allows can only look at it.
        "beyond": permission_words(set(found.permissions) - permissions_of(person(request))),
    }
    return shell.page(request, "settings_role.html", context, status=status)


def _givable(request: HttpRequest) -> list[tuple[str, str]]:
    mine = permissions_of(person(request))
    return [(code, str(words)) for code, words in PERMISSIONS.items() if code in mine]
