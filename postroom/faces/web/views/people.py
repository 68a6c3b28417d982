"""The people of the team: who may sign in, and which mailboxes they see."""

from django.db import transaction
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from postroom.core.accounts.actions.join import let_in
from postroom.core.accounts.actions.people import PersonRefused, add_person
from postroom.core.accounts.actions.profile import set_password
from postroom.core.accounts.models import Mailbox, User
from postroom.core.accounts.permissions import ACCESS, PEOPLE, may, outranks
from postroom.core.conversations.allowed import NotAllowed
from postroom.faces.web import shell
from postroom.faces.web.access import needs, person, signed_in
from postroom.faces.web.forms.people import ColleagueForm, GivenPasswordForm
from postroom.faces.web.signing_in.sudo import sudo_needed
from postroom.lib import clock


@require_safe
@signed_in
def people(request: HttpRequest) -> HttpResponse:
    """List everybody who can sign in."""
    found = User.objects.select_related("invitation", "custom_role").prefetch_related("mailboxes")
    context = {"tab": "people", "people": found.order_by("-is_active", "name", "pk"), "now": clock.now()}
    return shell.page(request, "settings_people.html", context)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@needs(PEOPLE)
@sudo_needed
def new_colleague(request: HttpRequest) -> HttpResponse:
    """Ask for a new colleague, or add them with the mailboxes they will see."""
    mailboxes = list(Mailbox.objects.order_by("name", "pk")) if may(person(request), ACCESS) else []
    if request.method != "POST":
        start = {"language": person(request).language, "mailboxes": [mailbox.pk for mailbox in mailboxes]}
        return _ask(request, ColleagueForm(among=mailboxes, initial=start), mailboxes)
    form = ColleagueForm(request.POST, among=mailboxes)
    if not form.is_valid():
        return _ask(request, form, mailboxes)
    typed = form.cleaned_data
    chosen = [mailbox for mailbox in mailboxes if mailbox.pk in typed["mailboxes"]]
    by = person(request)
    try:
        with transaction.atomic():
            colleague = add_person(
                name=typed["name"], email=typed["email"], password=typed["password"], language=typed["language"], by=by
            )
            for mailbox in chosen:
                let_in(mailbox, user=colleague, by=by)
    except PersonRefused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        return _ask(request, form, mailboxes)
    return HttpResponseRedirect(f"{reverse('settings-people')}?saved=1")


@require_safe
@needs(PEOPLE, ACCESS)
def colleague(request: HttpRequest, person_id: int) -> HttpResponse:
    """Show one colleague."""
    return _show(request, get_object_or_404(User, pk=person_id))


@sensitive_post_parameters()
@require_POST
@needs(PEOPLE)
@sudo_needed
def given_password(request: HttpRequest, person_id: int) -> HttpResponse:
    """Give a colleague who forgot theirs a new password; where they were signed in, they are no longer."""
    found = get_object_or_404(User, pk=person_id)
    if outranks(found, other=person(request)):
        # Whoever knows somebody's password has all their rights.
        raise NotAllowed(_("Their role allows more than yours, so their password is not yours to set."))
    form = GivenPasswordForm(request.POST, prefix="password")
    if not form.is_valid():
        return _show(request, found, password=form)
    try:
        set_password(found, password=form.cleaned_data["new"], by=person(request))
    except PersonRefused as refused:
        form.add_error("new", str(refused))
        return _show(request, found, password=form)
    return HttpResponseRedirect(f"{reverse('settings-person', args=[found.pk])}?saved=1")


def _ask(request: HttpRequest, form: ColleagueForm, mailboxes: list[Mailbox]) -> HttpResponse:
    context = {"tab": "people", "form": form, "mailboxes": mailboxes}
    return shell.page(request, "settings_person_new.html", context, status=422 if form.is_bound else 200)


def _show(request: HttpRequest, found: User, *, password: Form | None = None) -> HttpResponse:
    context = {"tab": "people", "colleague": found, "password": password or GivenPasswordForm(prefix="password")}
    return shell.page(request, "settings_person.html", context, status=422 if password else 200)
