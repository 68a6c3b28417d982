"""What one person can see, and why: mailboxes, role, teams, sensitive conversations, and how they sign in."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from postroom.core.accounts.actions.access import grant
from postroom.core.accounts.actions.owners import LastOwner
from postroom.core.accounts.actions.roles import RoleRefused, give_role
from postroom.core.accounts.models import BUILT_IN_ROLES, CUSTOM, Mailbox, Role, User
from postroom.core.accounts.permissions import (
    ACCESS,
    BREAK_GLASS,
    PEOPLE,
    may,
    outranks,
    permissions_of,
    permissions_of_role,
)
from postroom.core.accounts.policy import asks_second_factor
from postroom.core.accounts.second_factors import has_second_factor
from postroom.core.accounts.why import why_of
from postroom.core.conversations.allowed import NotAllowed
from postroom.core.conversations.models import MERGED, Conversation
from postroom.faces.web import access_words, shell
from postroom.faces.web.access import needs, person
from postroom.faces.web.access_words import changes
from postroom.faces.web.forms.rights import GivenRoleForm
from postroom.faces.web.role_words import permission_words, word_of
from postroom.faces.web.signing_in.sudo import sudo_to_change

_OWN = "own-"


@require_http_methods(["GET", "HEAD", "POST"])
@needs(PEOPLE, ACCESS)
@sudo_to_change
def page(request: HttpRequest, person_id: int) -> HttpResponse:
    """Show everything they can see and why, or change what they may do in mailboxes."""
    found = get_object_or_404(User.objects.select_related("custom_role"), pk=person_id)
    if request.method != "POST":
        return _show(request, found)
    if not may(person(request), ACCESS):
        raise NotAllowed(_("Your role does not say who sees which mailbox."))
    for change in changes(request.POST, prefix="mailbox"):
        if mailbox := Mailbox.objects.filter(pk=change.id).first():
            grant(mailbox, user=found, level=change.level, by=person(request))
    return _saved(found)


@require_POST
@needs(PEOPLE)
@sudo_to_change
def role(request: HttpRequest, person_id: int) -> HttpResponse:
    """Give them another role."""
    found = get_object_or_404(User.objects.select_related("custom_role"), pk=person_id)
    form = GivenRoleForm(request.POST, among=_givable(request))
    if not form.is_valid():
        return _show(request, found, form)
    code = form.cleaned_data["role"]
    own = Role.objects.filter(pk=code.removeprefix(_OWN)).first() if code.startswith(_OWN) else None
    try:
        give_role(found, role=CUSTOM if own else code, custom_role=own, by=person(request))
    except (RoleRefused, LastOwner) as refused:
        form.add_error("role", str(refused))
        found.refresh_from_db()
        return _show(request, found, form)
    return _saved(found)


def _saved(found: User) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('settings-person-access', args=[found.pk])}?saved=1")


def _show(request: HttpRequest, found: User, form: GivenRoleForm | None = None) -> HttpResponse:
    me = person(request)
    present = f"{_OWN}{found.custom_role_id}" if found.role == CUSTOM else found.role
    context = {
        "tab": "people",
        "colleague": found,
        "allowed": permission_words(permissions_of_role(found.role, found.custom_role)),
        "lines": why_of(found),
        "teams": list(found.teams.order_by("name")),
        "words": access_words,
        "changing": may(me, ACCESS),
        **_sensitive(found, reader=me),
        "second_factor": has_second_factor(found),
        "second_factor_asked": asks_second_factor(found),
        "giving": may(me, PEOPLE) and not outranks(found, other=me),
        "roles": _givable(request),
        "form": form or GivenRoleForm(among=_givable(request), initial={"role": present}),
    }
    return shell.page(request, "settings_person_access.html", context, status=422 if form else 200)


def _sensitive(found: User, *, reader: User) -> dict[str, object]:
    """Count the sensitive conversations they see; which they are is told to those who may break the glass."""
    seen = Conversation.objects.visible_to(found).filter(sensitive_since__isnull=False).exclude(status=MERGED)
    shown = seen.select_related("mailbox").order_by("-pk")[:50] if may(reader, BREAK_GLASS) else []
    return {"sensitive_count": seen.count(), "sensitive": list(shown)}


def _givable(request: HttpRequest) -> list[tuple[str, str]]:
    """Return the roles that this person may give: those that allow nothing beyond their own."""
    mine = permissions_of(person(request))
    built_in = [(code, word_of(code)) for code in BUILT_IN_ROLES if permissions_of_role(code) <= mine]
    own = [one for one in Role.objects.order_by("name") if permissions_of_role(CUSTOM, one) <= mine]
    return [*built_in, *((f"{_OWN}{one.pk}", one.name) for one in own)]
