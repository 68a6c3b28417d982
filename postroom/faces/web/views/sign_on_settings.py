"""Who else may say who people are, and whether a password still does."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from postroom.core.accounts.actions.passwordless import name_glass_breakers, switch_passwords
from postroom.core.accounts.actions.sign_in_providers import remove_provider, save_provider
from postroom.core.accounts.models import OWNER, SignInProvider, User
from postroom.core.accounts.models.sign_on import LDAP, MICROSOFT, SAML
from postroom.core.accounts.passwordless import NoWayIn
from postroom.core.accounts.permissions import SECURITY
from postroom.core.accounts.policy import policy
from postroom.core.accounts.sign_on import has_worked_for
from postroom.faces.web import shell
from postroom.faces.web.access import needs, person
from postroom.faces.web.forms.sign_on import KINDS, ROLES, SECURITIES, ProviderForm, form_for
from postroom.faces.web.sign_on.trials import Verdict, tried
from postroom.faces.web.signing_in.sudo import sudo_to_change


@require_safe
@needs(SECURITY)
def providers(request: HttpRequest) -> HttpResponse:
    """List the providers, and say whether passwords are on."""
    return _list(request)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@needs(SECURITY)
@sudo_to_change
def provider_new(request: HttpRequest, kind: str) -> HttpResponse:
    """Name a new one."""
    if kind not in KINDS:
        raise Http404
    made = SignInProvider(kind=kind, name=KINDS[kind], trusts_addresses=kind in (SAML, LDAP))
    return _edit(request, made)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@needs(SECURITY)
@sudo_to_change
def provider(request: HttpRequest, provider_id: int) -> HttpResponse:
    """Show one, try it, or say what is new about it."""
    return _edit(request, get_object_or_404(SignInProvider, pk=provider_id))


@require_POST
@needs(SECURITY)
@sudo_to_change
def removal(request: HttpRequest, provider_id: int) -> HttpResponse:
    """Forget one."""
    try:
        remove_provider(get_object_or_404(SignInProvider, pk=provider_id), by=person(request))
    except NoWayIn as refused:
        return _list(request, refused=str(refused))
    return _done()


@require_POST
@needs(SECURITY)
@sudo_to_change
def passwords(request: HttpRequest) -> HttpResponse:
    """Switch passwords on or off, and say which owners may use one all the same."""
    chosen = User.objects.filter(role=OWNER, is_active=True, pk__in=_numbers(request.POST.getlist("break_glass")))
    try:
        name_glass_breakers(list(chosen), by=person(request))
        switch_passwords(on="off" not in request.POST, by=person(request))
    except NoWayIn as refused:
        return _list(request, refused=str(refused))
    return _done()


def _edit(request: HttpRequest, one: SignInProvider) -> HttpResponse:
    form = form_for(one)(request.POST if request.method == "POST" else None, provider=one)
    verdict, refused = None, ""
    if request.method == "POST" and form.is_valid():
        filled = form.fill()
        if "test" in request.POST:
            login = form.cleaned_data.get("login", "")
            verdict = tried(request, filled, secret=form.secret_typed() or "", login=login)
        else:
            try:
                boxes = list(form.cleaned_data["newcomers_mailboxes"])
                save_provider(filled, mailboxes=boxes, secret=form.secret_typed(), by=person(request))
            except NoWayIn as why:
                refused = str(why)
            else:
                return HttpResponseRedirect(f"{reverse('settings-sign-on-provider', args=[filled.pk])}?saved=1")
    return _form(request, one, form, verdict=verdict, refused=refused)


def _form(
    request: HttpRequest, one: SignInProvider, form: ProviderForm, *, verdict: Verdict | None, refused: str
) -> HttpResponse:
    family = one.kind if one.kind in (SAML, LDAP) else "openid"
    ours = {
        name: request.build_absolute_uri(reverse(pattern, args=[one.pk])) if one.pk else ""
        for name, pattern in (("back", "sign-on-back"), ("metadata", "saml-metadata"), ("saml_back", "saml-back"))
    }
    context = {
        "tab": "security",
        "provider": one,
        "form": form,
        "family": family,
        "ours": ours,
        "verdict": verdict,
        "refused": refused,
        "roles": ROLES,
        "securities": SECURITIES,
        "is_microsoft": one.kind == MICROSOFT,
    }
    return shell.page(request, "settings_sign_on_provider.html", context, status=422 if form.errors or refused else 200)


def _list(request: HttpRequest, *, refused: str = "") -> HttpResponse:
    context = {
        "tab": "security",
        "providers": SignInProvider.objects.order_by("name", "pk").prefetch_related("links"),
        "kinds": KINDS,
        "owners": User.objects.filter(role=OWNER, is_active=True).order_by("name", "pk"),
        "passwords_on": policy().password_sign_in,
        "worked_for_me": has_worked_for(person(request)),
        "refused": refused,
    }
    return shell.page(request, "settings_sign_on.html", context, status=422 if refused else 200)


def _done() -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('settings-sign-on')}?saved=1")


def _numbers(texts: list[str]) -> list[int]:
    return [int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 19]
