"""My second factor: an app, passkeys, recovery codes."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from postroom.core.accounts.actions.second_factors import (
    SecondFactorRefused,
    add_app,
    add_passkey,
    remove_factor,
    rename_passkey,
    renew_codes,
    take_unseen_codes,
)
from postroom.core.accounts.actions.show_code import step_of
from postroom.core.accounts.policy import asks_second_factor
from postroom.core.accounts.second_factors import APP, PASSKEY, second_factors_of
from postroom.faces.web.access import person, signed_in
from postroom.faces.web.signing_in import passkeys, seed
from postroom.faces.web.signing_in.framing import framed
from postroom.faces.web.signing_in.sudo import sudo_needed


@require_safe
@signed_in
def second_factor(request: HttpRequest) -> HttpResponse:
    """Show what I have, and offer more."""
    return _show(request)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@sudo_needed
def app(request: HttpRequest) -> HttpResponse:
    """Show the picture that an authenticator app takes, or take its first code."""
    me = person(request)
    if second_factors_of(me).app_added:
        return HttpResponseRedirect(reverse("settings-second-factor"))
    if request.method != "POST":
        return _ask_for_code(request)
    secret = seed.kept(request)
    step = step_of(secret, code="".join(request.POST.get("code", "")[:20].split())) if secret else None
    if step is None:
        mistake = _("This is not the code that the app shows now. Is the clock of your phone right?")
        return _ask_for_code(request, mistake=mistake)
    try:
        add_app(me, secret=secret, used_step=step)
    except SecondFactorRefused as refusal:
        return _show(request, mistake=str(refusal))
    seed.forget(request)
    return _added(request)


@require_POST
@signed_in
@sudo_needed
def app_removal(request: HttpRequest) -> HttpResponse:
    """Take the app away."""
    return _remove(request, kind=APP)


@require_POST
@signed_in
@sudo_needed
def passkey_options(request: HttpRequest) -> HttpResponse:
    """Tell the browser how to make a passkey."""
    return passkeys.options_to_make(person(request), signs_in=bool(request.POST.get("signs_in")))


@require_POST
@signed_in
@sudo_needed
def passkey_adding(request: HttpRequest) -> HttpResponse:
    """Keep the passkey that the browser made."""
    try:
        credential = passkeys.made(request)
        add_passkey(person(request), name=request.POST.get("name", ""), credential=credential)
    except (passkeys.PasskeyRefused, SecondFactorRefused) as refusal:
        return _show(request, mistake=str(refusal))
    return _added(request)


@require_POST
@signed_in
@sudo_needed
def passkey_naming(request: HttpRequest, passkey_id: int) -> HttpResponse:
    """Call a passkey differently."""
    rename_passkey(person(request), passkey_id=passkey_id, name=request.POST.get("name", ""))
    return HttpResponseRedirect(f"{reverse('settings-second-factor')}?saved=1")


@require_POST
@signed_in
@sudo_needed
def passkey_removal(request: HttpRequest, passkey_id: int) -> HttpResponse:
    """Take a passkey away."""
    return _remove(request, kind=PASSKEY, passkey_id=passkey_id)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@sudo_needed
def codes(request: HttpRequest) -> HttpResponse:
    """Show new recovery codes this once, or make others."""
    me = person(request)
    if request.method == "POST":
        try:
            renew_codes(me)
        except SecondFactorRefused as refusal:
            return _show(request, mistake=str(refusal))
        return HttpResponseRedirect(reverse("settings-second-factor-codes"))
    fresh = take_unseen_codes(me) if request.method == "GET" else []
    if not fresh:
        return HttpResponseRedirect(reverse("settings-second-factor"))
    host = settings.POSTROOM_BASE_URL or f"{request.scheme}://{request.get_host()}"
    return framed(request, "second_factor_codes.html", {"codes": fresh, "person": me, "address": host})


def _added(request: HttpRequest) -> HttpResponse:
    unseen = second_factors_of(person(request)).codes_unseen
    name = "settings-second-factor-codes" if unseen else "settings-second-factor"
    return HttpResponseRedirect(reverse(name) + ("" if unseen else "?saved=1"))


def _remove(request: HttpRequest, *, kind: str, passkey_id: int | None = None) -> HttpResponse:
    try:
        remove_factor(person(request), kind=kind, passkey_id=passkey_id)
    except SecondFactorRefused as refusal:
        return _show(request, mistake=str(refusal))
    return HttpResponseRedirect(f"{reverse('settings-second-factor')}?saved=1")


def _ask_for_code(request: HttpRequest, *, mistake: str = "") -> HttpResponse:
    secret = seed.kept(request) if mistake else ""
    context = {"app": seed.picture(person(request), secret=secret or seed.make(request)), "mistake": mistake}
    return framed(request, "second_factor_app.html", context, status=422 if mistake else 200)


def _show(request: HttpRequest, *, mistake: str = "") -> HttpResponse:
    me = person(request)
    context = {
        "factors": second_factors_of(me),
        "asked": asks_second_factor(me),
        "mistake": mistake,
        "recovered": bool(request.GET.get("recovered")),
        "person": me,
    }
    return framed(request, "second_factor.html", context, status=422 if mistake else 200)
