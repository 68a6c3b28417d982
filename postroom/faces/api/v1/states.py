"""What a program saw of a conversation, as a signed text that it sends back with its reply."""

from dataclasses import dataclass

from django.core.signing import BadSignature, Signer
from django.utils.translation import gettext as _

from postroom.core.conversations.models import Conversation
from postroom.core.conversations.state import State
from postroom.faces.api.v1.asking import Problem

_SIGNER = Signer(salt="postroom.api.state")


@dataclass(frozen=True)
class Seen:
    """The newest message that was there, and the state beside it: what the page's composer carries, too."""

    message: int
    state: State


def written(conversation: Conversation, *, message: int, state: State) -> str:
    """Return what is sent back with the answer to this."""
    return _SIGNER.sign_object([conversation.pk, message, str(state)])


def of(conversation: Conversation) -> str:
    """Return it for the row as it was read; whoever reads messages after that has seen more, and never less."""
    return written(conversation, message=conversation.last_message_id or 0, state=State.of(conversation))


def read(text: str, *, conversation: Conversation) -> Seen:
    """Return what the program saw; a problem for anything that this conversation did not give."""
    try:
        number, message, state = _SIGNER.unsign_object(text)
    except (BadSignature, ValueError):
        raise Problem(
            422, "state", _("This state is none of ours. Get the conversation, and send what it says.")
        ) from None
    known = State.parse(state)
    if number != conversation.pk or known is None:
        raise Problem(422, "state", _("This state is of another conversation. Get this one, and send what it says."))
    return Seen(message, known)
