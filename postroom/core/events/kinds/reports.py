"""What is heard of a reply once it has left, and machines that talk to each other."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from postroom.core.events.kinds.kind import Kind


@dataclass(frozen=True)
class ReplySettled(Kind):
    """An uncertain reply is none any more: `how` is a code of postroom.core.outbox.settling.SEEN."""

    name = "reply.settled"
    sentence = _("found out what became of a reply that was perhaps sent")
    how: str
    sent: bool = True


@dataclass(frozen=True)
class ReplyBounced(Kind):
    """A report says that somebody did not get the reply; `emails` are those, `status` the code (RFC 3463) or empty."""

    name = "reply.bounced"
    sentence = _("learnt that a reply did not reach everybody")
    personal = frozenset({"emails"})
    emails: list[str]
    status: str = ""


@dataclass(frozen=True)
class ReplyDelayed(Kind):
    """A report says that the reply is late for somebody; the other server still tries."""

    name = "reply.delayed"
    sentence = _("learnt that a reply is late")
    personal = frozenset({"emails"})
    emails: list[str]


@dataclass(frozen=True)
class ReplyArrived(Kind):
    """A report or receipt says that the reply reached somebody, or was opened there."""

    name = "reply.arrived"
    sentence = _("learnt that a reply arrived")
    personal = frozenset({"emails"})
    emails: list[str]


@dataclass(frozen=True)
class LoopNoticed(Kind):
    """Programs answer each other in this conversation; their later mail is parked."""

    name = "conversation.loop"
    sentence = _("noticed that programs answer each other here, and keeps their later mail aside")
