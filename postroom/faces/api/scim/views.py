"""The door for directories (SCIM, RFC 7644): a token, no session, no cookie."""

import json
import re

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from postroom.core.accounts.actions.directory_tokens import token_of
from postroom.core.accounts.models import DirectoryToken

# RFC 7644 4: how to show who one is must be readable before it.
_OPEN = "ServiceProviderConfig"
_MOST = 1024 * 1024
_MEDIA_TYPE = "application/scim+json"
_BEARER = re.compile(r"Bearer +([A-Za-z0-9._~+/=-]{1,200}) *", re.IGNORECASE)


@csrf_exempt
def scim(request: HttpRequest, path: str | None = "") -> HttpResponse:
    """Answer whatever a directory asks. 401 without a token of ours, before anything else is looked at."""
    path = (path or "").strip("/")
    token = _shown(request)
    if token is None and path != _OPEN:
        return _refused(401, "Show a token of this Postroom: Authorization: Bearer …", "Bearer")
    body = request.read(_MOST + 1)
    if len(body) > _MOST:
        return _refused(413, "This is larger than the megabyte that is read here. Nothing was changed.")
    return _answer(request, path=path, body=body, token=token)


def _shown(request: HttpRequest) -> DirectoryToken | None:
    found = _BEARER.fullmatch(request.headers.get("Authorization", ""))
    return token_of(found[1]) if found else None


def _answer(request: HttpRequest, *, path: str, body: bytes, token: DirectoryToken | None) -> HttpResponse:
    # Not at start-up: pydantic and its models take a third of a second.
    from postroom.faces.api.scim.answering import answer

    base = (settings.POSTROOM_BASE_URL or request.build_absolute_uri("/").rstrip("/")) + "/scim/v2"
    told = answer(
        method=request.method or "GET",
        base=base,
        path=path,
        query=request.GET.dict(),
        headers=dict(request.headers.items()),
        body=body,
        token=token,
    )
    content = b"" if told.body is None else json.dumps(told.body).encode()
    response = HttpResponse(content, status=told.status.value)
    for name, value in told.headers.items():
        response.headers[name] = value
    response.headers["Cache-Control"] = "no-store"
    return response


def _refused(status: int, detail: str, challenge: str = "") -> HttpResponse:
    body = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"], "status": str(status), "detail": detail}
    response = HttpResponse(json.dumps(body), status=status, content_type=_MEDIA_TYPE)
    if challenge:
        response.headers["WWW-Authenticate"] = challenge
    response.headers["Cache-Control"] = "no-store"
    return response
