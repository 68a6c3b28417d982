"""The door for programs: a token, never a cookie; then the method, the pace, and what was asked."""

import re
from collections.abc import Mapping

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from postroom.core.accounts.api_tokens import token_of, used, why_ended, why_held_back
from postroom.core.accounts.devices import API_TOKEN
from postroom.core.accounts.guessing import Attempt, TooManyTries, remember_failure
from postroom.core.accounts.models import ApiToken
from postroom.core.audit.origin import Origin, coming_from, present_origin
from postroom.core.conversations.allowed import NotAllowed
from postroom.faces.api.v1.asking import Answer, Asking, Problem
from postroom.faces.api.v1.pace import BUCKETS, READING, WRITING
from postroom.faces.api.v1.routes import Route

_BEARER = re.compile(r"Bearer +([A-Za-z0-9._~+/=-]{1,200}) *", re.IGNORECASE)
_BY_TOKEN = "token"
Methods = Mapping[str, Route]


# Nothing here looks at a cookie, so that a page of somebody else's has nothing to send along.
@csrf_exempt
def door(request: HttpRequest, *, methods: Methods, **numbers: int) -> HttpResponse:
    """Answer one request below /api/v1; every refusal is a problem with a sentence."""
    try:
        response = _open(request, methods) if _is_open(methods) else _with_token(request, methods, numbers)
    except Problem as problem:
        response = problem.response()
    except NotAllowed as refusal:
        response = Problem(403, "not-allowed", str(refusal)).response()
    except Http404:
        sentence = _("This is not here, or not for the person whose token it is.")
        response = Problem(404, "not-here", sentence).response()
    response.headers.setdefault("Cache-Control", "no-store")
    return response


@csrf_exempt
def nothing_here(request: HttpRequest) -> HttpResponse:
    """Say that there is no such address."""
    del request
    sentence = _("There is no such address. /api/v1/openapi.json lists all there are.")
    return Problem(404, "no-such-address", sentence).response()


def _is_open(methods: Methods) -> bool:
    return all(route.open for route in methods.values())


def _open(request: HttpRequest, methods: Methods) -> HttpResponse:
    return _answered(_done(_route(request, methods), None, {}))


def _with_token(request: HttpRequest, methods: Methods, numbers: Mapping[str, int]) -> HttpResponse:
    token = _shown(request)
    origin = present_origin()
    with coming_from(Origin(ip=origin.ip, device=f"{API_TOKEN}{token.name.replace(';', ',')}; {origin.device}")):
        used(token, ip=origin.ip, agent=origin.device)
        route = _route(request, methods)
        if route.answers and not token.answers:
            raise Problem(403, "scope", _("This token may only read. Nothing was changed. Make one that may answer."))
        _keep_pace(token, route)
        return _answered(_done(route, Asking(request, token), numbers))


def _shown(request: HttpRequest) -> ApiToken:
    found = _BEARER.fullmatch(request.headers.get("Authorization", ""))
    if found is None:
        raise _unknown(_("Show a token of this Postroom: Authorization: Bearer postroom_api_…"))
    token = token_of(found[1])
    if token is None:
        _count_guess()
        raise _unknown(_("This is no token of this Postroom. Make one under Settings, API tokens."))
    if sentence := why_ended(token):
        raise _unknown(sentence)
    if sentence := why_held_back(token):
        raise Problem(403, "held-back", sentence)
    return token


def _unknown(sentence: str) -> Problem:
    return Problem(401, "no-token", sentence, headers={"WWW-Authenticate": 'Bearer realm="Postroom"'})


def _count_guess() -> None:
    """Slow down a network that shows wrong tokens. A good one is known before this is asked, and never waits for it."""
    ip = present_origin().ip
    try:
        remember_failure(Attempt(account=ip, ip=ip, means=_BY_TOKEN))
    except TooManyTries as refusal:
        raise Problem(429, "wait", str(refusal), headers={"Retry-After": str(refusal.seconds)}) from None


def _route(request: HttpRequest, methods: Methods) -> Route:
    route = methods.get("GET" if request.method == "HEAD" else request.method or "")
    if route is None:
        allowed = ", ".join(methods)
        sentence = _("This address knows only %(methods)s.") % {"methods": allowed}
        raise Problem(405, "method", sentence, headers={"Allow": allowed})
    return route


def _keep_pace(token: ApiToken, route: Route) -> None:
    if seconds := BUCKETS.wait(token.pk, WRITING if route.answers else READING):
        sentence = _("This token asks too fast. Nothing was changed. Wait %(n)s s, then ask again.") % {"n": seconds}
        raise Problem(429, "wait", sentence, headers={"Retry-After": str(seconds)})


def _done(route: Route, asking: Asking | None, numbers: Mapping[str, int]) -> Answer | HttpResponse:
    # Not at start-up: pydantic and its models take a third of a second.
    from postroom.faces.api.v1.doing import DOING, describe

    return describe() if asking is None else DOING[route.does](asking, *numbers.values())


def _answered(answer: Answer | HttpResponse) -> HttpResponse:
    if isinstance(answer, HttpResponse):
        return answer
    body = answer.shape.model_dump_json(by_alias=True).encode() if answer.shape else b""
    kind = "application/json"
    return HttpResponse(body, status=answer.status, content_type=kind, headers=dict(answer.headers))
