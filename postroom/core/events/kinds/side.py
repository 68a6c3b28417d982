"""What happens in a side thread, beside the talk with the customer."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from postroom.core.events.kinds.kind import Kind


@dataclass(frozen=True)
class Forwarded(Kind):
    """An agent passed a mail on to a third party, which begins a side thread."""

    name = "side.forwarded"
    sentence = _("passed a mail on to a third party")


@dataclass(frozen=True)
class WrittenBeside(Kind):
    """An agent wrote in a side thread."""

    name = "side.written"
    sentence = _("wrote in a side thread")


@dataclass(frozen=True)
class AnsweredBeside(Kind):
    """A third party answered in a side thread; `reopened` when that woke the conversation."""

    name = "side.answered"
    sentence = _("answered in a side thread")
    personal = frozenset({"email"})
    email: str
    reopened: bool = False
    quiet: bool = False


@dataclass(frozen=True)
class Begun(Kind):
    """An agent began a conversation by writing first."""

    name = "conversation.begun"
    sentence = _("began this conversation")
