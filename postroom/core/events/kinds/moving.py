"""A conversation goes to another mailbox, or to another customer, or is linked; and many are changed at once."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from postroom.core.events.kinds.kind import Kind


@dataclass(frozen=True)
class MovedToMailbox(Kind):
    """It lies in the mailbox called `mailbox` now, and was in `former` before; `former_id` is that one's id."""

    name = "conversation.moved"
    sentence = _("moved this conversation from %(former)s to %(mailbox)s")
    mailbox: str
    former: str
    former_id: int


@dataclass(frozen=True)
class ContactChanged(Kind):
    """It is with somebody else now: their addresses, and the ids of the contacts."""

    name = "conversation.contact_changed"
    sentence = _("changed the customer from %(former)s to %(email)s")
    personal = frozenset({"email", "former"})
    email: str
    former: str
    contact_id: int
    former_id: int


@dataclass(frozen=True)
class Linked(Kind):
    """It has to do with another conversation; told in both."""

    name = "conversation.linked"
    sentence = _("linked this conversation with #%(to)s")
    to: int


@dataclass(frozen=True)
class Unlinked(Kind):
    """It has nothing to do with another conversation after all; told in both."""

    name = "conversation.unlinked"
    sentence = _("took away the link with #%(to)s")
    to: int


@dataclass(frozen=True)
class MessagesSplitOff(Kind):
    """Several messages are a conversation of their own now; told where they were."""

    name = "conversation.split"
    sentence = _("took %(count)s messages out of here; they are conversation #%(to)s now")
    to: int
    count: int


@dataclass(frozen=True)
class BegunBySplit(Kind):
    """A conversation was made of several messages of another one; `was` is each one's evidence there, by its id."""

    name = "conversation.begun_by_split"
    sentence = _("made this conversation of messages from #%(origin)s")
    origin: int
    was: tuple[tuple[int, str, str], ...] = ()


@dataclass(frozen=True)
class SplitUndone(Kind):
    """Messages that had been split off are back; told where they are again."""

    name = "conversation.split_undone"
    sentence = _("put messages back here from #%(origin)s")
    origin: int


@dataclass(frozen=True)
class BulkWentOn(Kind):
    """Some of very many conversations of a mailbox were changed; it names none. Open pages fetch their lists again."""

    name = "bulk.went_on"
    sentence = _("changed many conversations")
    job: int
