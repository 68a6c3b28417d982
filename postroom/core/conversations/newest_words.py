"""What the customer said last, as a letter to one of us may show it."""

from collections.abc import Callable

from postroom.core.conversations.automatic import NOT_THE_CUSTOMER
from postroom.core.conversations.models import Conversation, Message
from postroom.core.conversations.models.message import IN

_LONGEST = 6000

# Parts a text from its history, given the subject. The room that knows how mail quotes says so at the start.
Cut = Callable[[str, str], str]


def _whole(text: str, subject: str) -> str:
    del subject
    return text


_cut: Cut = _whole


def cut_history_by(cut: Cut) -> None:
    """Let this function take the history out of what somebody wrote."""
    global _cut  # noqa: PLW0603  (said once, at start-up)
    _cut = cut


def newest_of_customer(conversation: Conversation, *, up_to: int) -> Message | None:
    """Return the customer's last mail, no younger than this message; no machine's, and none of a side thread."""
    said = Message.objects.filter(conversation=conversation, kind=IN, side_thread=None, pk__lte=up_to)
    return said.exclude(automatic__in=NOT_THE_CUSTOMER).order_by("-pk").first()


def said_now(message: Message, *, length: int = _LONGEST) -> str:
    """Return what somebody wrote with this message, without the history below it; shortened, and then it says so."""
    text = _cut(message.text, message.subject).strip()
    return text if len(text) <= length else f"{text[:length].rstrip()} […]"
