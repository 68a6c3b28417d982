import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.test import Client

from postroom.core.accounts.actions.directory_tokens import make_token
from postroom.core.accounts.models import User


@dataclass
class Okta:
    """A directory with its token."""

    token: str
    client: Client = field(default_factory=Client)

    def __call__(self, method: str, path: str, body: object = None, **headers: str) -> Any:
        """Ask for a path below the base; `body` is sent as JSON, or as it is when it is bytes."""
        sent = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        headers = {"Authorization": f"Bearer {self.token}"} | headers
        kind = "application/scim+json"
        return self.client.generic(method, f"/scim/v2{path}", sent, content_type=kind, headers=headers)

    def bring(self, who: str, /, **more: object) -> dict[str, Any]:
        """Add somebody and return them as they came back."""
        wanted = {"schemas": [USER], "userName": f"{who}@X.example", "displayName": who.capitalize(), "active": True}
        answer = self("POST", "/Users", wanted | more)
        assert answer.status_code == 201, answer.content
        told: dict[str, Any] = answer.json()
        return told

    def change(self, path: str, *operations: Mapping[str, object]) -> Any:
        """Send a PATCH."""
        patch = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
        return self("PATCH", path, {"schemas": [patch], "Operations": list(operations)})


USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"


@pytest.fixture
def okta(alice: User) -> Okta:
    """A directory that Alice, the owner, has let in."""
    return Okta(make_token(name="Okta", by=alice))
