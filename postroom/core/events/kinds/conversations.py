"""What happens to a conversation."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from postroom.core.events.kinds.kind import Kind


@dataclass(frozen=True)
class MessageReceived(Kind):
    """A customer's mail was filed; `started` when it began a new conversation, `reopened` when it woke a closed one."""

    name = "message.received"
    sentence = _("wrote")
    personal = frozenset({"email"})
    email: str
    started: bool = False
    reopened: bool = False
    # History that was imported: nobody is told.
    quiet: bool = False


@dataclass(frozen=True)
class AnsweredElsewhere(Kind):
    """One of us answered in another mail program; the answer was found in the Sent folder."""

    name = "reply.elsewhere"
    sentence = _("answered in another mail program")
    quiet: bool = False


@dataclass(frozen=True)
class ReplyQueued(Kind):
    """An agent answered; the mail leaves when the undo window is over. `took` when nobody owned it before."""

    name = "reply.queued"
    sentence = _("replied")
    took: bool = False


@dataclass(frozen=True)
class ReplyUnsent(Kind):
    """The reply was taken back before it left."""

    name = "reply.unsent"
    sentence = _("took back a reply before it was sent")


@dataclass(frozen=True)
class NoteAdded(Kind):
    """A note for colleagues, never sent to the customer."""

    name = "note.added"
    sentence = _("added a note")


@dataclass(frozen=True)
class Assigned(Kind):
    """The conversation has an owner: one person or one team."""

    name = "conversation.assigned"
    sentence = _("gave this conversation to %(to)s")
    personal = frozenset({"to"})
    to: str
    user_id: int | None = None
    team_id: int | None = None


@dataclass(frozen=True)
class Unassigned(Kind):
    """The conversation has no owner any more."""

    name = "conversation.unassigned"
    sentence = _("made this conversation free to take")


@dataclass(frozen=True)
class Closed(Kind):
    """The work is done until the customer writes again."""

    name = "conversation.closed"
    sentence = _("closed this conversation")


@dataclass(frozen=True)
class Reopened(Kind):
    """The conversation is open again."""

    name = "conversation.reopened"
    sentence = _("reopened this conversation")


@dataclass(frozen=True)
class MarkedPending(Kind):
    """Somebody else has to act first."""

    name = "conversation.pending"
    sentence = _("marked this conversation as pending")


@dataclass(frozen=True)
class MarkedSpam(Kind):
    """The conversation is junk."""

    name = "conversation.spam"
    sentence = _("marked this conversation as spam")


@dataclass(frozen=True)
class MarkedNotSpam(Kind):
    """The conversation was no junk after all."""

    name = "conversation.not_spam"
    sentence = _("said that this is not spam")


@dataclass(frozen=True)
class Tagged(Kind):
    """A tag was put on."""

    name = "conversation.tagged"
    sentence = _("added the tag %(tag)s")
    tag: str


@dataclass(frozen=True)
class Untagged(Kind):
    """A tag was taken off."""

    name = "conversation.untagged"
    sentence = _("removed the tag %(tag)s")
    tag: str


@dataclass(frozen=True)
class PrioritySet(Kind):
    """The priority changed: -1 low, 0 normal, 1 high, 2 urgent."""

    name = "conversation.priority"
    sentence = _("changed the priority")
    old: int
    new: int


@dataclass(frozen=True)
class FileLockedAway(Kind):
    """The virus scanner found something in a file; nobody can open it here."""

    name = "file.locked_away"
    sentence = _("locked away %(file)s: the virus scanner found %(found)s in it")
    personal = frozenset({"file"})
    file: str
    found: str
