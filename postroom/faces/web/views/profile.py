"""My own profile: what I am called, what I read, how I sign in."""

from django.contrib.auth import update_session_auth_hash
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from postroom.core.accounts.actions.people import PersonRefused
from postroom.core.accounts.actions.profile import change_profile, set_password
from postroom.faces.web import shell
from postroom.faces.web.access import person, signed_in
from postroom.faces.web.forms.people import PasswordForm, ProfileForm


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
        return _show(request)
    form = ProfileForm(request.POST, prefix="profile")
    if not form.is_valid():
        return _show(request, profile=form)
    try:
        change_profile(me, **form.cleaned_data, by=me)
    except PersonRefused as refused:
        form.add_error(refused.field, str(refused))
        return _show(request, profile=form)
    return HttpResponseRedirect(f"{reverse('settings-profile')}?saved=1")


@sensitive_post_parameters()
@require_POST
@signed_in
def password(request: HttpRequest) -> HttpResponse:
    """Change my password; my other sessions end, this one stays."""
    me = person(request)
    form = PasswordForm(request.POST, prefix="password", person=me)
    if not form.is_valid():
        return _show(request, password=form)
    try:
        set_password(me, password=form.cleaned_data["new"], by=me, keep_session=request.session.session_key or "")
    except PersonRefused as refused:
        form.add_error("new", str(refused))
        return _show(request, password=form)
    update_session_auth_hash(request, me)
    return HttpResponseRedirect(f"{reverse('settings-profile')}?saved=1")


def _show(request: HttpRequest, *, profile: Form | None = None, password: Form | None = None) -> HttpResponse:
    me = person(request)
    present = {"name": me.name, "language": me.language, "single_keys": me.single_keys}
    context = {
        "tab": "profile",
        "profile": profile or ProfileForm(initial=present, prefix="profile"),
        "password": password or PasswordForm(prefix="password", person=me),
    }
    return shell.page(request, "settings_profile.html", context, status=422 if profile or password else 200)
