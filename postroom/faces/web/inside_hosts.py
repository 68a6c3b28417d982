"""Who may say that a server inside our own network is one of ours, and keep what was ticked."""

from django.http import HttpRequest

from postroom.core.accounts.actions.hosts import allow_host
from postroom.core.accounts.permissions import SECURITY, may
from postroom.faces.web.access import person
from postroom.faces.web.forms.mail_servers import ServerForm


def may_allow(request: HttpRequest) -> bool:
    """Tell whether this person may let requests go to a host inside our own network."""
    return may(person(request), SECURITY)


def keep_allowed(form: ServerForm, request: HttpRequest) -> None:
    """Allow the host that was ticked in a valid form, before its server is tried and used."""
    if host := form.allowed_host():
        allow_host(host, by=person(request))
