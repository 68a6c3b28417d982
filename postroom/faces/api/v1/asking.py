"""One request of a program, and what it is answered."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse

from postroom.core.accounts.models import ApiToken, User
from postroom.lib import problem_details

if TYPE_CHECKING:
    from postroom.faces.api.v1.shapes import Shape


@dataclass(frozen=True)
class Asking:
    """Who asks what, by which token."""

    request: HttpRequest
    token: ApiToken

    @property
    def user(self) -> User:
        """Return as whom the program comes."""
        return self.token.user


@dataclass(frozen=True)
class Answer:
    """What a program gets; without a shape there is no body."""

    shape: "Shape | None" = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


class Problem(Exception):
    """A refusal. Nothing was taken and nothing was changed; `code` is for programs, the sentence for people."""

    def __init__(
        self,
        status: int,
        code: str,
        sentence: str,
        *,
        more: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(sentence)
        self.status, self.code, self.more, self.headers = status, code, more or {}, headers or {}

    def response(self) -> HttpResponse:
        """Return it as it is answered."""
        body = problem_details.body(self.status, code=self.code, detail=str(self), more=self.more)
        return HttpResponse(
            body, status=self.status, content_type=problem_details.MEDIA_TYPE, headers=dict(self.headers)
        )
