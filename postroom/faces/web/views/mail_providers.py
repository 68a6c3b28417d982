"""The providers that mailboxes sign in at. Whoever keeps all mailboxes names them."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from postroom.channels.mail.actions.providers import ProviderRefused, drop_provider, name_provider
from postroom.channels.mail.models import OAuthClient
from postroom.core.accounts.permissions import MAILBOXES
from postroom.faces.web import shell
from postroom.faces.web.access import needs, person
from postroom.faces.web.forms.providers import ProviderForm, present


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@needs(MAILBOXES)
def providers(request: HttpRequest) -> HttpResponse:
    """List the providers, or name one."""
    form = ProviderForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        name_provider(form.cleaned_data["kind"], home=form.home(), registration=form.registration(), by=person(request))
        return HttpResponseRedirect(f"{reverse('settings-mail-providers')}?saved=1")
    context = {
        "tab": "mailboxes",
        "providers": OAuthClient.objects.order_by("pk"),
        "form": form,
        "redirect": redirect_address(request),
    }
    return shell.page(request, "settings_mail_providers.html", context, status=422 if form.errors else 200)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@needs(MAILBOXES)
def provider(request: HttpRequest, client_id: int) -> HttpResponse:
    """Show a provider, or say what is new about it."""
    found = get_object_or_404(OAuthClient, pk=client_id)
    form = ProviderForm(request.POST if request.method == "POST" else None, initial=present(found), kept=found)
    if request.method == "POST" and form.is_valid():
        by = person(request)
        name_provider(found.kind, home=form.home(), registration=form.registration(), client=found, by=by)
        return HttpResponseRedirect(f"{reverse('settings-mail-providers')}?saved=1")
    return _show(request, found, form)


@require_POST
@needs(MAILBOXES)
def removal(request: HttpRequest, client_id: int) -> HttpResponse:
    """Forget a provider that no mailbox uses."""
    found = get_object_or_404(OAuthClient, pk=client_id)
    try:
        drop_provider(found, by=person(request))
    except ProviderRefused as refused:
        return _show(request, found, ProviderForm(initial=present(found), kept=found), refused=str(refused))
    return HttpResponseRedirect(f"{reverse('settings-mail-providers')}?saved=1")


def redirect_address(request: HttpRequest) -> str:
    """Return where providers send people back to; it has to be registered there, letter for letter."""
    return request.build_absolute_uri(reverse("mail-sign-in-back"))


def _show(request: HttpRequest, found: OAuthClient, form: ProviderForm, *, refused: str = "") -> HttpResponse:
    context = {"tab": "mailboxes", "provider": found, "form": form, "redirect": redirect_address(request)}
    status = 422 if form.errors or refused else 200
    return shell.page(request, "settings_mail_provider.html", context | {"refused": refused}, status=status)
