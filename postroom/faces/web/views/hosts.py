"""The hosts inside our own network that requests may go to: mail servers, directories, whatever a person names."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from postroom.core.accounts.actions.hosts import HostRefused, allow_host, forbid_host
from postroom.core.accounts.permissions import SECURITY
from postroom.core.accounts.policy import policy
from postroom.faces.web import shell
from postroom.faces.web.access import needs, person


@require_http_methods(["GET", "HEAD", "POST"])
@needs(SECURITY)
def hosts(request: HttpRequest) -> HttpResponse:
    """List the allowed hosts, or allow one more."""
    typed, mistake = "", ""
    if request.method == "POST":
        typed = request.POST.get("host", "")[:300]
        try:
            allow_host(typed, by=person(request))
        except HostRefused as refused:
            mistake = str(refused)
        else:
            return HttpResponseRedirect(f"{reverse('settings-hosts')}?saved=1")
    context = {
        "tab": "security",
        "hosts": policy().allowed_hosts,
        "fixed": settings.POSTROOM_INSIDE_HOSTS,
        "typed": typed,
        "mistake": mistake,
    }
    return shell.page(request, "settings_hosts.html", context, status=422 if mistake else 200)


@require_POST
@needs(SECURITY)
def removal(request: HttpRequest) -> HttpResponse:
    """Allow a host no longer; a second click changes nothing."""
    forbid_host(request.POST.get("host", ""), by=person(request))
    return HttpResponseRedirect(f"{reverse('settings-hosts')}?saved=1")
