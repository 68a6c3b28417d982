"""What the composer says about when a reply leaves, and what becomes of the conversation as it does."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from postroom.core.conversations.models import Message
from postroom.core.conversations.moments import refuse_impossible
from postroom.faces.web.moments import ANSWER, chosen
from postroom.lib import clock

# As long as any other toast: in this many seconds what leaves later can be taken back where it was sent.
STAYS = 10


@dataclass(frozen=True)
class Later:
    """`leaves` at a moment, or after the undo window (None); `until` says how long it `snoozes`."""

    leaves: datetime | None
    cancel_if_answered: bool
    snoozes: bool
    until: datetime | None


def read_later(request: HttpRequest) -> Later:
    """Read the form; MomentRefused for what cannot be, before anything is sent."""
    leaves, snooze = request.POST.get("later", ""), request.POST.get("snooze", "")
    return Later(
        leaves=_possible(leaves) if leaves else None,
        cancel_if_answered=bool(request.POST.get("overtake")),
        snoozes=bool(snooze),
        until=_possible(snooze) if snooze and snooze != ANSWER else None,
    )


def undo_of(message: Message, *, later: Later) -> dict[str, object] | None:
    """Return where it can be taken back, and for how many seconds the page offers that; None for not at all."""
    seconds = settings.POSTROOM_UNDO_SECONDS if later.leaves is None else STAYS
    return {"url": reverse("sending", args=[message.pk]), "seconds": seconds} if seconds else None


def _possible(text: str) -> datetime:
    moment = chosen(text)
    refuse_impossible(moment, now=clock.now())
    return moment
