"""What happens to a conversation, a reply or a note later: by the clock, in the trash, on second thoughts."""

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


@dataclass(frozen=True)
class ReplyRescheduled(Kind):
    """It leaves at another moment: `at` in ISO 8601."""

    name = "reply.rescheduled"
    sentence = _("changed when a reply leaves")
    at: str


@dataclass(frozen=True)
class ReplyOvertaken(Kind):
    """The customer answered before it left, and it was to be cancelled then."""

    name = "reply.overtaken"
    sentence = _("wrote before a waiting reply had left, so it was not sent")


@dataclass(frozen=True)
class ReplyHeldBack(Kind):
    """Its conversation was thrown away (`why`: trash or spam) before it was due to leave."""

    name = "reply.held_back"
    sentence = _("kept a scheduled reply from leaving")
    why: str


@dataclass(frozen=True)
class ReplyPutBack(Kind):
    """Its conversation came back in time, and it leaves as it was to."""

    name = "reply.put_back"
    sentence = _("let a scheduled reply leave after all")


@dataclass(frozen=True)
class NoteChanged(Kind):
    """Its writer changed what it says; the older words are kept. `named` are the people it names for the first time."""

    name = "note.changed"
    sentence = _("changed a note")
    named: tuple[int, ...] = ()


@dataclass(frozen=True)
class NoteRetracted(Kind):
    """Its writer took it back: nobody reads it any more."""

    name = "note.retracted"
    sentence = _("took back a note")


@dataclass(frozen=True)
class NoteRestored(Kind):
    """Its writer let it be read again."""

    name = "note.restored"
    sentence = _("restored a note")
