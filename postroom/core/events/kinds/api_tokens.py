"""What happens to the tokens by which people's programs come in."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from postroom.core.events.kinds.kind import Kind


@dataclass(frozen=True)
class ApiTokenMade(Kind):
    """Somebody lets a program of theirs in; the token itself is nowhere."""

    name = "person.api_token_made"
    sentence = _("made the API token %(token)s")
    personal = frozenset({"person", "token"})
    person: str
    user_id: int
    token: str


@dataclass(frozen=True)
class ApiTokensEnded(Kind):
    """Programs that came in as somebody do so no longer."""

    name = "person.api_tokens_ended"
    sentence = _("ended %(count)s API tokens of %(person)s")
    personal = frozenset({"person"})
    person: str
    user_id: int
    count: int
