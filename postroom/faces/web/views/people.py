"""The people of the team; only the owner adds and changes them."""

from django.db import transaction
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from postroom.core.accounts.actions.join import let_in, take_out
from postroom.core.accounts.actions.people import PersonRefused, add_person
from postroom.core.accounts.actions.profile import set_password
from postroom.core.accounts.models import Mailbox, User
from postroom.faces.web import shell
from postroom.faces.web.access import owner_only, person, signed_in
from postroom.faces.web.forms.people import ColleagueForm, GivenPasswordForm, MailboxesForm


@require_safe
@signed_in
def people(request: HttpRequest) -> HttpResponse:
    """List everybody who can sign in."""
    everybody = User.objects.prefetch_related("mailboxes").order_by("-is_active", "name", "pk")
    return shell.page(request, "settings_people.html", {"tab": "people", "people": everybody})


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@owner_only
def new_colleague(request: HttpRequest) -> HttpResponse:
    """Ask for a new colleague, or add them with the mailboxes they will see."""
    mailboxes = list(Mailbox.objects.order_by("name", "pk"))
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


@require_http_methods(["GET", "HEAD", "POST"])
@owner_only
def colleague(request: HttpRequest, person_id: int) -> HttpResponse:
    """Show one colleague, or change which mailboxes they see."""
    found = get_object_or_404(User, pk=person_id)
    mailboxes = list(Mailbox.objects.order_by("name", "pk"))
    if request.method != "POST":
        return _show(request, found, mailboxes)
    form = MailboxesForm(request.POST, among=mailboxes, prefix="seen")
    if not form.is_valid():
        return _show(request, found, mailboxes, seen=form)
    for mailbox in mailboxes:
        change = let_in if mailbox.pk in form.cleaned_data["mailboxes"] else take_out
        change(mailbox, user=found, by=person(request))
    return HttpResponseRedirect(f"{reverse('settings-person', args=[found.pk])}?saved=1")


@sensitive_post_parameters()
@require_POST
@owner_only
def given_password(request: HttpRequest, person_id: int) -> HttpResponse:
    """Give a colleague who forgot theirs a new password; where they were signed in, they are no longer."""
    found = get_object_or_404(User, pk=person_id)
    form = GivenPasswordForm(request.POST, prefix="password")
    if not form.is_valid():
        return _show(request, found, list(Mailbox.objects.order_by("name", "pk")), password=form)
    try:
        set_password(found, password=form.cleaned_data["new"], by=person(request))
    except PersonRefused as refused:
        form.add_error("new", str(refused))
        return _show(request, found, list(Mailbox.objects.order_by("name", "pk")), password=form)
    return HttpResponseRedirect(f"{reverse('settings-person', args=[found.pk])}?saved=1")


def _ask(request: HttpRequest, form: ColleagueForm, mailboxes: list[Mailbox]) -> HttpResponse:
    context = {"tab": "people", "form": form, "mailboxes": mailboxes}
    return shell.page(request, "settings_person_new.html", context, status=422 if form.is_bound else 200)


def _show(
    request: HttpRequest,
    found: User,
    mailboxes: list[Mailbox],
    *,
    seen: Form | None = None,
    password: Form | None = None,
) -> HttpResponse:
    present = list(found.mailboxes.values_list("pk", flat=True))
    context = {
        "tab": "people",
        "colleague": found,
        "mailboxes": mailboxes,
        "seen": seen or MailboxesForm(among=mailboxes, prefix="seen", initial={"mailboxes": present}),
        "password": password or GivenPasswordForm(prefix="password"),
    }
    return shell.page(request, "settings_person.html", context, status=422 if seen or password else 200)
