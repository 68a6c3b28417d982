"""Everything that can happen here. Each kind: its name, its sentence, its fields, and which of them are personal."""

from dataclasses import dataclass
from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

KINDS: dict[str, type["Kind"]] = {}


@dataclass(frozen=True)
class Kind:
    """What an event says: `sentence` follows the actor's name; `personal` fields go when a person is erased."""

    name: ClassVar[str]
    sentence: ClassVar[str | Promise]
    personal: ClassVar[frozenset[str]] = frozenset()

    def __init_subclass__(cls) -> None:
        KINDS[cls.name] = cls


# --- conversations


@dataclass(frozen=True)
class MessageReceived(Kind):
    """A customer's mail was filed; `started` when it began a new conversation, `reopened` when it woke a closed one."""

    name = "message.received"
    sentence = _("wrote")
    personal = frozenset({"email"})
    email: str
    started: bool = False
    reopened: bool = False


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


# --- the way out


@dataclass(frozen=True)
class ReplySent(Kind):
    """The mail server took the reply."""

    name = "reply.sent"
    sentence = _("sent the reply")


@dataclass(frozen=True)
class ReplyDeferred(Kind):
    """The mail server cannot take it now; it is tried again by itself."""

    name = "reply.deferred"
    sentence = _("could not send the reply yet and will try again")
    words: str


@dataclass(frozen=True)
class ReplyRefused(Kind):
    """The mail server will not take it as it is."""

    name = "reply.refused"
    sentence = _("could not send the reply")
    words: str


@dataclass(frozen=True)
class ReplyUncertain(Kind):
    """The connection ended after the mail was handed over and before the server's answer."""

    name = "reply.uncertain"
    sentence = _("does not know whether the reply was sent")
    words: str


@dataclass(frozen=True)
class ReplyRetried(Kind):
    """Somebody asked for another try."""

    name = "reply.retried"
    sentence = _("asked to send the reply again")


# --- people and mailboxes


@dataclass(frozen=True)
class PersonAdded(Kind):
    """Somebody got an own sign-in."""

    name = "person.added"
    sentence = _("added %(person)s")
    personal = frozenset({"person"})
    person: str
    user_id: int


@dataclass(frozen=True)
class PersonChanged(Kind):
    """Somebody's name, language or keys are other ones now."""

    name = "person.changed"
    sentence = _("changed what %(person)s is called or reads")
    personal = frozenset({"person"})
    person: str
    user_id: int


@dataclass(frozen=True)
class PasswordChanged(Kind):
    """Somebody has a new password; all their other sessions ended."""

    name = "person.password_changed"
    sentence = _("changed the password of %(person)s")
    personal = frozenset({"person"})
    person: str
    user_id: int


@dataclass(frozen=True)
class MailboxAdded(Kind):
    """A mailbox was made."""

    name = "mailbox.added"
    sentence = _("added the mailbox %(address)s")
    address: str


@dataclass(frozen=True)
class MailboxChanged(Kind):
    """A mailbox's name, signature or mail settings changed (never what the secrets are)."""

    name = "mailbox.changed"
    sentence = _("changed the mailbox %(address)s")
    address: str


@dataclass(frozen=True)
class MemberJoined(Kind):
    """A person can see a mailbox from now on."""

    name = "mailbox.member_joined"
    sentence = _("let %(person)s into %(address)s")
    personal = frozenset({"person"})
    person: str
    address: str
    user_id: int


@dataclass(frozen=True)
class MemberLeft(Kind):
    """A person can no longer see a mailbox."""

    name = "mailbox.member_left"
    sentence = _("took %(person)s out of %(address)s")
    personal = frozenset({"person"})
    person: str
    address: str
    user_id: int


@dataclass(frozen=True)
class TeamAdded(Kind):
    """A group was made."""

    name = "team.added"
    sentence = _("added the team %(team)s")
    team: str
    team_id: int


@dataclass(frozen=True)
class TeamChanged(Kind):
    """Other people are in a group."""

    name = "team.changed"
    sentence = _("changed who is in the team %(team)s")
    team: str
    team_id: int
