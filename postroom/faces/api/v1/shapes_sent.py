"""What programs send. A field that is not here is refused, so that a mistyped one is never taken for nothing."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, model_validator

MAX_HTML = 1_000_000
_Words = Annotated[str, StringConstraints(max_length=MAX_HTML)]
_Address = Annotated[str, StringConstraints(max_length=1000)]
_Addresses = Annotated[list[_Address], Field(max_length=200)]


class Sent(BaseModel):
    """A body as a program sends it."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class _Written(Sent):
    html: _Words | None = Field(default=None, description="Either this, cleaned as what the editor writes is,")
    text: _Words | None = Field(default=None, description="or this, whose lines are kept.")

    @model_validator(mode="after")
    def _one_of_them(self) -> "_Written":
        if self.html is not None and self.text is not None:
            raise ValueError("Send html or text, not both.")
        return self


class NoteToWrite(_Written):
    """Something for colleagues."""


class ReplyToWrite(_Written):
    """An answer to the customer."""

    state: Annotated[str, StringConstraints(max_length=500)] | None = Field(
        default=None, description="The `state` of the conversation as it was read. Needed, unless `anyway`."
    )
    anyway: Literal[True] | None = Field(
        default=None, description="Send whatever others did meanwhile. Nobody looked: use it only where nobody can."
    )
    to: _Addresses | None = Field(
        default=None, description='Like "ann@x.example" or "Ann <ann@x.example>". Without it: whom it usually goes to.'
    )
    cc: _Addresses = ()  # type: ignore[assignment]
    bcc: _Addresses = ()  # type: ignore[assignment]
    send_after: AwareDatetime | None = Field(default=None, strict=False, description="When it leaves, with an offset.")
    cancel_if_answered: bool = Field(default=False, description="Cancel it when the customer writes before it left.")

    @model_validator(mode="after")
    def _state_or_anyway(self) -> "ReplyToWrite":
        if (self.state is None) == (self.anyway is None):
            raise ValueError("Send the state that you saw, or anyway: true; one of the two.")
        return self


class OwnerToBe(Sent):
    """Who is to have it: one of the two."""

    person: _Address | None = Field(default=None, description='A mail address of a colleague, or "me".')
    team: _Address | None = Field(default=None, description="The name of a team.")

    @model_validator(mode="after")
    def _one_of_them(self) -> "OwnerToBe":
        if (self.person is None) == (self.team is None):
            raise ValueError("Send person or team, one of the two.")
        return self
