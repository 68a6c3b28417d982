"""Answer one request of a directory by the SCIM library, on our people and teams."""

from collections.abc import Mapping
from functools import cache

from scim2_models import SCIMException
from scim2_server.handler import ScimHandler
from scim2_server.requests import ScimRequest
from scim2_server.responses import ScimResponse
from scim2_server.service import ScimService

from postroom.core.accounts.actions.directory import Directory
from postroom.core.accounts.models import DirectoryToken
from postroom.faces.api.scim.shapes import provider
from postroom.faces.api.scim.storage import Kept

_READS = ("GET", "HEAD")


def answer(
    *,
    method: str,
    base: str,
    path: str,
    query: Mapping[str, str],
    headers: Mapping[str, str],
    body: bytes,
    token: DirectoryToken | None,
) -> ScimResponse:
    """Return what a directory gets; a refusal with its status, and a fault of ours crashes as any other."""
    maker = token.made_by if token else None
    storage = Kept(
        by=Directory(actor_id=token.pk if token else None, name=token.name if token else ""),
        is_owners=maker is not None and maker.is_owner and maker.is_active,
        writes=method not in _READS,
    )
    asked = "GET" if method == "HEAD" else method
    request = ScimRequest(method=asked, base_url=base, path=f"/{path}", query=query, headers=headers, body=body)
    try:
        response = ScimHandler(_service(), storage).handle(request)
    except SCIMException as refused:
        return _service().error_response(refused)
    return response


@cache
def _service() -> ScimService:
    return ScimService(provider())
