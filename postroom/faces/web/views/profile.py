"""My own profile: what I am called, what I read, how I sign in."""

from django.contrib.auth import update_session_auth_hash
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from postroom.core.accounts.actions.people import PersonRefused
from postroom.core.accounts.actions.profile import change_profile, set_password
from postroom.core.accounts.actions.signature import set_signature
from postroom.core.accounts.models import Signature
from postroom.core.accounts.queries import mailboxes_of
from postroom.core.accounts.time_zones import time_zones
from postroom.faces.web import shell
from postroom.faces.web.access import person, signed_in
from postroom.faces.web.forms.absence import AbsenceForm, as_said
from postroom.faces.web.forms.inviting import SignaturesForm
from postroom.faces.web.forms.people import PasswordForm
from postroom.faces.web.forms.profile import ProfileForm, as_typed, weekday_names
from postroom.lib.pictures import LARGEST_FILE


@require_safe
@signed_in
def settings_home(_request: HttpRequest) -> HttpResponse:
    """Settings begin with one's own."""
    return HttpResponseRedirect(reverse("settings-profile"))


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def profile(request: HttpRequest) -> HttpResponse:
    """Show my profile, or change it."""
    me = person(request)
    if request.method != "POST":
        return show(request)
    form = ProfileForm(request.POST, prefix="profile")
    if not form.is_valid():
        return show(request, profile=form, status=422)
    typed = form.cleaned_data
    try:
        change_profile(
            me,
            name=typed["name"],
            language=typed["language"],
            single_keys=typed["single_keys"],
            time_zone=typed["time_zone"],
            working_hours=form.hours,
            by=me,
        )
    except PersonRefused as refused:
        form.add_error(refused.field, str(refused))
        return show(request, profile=form, status=422)
    return HttpResponseRedirect(f"{reverse('settings-profile')}?saved=1")


@sensitive_post_parameters()
@require_POST
@signed_in
def password(request: HttpRequest) -> HttpResponse:
    """Change my password; my other sessions end, this one stays."""
    me = person(request)
    form = PasswordForm(request.POST, prefix="password", person=me)
    if not form.is_valid():
        return show(request, password=form, status=422)
    try:
        set_password(me, password=form.cleaned_data["new"], by=me, keep_session=request.session.session_key or "")
    except PersonRefused as refused:
        form.add_error("new", str(refused))
        return show(request, password=form, status=422)
    update_session_auth_hash(request, me)
    return HttpResponseRedirect(f"{reverse('settings-profile')}?saved=1")


@require_POST
@signed_in
def signatures(request: HttpRequest) -> HttpResponse:
    """Change how I sign in my mailboxes."""
    me = person(request)
    mine = list(mailboxes_of(me))
    form = SignaturesForm(request.POST, among=mine)
    if not form.is_valid():
        return show(request, signatures=form, status=422)
    for mailbox in mine:
        set_signature(me, mailbox=mailbox, text=form.cleaned_data[f"mailbox-{mailbox.pk}"], by=me)
    return HttpResponseRedirect(f"{reverse('settings-profile')}?saved=1")


def show(
    request: HttpRequest,
    *,
    profile: Form | None = None,
    password: Form | None = None,
    signatures: Form | None = None,
    absence: Form | None = None,
    photo_mistake: str = "",
    status: int = 200,
) -> HttpResponse:
    """Show all that is mine, each form as it is or with what was typed."""
    me = person(request)
    mine = list(mailboxes_of(me))
    own = {f"mailbox-{one.mailbox_id}": one.text for one in Signature.objects.filter(user=me)}
    context = {
        "tab": "profile",
        "profile": profile or ProfileForm(initial=as_typed(me), prefix="profile"),
        "weekdays": weekday_names(),
        "zones": sorted(time_zones()),
        "zone_here": timezone.get_default_timezone_name(),
        "password": password or PasswordForm(prefix="password", person=me),
        "signatures": signatures or SignaturesForm(among=mine, initial=own),
        "absence": absence or AbsenceForm(initial=as_said(me), prefix="absence", me=me),
        "signing": mine,
        "photo_mistake": photo_mistake,
        "largest_photo": LARGEST_FILE,
    }
    return shell.page(request, "settings_profile.html", context, status=status)
