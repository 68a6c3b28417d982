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
