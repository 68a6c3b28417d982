"""What becomes of a reply on its way out."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from postroom.core.events.kinds.kind import Kind


@dataclass(frozen=True)
class ReplySent(Kind):
    """The mail server took the reply."""

    name = "reply.sent"
    sentence = _("sent the reply")


@dataclass(frozen=True)
class ReplySentPartly(Kind):
    """The mail server took the reply, but not for everybody; the others stand on the message."""

    name = "reply.sent_partly"
    sentence = _("sent the reply, but not to everybody")
    words: str


@dataclass(frozen=True)
class ReplyHeld(Kind):
    """It waits for its turn: the mailbox sends so many mails at a time and no more."""

    name = "reply.held"
    sentence = _("lets the reply wait for its turn")
    words: str


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


@dataclass(frozen=True)
class ReplySentAgain(Kind):
    """Somebody asked for another try for those recipients who did not get it."""

    name = "reply.sent_again"
    sentence = _("asked to send the reply again to those who did not get it")
