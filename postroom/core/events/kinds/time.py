"""What happens to a conversation or a reply by the clock, and in the trash."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from postroom.core.events.kinds.kind import Kind


@dataclass(frozen=True)
class Snoozed(Kind):
    """Out of sight `until` a moment (ISO 8601, "" for none); `answer` when the customer's words bring it back."""

    name = "conversation.snoozed"
    sentence = _("snoozed this conversation")
    until: str = ""
    answer: bool = True


@dataclass(frozen=True)
class Unsnoozed(Kind):
    """Somebody took the snooze back."""

    name = "conversation.unsnoozed"
    sentence = _("ended the snooze")


@dataclass(frozen=True)
class Woke(Kind):
    """The moment came until which it was snoozed."""

    name = "conversation.woke"
    sentence = _("woke this conversation")


@dataclass(frozen=True)
class Trashed(Kind):
    """Thrown away, and still there."""

    name = "conversation.trashed"
    sentence = _("moved this conversation to the trash")


@dataclass(frozen=True)
class Restored(Kind):
    """Taken out of the trash."""

    name = "conversation.restored"
    sentence = _("restored this conversation from the trash")
