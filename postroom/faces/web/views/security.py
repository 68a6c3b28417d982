"""The rules of signing in: second factor, sessions, networks."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from postroom.core.accounts.actions.policy import PolicyRefused, change_policy
from postroom.core.accounts.permissions import SECURITY
from postroom.core.accounts.policy import policy
from postroom.faces.web import shell
from postroom.faces.web.access import needs, person
from postroom.faces.web.forms.security import SECOND_FACTORS, SecurityForm, present
from postroom.faces.web.origin import client_ip
from postroom.faces.web.signing_in.sudo import sudo_needed


@require_http_methods(["GET", "HEAD", "POST"])
@needs(SECURITY)
@sudo_needed
def security(request: HttpRequest) -> HttpResponse:
    """Show the rules, or let others hold."""
    if request.method != "POST":
        return _show(request, SecurityForm(initial=present(policy())))
    form = SecurityForm(request.POST)
    if not form.is_valid():
        return _show(request, form)
    try:
        change_policy(form.rules(), by=person(request), from_ip=client_ip(request))
    except PolicyRefused as refused:
        form.add_error(refused.field, str(refused))
        return _show(request, form)
    return HttpResponseRedirect(f"{reverse('settings-security')}?saved=1")


def _show(request: HttpRequest, form: SecurityForm) -> HttpResponse:
    context = {
        "tab": "security",
        "form": form,
        "second_factors": SECOND_FACTORS,
        "my_address": client_ip(request),
    }
    return shell.page(request, "settings_security.html", context, status=422 if form.is_bound else 200)
