"""Asking somebody to join, once more if need be, and taking that back."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from postroom.channels.mail.letters import can_send_letters
from postroom.core.accounts.actions.invite import GOOD_FOR, Invited, invite, invite_again, withdraw
from postroom.core.accounts.actions.people import PersonRefused
from postroom.core.accounts.actions.roles import RoleRefused
from postroom.core.accounts.models import AGENT, ANSWERING, Mailbox, User
from postroom.core.accounts.permissions import ACCESS, PEOPLE, may, outranks
from postroom.faces.web import shell
from postroom.faces.web.access import needs, person
from postroom.faces.web.forms.inviting import InviteForm
from postroom.faces.web.role_choices import chosen_role, roles_to_give
from postroom.faces.web.signing_in.sudo import sudo_needed, sudo_to_change

# What an address takes as a token: more is none of ours.
_PROBE = "x"


@require_http_methods(["GET", "HEAD", "POST"])
@needs(PEOPLE)
@sudo_needed
def invitation(request: HttpRequest) -> HttpResponse:
    """Ask whom to invite, or invite them and show the link."""
    me = person(request)
    mailboxes = list(Mailbox.objects.order_by("name", "pk")) if may(me, ACCESS) else []
    roles = roles_to_give(me)
    if request.method != "POST":
        start = {"role": AGENT, "language": me.language, **{f"level-{box.pk}": ANSWERING for box in mailboxes}}
        return _ask(request, InviteForm(roles=roles, among=mailboxes, initial=start))
    form = InviteForm(request.POST, roles=roles, among=mailboxes)
    if not form.is_valid():
        return _ask(request, form)
    typed = form.cleaned_data
    role, custom_role = chosen_role(typed["role"])
    try:
        made = invite(
            email=typed["email"],
            name=typed["name"],
            role=role,
            custom_role=custom_role,
            levels=form.levels(),
            language=typed["language"],
            address=_address(request),
            by=me,
        )
    except PersonRefused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        return _ask(request, form)
    except RoleRefused as refused:
        form.add_error("role", str(refused))
        return _ask(request, form)
    return _done(request, made)


@require_POST
@needs(PEOPLE)
@sudo_to_change
def again(request: HttpRequest, person_id: int) -> HttpResponse:
    """Send a new link; the old one ends."""
    found = _waiting_or_404(request, person_id)
    try:
        return _done(request, invite_again(found, address=_address(request), by=person(request)))
    except PersonRefused:
        return HttpResponseRedirect(reverse("settings-people"))


@require_POST
@needs(PEOPLE)
def withdrawal(request: HttpRequest, person_id: int) -> HttpResponse:
    """Take the invitation back; a second time does nothing."""
    found = User.objects.filter(pk=person_id).select_related("custom_role").first()
    if found is not None and not outranks(found, other=person(request)):
        withdraw(found, by=person(request))
    return HttpResponseRedirect(reverse("settings-people"))


def _waiting_or_404(request: HttpRequest, person_id: int) -> User:
    found = get_object_or_404(User.objects.select_related("custom_role"), pk=person_id, is_active=False)
    # Whoever gets the link becomes that person.
    if outranks(found, other=person(request)):
        raise Http404
    return found


def _address(request: HttpRequest) -> str:
    """Return what stands before the token in a link, as the inviter's browser calls this place."""
    return request.build_absolute_uri(reverse("welcome", args=[_PROBE])).removesuffix(_PROBE)


def _ask(request: HttpRequest, form: InviteForm) -> HttpResponse:
    context = {"tab": "people", "form": form, "leaves": can_send_letters()}
    return shell.page(request, "settings_invite.html", context, status=422 if form.is_bound else 200)


def _done(request: HttpRequest, made: Invited) -> HttpResponse:
    context = {"tab": "people", "made": made, "leaves": can_send_letters(), "days": GOOD_FOR.days}
    return shell.page(request, "settings_invited.html", context)
