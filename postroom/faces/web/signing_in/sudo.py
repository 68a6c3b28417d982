"""Ask again who somebody is, before what could hurt: a browser left open is not its owner."""

from functools import wraps
from typing import ParamSpec
from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse

from postroom.faces.web.access import View
from postroom.faces.web.signing_in import proof
from postroom.faces.web.signing_in.entering import safe

Rest = ParamSpec("Rest")
_LOOKS = ("GET", "HEAD", "OPTIONS")


def sudo_needed(view: View[Rest]) -> View[Rest]:
    """Ask for a password, code or passkey first when the last one was shown more than 15 minutes ago.

    Stands below `signed_in` or its like. Whoever only looks comes back by themselves; whoever wanted to change
    something comes back to the page with the form, since what they typed is kept nowhere.
    """

    @wraps(view)
    def checked(request: HttpRequest, /, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponseBase:
        return view(request, *args, **kwargs) if proof.is_fresh(request) else _ask(request)

    return checked


def sudo_to_change(view: View[Rest]) -> View[Rest]:
    """Ask as `sudo_needed` does, but let everybody look."""

    @wraps(view)
    def checked(request: HttpRequest, /, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponseBase:
        looks = request.method in _LOOKS
        return view(request, *args, **kwargs) if looks or proof.is_fresh(request) else _ask(request)

    return checked


def _ask(request: HttpRequest) -> HttpResponse:
    looks = request.method in _LOOKS and "HX-Request" not in request.headers
    back = request.get_full_path() if looks else _page_of(request)
    address = f"{reverse('sign-in-again')}?{urlencode({'next': back} | ({} if looks else {'undone': 1}))}"
    if "HX-Request" in request.headers:
        # A fragment cannot be the page that asks; htmx leaves the whole page for it.
        response = HttpResponse(status=403)
        response["HX-Redirect"] = address
        return response
    return HttpResponseRedirect(address)


def _page_of(request: HttpRequest) -> str:
    """Return the page on which the form stood, as far as the browser says."""
    page = urlsplit(request.headers.get("Referer", ""))
    here = safe(request, request.headers.get("Referer", ""))
    path = page.path + (f"?{page.query}" if page.query else "")
    return path if here != "/" and path and path != reverse("sign-in-again") else reverse("settings")
