"""Answer only to the networks that the organisation has allowed, if it named any."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from postroom.core.accounts.allowed_networks import is_allowed
from postroom.faces.web.origin import client_ip
from postroom.lib import problem_details

Respond = Callable[[HttpRequest], HttpResponseBase]

# Asked by machines of whoever runs this Postroom; it says nothing of anybody's mail. Static files are served before.
_ANYWHERE = ("/health",)


def allowed_only(get_response: Respond) -> Respond:
    """Show everybody from elsewhere one calm page, whatever they ask for and whether they are signed in."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        ip = client_ip(request)
        if request.path in _ANYWHERE or is_allowed(ip):
            return get_response(request)
        # Before LocaleMiddleware, which needs no session to know the browser's language, but comes after it.
        with translation.override(translation.get_language_from_request(request)):
            return _refuse(request, ip=ip)

    return middleware


def _refuse(request: HttpRequest, *, ip: str) -> HttpResponse:
    sentence = _(
        "This Postroom answers only to the networks that its team has allowed, and %(address)s is in none of them. "
        "Connect as you do at work, for example through the VPN, or ask whoever runs it."
    ) % {"address": ip or _("an unknown address")}
    if request.path.startswith(problem_details.API):
        body = problem_details.body(403, code="wrong-network", detail=sentence)
        return HttpResponse(body, status=403, content_type=problem_details.MEDIA_TYPE)
    if "HX-Request" in request.headers:
        return HttpResponse(sentence, status=403, content_type="text/plain; charset=utf-8")
    return HttpResponse(render_to_string("wrong_network.html", {"sentence": sentence}, request=request), status=403)
