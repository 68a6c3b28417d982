"""Hold back whoever should have a second factor and has none."""

from collections.abc import Callable
from datetime import date
from urllib.parse import urlencode

from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve, reverse

from postroom.core.accounts.models import SecurityPolicy, User
from postroom.core.accounts.policy import NOBODY, policy, second_factor_is_due
from postroom.core.accounts.second_factors import is_missed
from postroom.faces.web.signing_in.entering import SHOWN_ELSEWHERE

Respond = Callable[[HttpRequest], HttpResponseBase]

# All that is left to them: adding one, which asks who they are again, and leaving.
_LEFT = ("settings-second-factor", "sign-in-again", "sign-out", "language", "health", "favicon", "robots")
_MISSED = "_missed_second_factor"


def when_due(get_response: Respond) -> Respond:
    """Show somebody who has to add a second factor nothing but the page to do so; before that day, a reminder."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if request.user.is_authenticated:
            rules = _broken_rules(request.user, session=request.session)
            setattr(request, _MISSED, rules)
            if rules and second_factor_is_due(request.user, asked=rules) and not _is_left(request):
                return _lead_away(request)
        return get_response(request)

    return middleware


def holds_back(user: User, *, session: SessionBase) -> bool:
    """Tell whether this person gets no further in this session before they have added a second factor."""
    rules = _broken_rules(user, session=session)
    return rules is not None and second_factor_is_due(user, asked=rules)


def is_held(request: HttpRequest) -> bool:
    """Tell whether this person is held back until they have added a second factor."""
    rules = _missed(request)
    return rules is not None and second_factor_is_due(request.user, asked=rules)  # type: ignore[arg-type]


def reminder(request: HttpRequest) -> date | None:
    """Return the day from which this person needs a second factor, while they have none and it has not come."""
    rules = _missed(request)
    return rules.second_factor_by if rules and not is_held(request) else None


def _broken_rules(user: User, *, session: SessionBase) -> SecurityPolicy | None:
    """Return the policy when this person has not what it asks of them, now or later."""
    rules = policy()
    if rules.second_factor == NOBODY or session.get(SHOWN_ELSEWHERE) or not is_missed(user, asked=rules):
        return None
    return rules


def _missed(request: HttpRequest) -> SecurityPolicy | None:
    return getattr(request, _MISSED, None)


def _is_left(request: HttpRequest) -> bool:
    try:
        name = resolve(request.path_info).url_name or ""
    except Resolver404:
        return False
    return name.startswith(_LEFT)


def _lead_away(request: HttpRequest) -> HttpResponse:
    address = reverse("settings-second-factor")
    if "HX-Request" in request.headers:
        response = HttpResponse(status=403)
        response["HX-Redirect"] = address
        return response
    back = {"next": request.get_full_path()} if request.method == "GET" and request.path != "/" else {}
    return HttpResponseRedirect(f"{address}?{urlencode(back)}" if back else address)
