"""What happens between two conversations: a mail goes from one to another, or all of them do."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from postroom.core.events.kinds.kind import Kind


@dataclass(frozen=True)
class MessageTakenOut(Kind):
    """A mail was taken out and is a conversation of its own now; told where it was."""

    name = "message.taken_out"
    sentence = _("took a mail out of here; it is conversation #%(to)s now")
    to: int


@dataclass(frozen=True)
class BegunByHand(Kind):
    """A conversation was made of a mail that was in another; told where it is. `was` is the mail's evidence there."""

    name = "conversation.begun_by_hand"
    sentence = _("made this conversation of a mail from #%(origin)s")
    origin: int
    was: tuple[str, str] = ("", "")


@dataclass(frozen=True)
class MessageLeft(Kind):
    """A mail was moved to another conversation; told where it was."""

    name = "message.left"
    sentence = _("moved a mail from here to #%(to)s")
    to: int


@dataclass(frozen=True)
class MessageJoined(Kind):
    """A mail was moved here from another conversation, `back` when that undid a move. `was` is its evidence there."""

    name = "message.joined"
    sentence = _("moved a mail here from #%(origin)s")
    origin: int
    was: tuple[str, str] = ("", "")
    back: bool = False


@dataclass(frozen=True)
class Merged(Kind):
    """All messages went to another conversation; `status` is what this one had, `opened` what the other had before.

    `dropped` is who was left out of either: address, and when in this one, in the other before, and there since.
    """

    name = "conversation.merged"
    sentence = _("joined this conversation to #%(to)s")
    personal = frozenset({"dropped"})
    to: int
    messages: tuple[int, ...] = ()
    status: str = ""
    opened: str = ""
    dropped: tuple[tuple[str, str, str, str], ...] = ()


@dataclass(frozen=True)
class ConversationJoined(Kind):
    """All messages of another conversation came here."""

    name = "conversation.joined"
    sentence = _("joined conversation #%(origin)s to this one")
    origin: int


@dataclass(frozen=True)
class Parted(Kind):
    """A conversation that had been joined to another is on its own again."""

    name = "conversation.parted"
    sentence = _("made this a conversation of its own again")
    from_id: int


@dataclass(frozen=True)
class ConversationLeft(Kind):
    """A conversation that had been joined to this one is on its own again."""

    name = "conversation.left"
    sentence = _("took conversation #%(origin)s out of here again")
    origin: int


@dataclass(frozen=True)
class OfferDeclined(Kind):
    """A mail that might belong to another conversation does not."""

    name = "message.offer_declined"
    sentence = _("said that a mail does not belong to #%(to)s")
    to: int


@dataclass(frozen=True)
class OfferRestored(Kind):
    """It may belong there after all."""

    name = "message.offer_restored"
    sentence = _("said that a mail may belong to #%(to)s after all")
    to: int
