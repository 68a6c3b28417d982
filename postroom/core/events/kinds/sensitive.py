"""Who is named in a sensitive conversation."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from postroom.core.events.kinds.kind import Kind


@dataclass(frozen=True)
class MarkedSensitive(Kind):
    """Only the people with these names see the conversation from now on."""

    name = "conversation.sensitive"
    sentence = _("marked this conversation as sensitive: only %(people)s can see it")
    personal = frozenset({"people"})
    people: str
    user_ids: tuple[int, ...] = ()


@dataclass(frozen=True)
class MarkedOrdinary(Kind):
    """Everybody on the mailbox sees the conversation again."""

    name = "conversation.ordinary"
    sentence = _("let everybody on the mailbox see this conversation again")


@dataclass(frozen=True)
class PeopleNamed(Kind):
    """Others are named in a sensitive conversation now; told with all who are. `added` are the ids of the new ones."""

    name = "conversation.named"
    sentence = _("changed who can see this conversation: only %(people)s")
    personal = frozenset({"people"})
    people: str
    added: tuple[int, ...] = ()


@dataclass(frozen=True)
class GlassBroken(Kind):
    """Somebody who is not named opened a sensitive conversation for a while, and had to say why."""

    name = "conversation.glass_broken"
    sentence = _("broke the glass to see this conversation for an hour: “%(reason)s”")
    reason: str


@dataclass(frozen=True)
class FewerSeen(Kind):
    """Some people of a mailbox see something no more; it names no conversation. Open pages fetch their lists again."""

    name = "mailbox.fewer_seen"
    sentence = _("changed who can see a conversation")


@dataclass(frozen=True)
class MailboxNaming(Kind):
    """Each new conversation of a mailbox is sensitive now, or no more (then `people` is empty)."""

    name = "mailbox.naming"
    sentence = _("changed who can see new conversations of %(address)s")
    personal = frozenset({"people"})
    address: str
    people: str
