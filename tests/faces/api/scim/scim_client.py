"""A directory as it comes to us: over HTTP, with its token."""

from typing import Annotated, Any
from uuid import uuid4

import requests
from pydantic import Field
from scim2_client import BaseSyncSCIMClient
from scim2_models import Required, ScimProvider, Uniqueness

from postroom.faces.api.scim import shapes


class HttpScimClient(BaseSyncSCIMClient):
    """The SCIM client library over a plain HTTP session."""

    def __init__(self, base: str, token: str, *, provider: ScimProvider | None = None) -> None:
        super().__init__(provider=provider)
        self.base = base
        self.session = requests.Session()
        self.session.headers["Authorization"] = f"Bearer {token}"

    def _stays_under_base_url(self, endpoint: str) -> bool:
        return endpoint.startswith((self.base, "/"))

    def _parse_json(self, response: Any) -> Any:
        return response.json()

    def request(self, method: str, url: str, **kwargs: Any) -> Any:
        """Ask; addresses are relative to ours unless they are whole."""
        whole = url if url.startswith("http") else self.base + url
        return self.session.request(method, whole, timeout=30, **kwargs)


# The tester draws from these: more than it ever needs.
_ADDRESSES = [f"{uuid4().hex}@team.example" for _one in range(5000)]


class User(shapes.User):
    """A person, as a directory knows them whose user names are mail addresses."""

    user_name: Annotated[str | None, Uniqueness.server, Required.true] = Field(None, examples=_ADDRESSES)


def provider() -> ScimProvider:
    """Return what our server serves, with such people."""
    return ScimProvider(models=[User, shapes.Group], policy=shapes.provider().policy)
