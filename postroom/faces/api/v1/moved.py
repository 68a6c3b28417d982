"""A reply that was stopped: what others said and did since the program read the conversation."""

from collections.abc import Iterable

from django.http import Http404
from django.utils.translation import gettext as _

from postroom.core.accounts.models import User
from postroom.core.conversations.actions.refusals import ConversationMoved
from postroom.core.conversations.models import Contact, Conversation, Message
from postroom.core.conversations.models.message import DEFERRED, IN, LEASED, QUEUED
from postroom.core.events.kinds import (
    KINDS,
    Assigned,
    Closed,
    ContactChanged,
    MarkedPending,
    MarkedSpam,
    MovedToMailbox,
    Snoozed,
    Trashed,
)
from postroom.core.events.models import Event
from postroom.faces.api.v1 import shapes, states
from postroom.faces.api.v1.asking import Asking, Problem
from postroom.faces.api.v1.messages import message as shown

_DONE: dict[str, shapes.Happened] = {
    Closed.name: "closed",
    MarkedPending.name: "pending",
    MarkedSpam.name: "spam",
    Snoozed.name: "snoozed",
    Trashed.name: "trashed",
    Assigned.name: "assigned",
    MovedToMailbox.name: "moved",
    ContactChanged.name: "customer_changed",
}


def moved(refusal: ConversationMoved, *, conversation: Conversation, asking: Asking) -> Problem:
    """Return the problem, with what the program has to look at, and the state to send again with."""
    if not Conversation.objects.visible_to(asking.user).filter(pk=conversation.pk).exists():
        # What was done is that it went where this person sees nothing.
        raise Http404
    changed = refusal.changed
    names = _names(changed.events)
    happened = [
        *(_said(one, asking=asking) for one in changed.messages),
        *(_did(one, who=names[one.actor_kind, one.actor_id]) for one in changed.events),
    ]
    sentence = _(
        "Others changed this conversation since that state was read. Nothing was sent. Look at `changed`, then send "
        "again with the new `state`, or leave it."
    )
    more = {
        "changed": [one.model_dump(mode="json", by_alias=True) for one in sorted(happened, key=lambda one: one.at)],
        "state": states.written(conversation, message=changed.latest, state=changed.state),
    }
    return Problem(409, "moved", sentence, more=more)


def _said(one: Message, *, asking: Asking) -> shapes.Change:
    who = one.author.name if one.author else one.from_name or one.from_email
    if one.kind == IN:
        words = _("%(who)s wrote.")
    elif one.delivery in (QUEUED, LEASED, DEFERRED):
        words = _("%(who)s replied; it has not left yet.")
    else:
        words = _("%(who)s replied.")
    return shapes.Change(
        kind="customer_wrote" if one.kind == IN else "colleague_replied",
        by=who,
        at=one.created_at,
        sentence=words % {"who": who},
        message=shown(one, asking=asking),
    )


def _did(one: Event, *, who: str) -> shapes.Change:
    sentence = f"{who} {str(KINDS[one.kind].sentence) % one.data}."
    return shapes.Change(kind=_DONE[one.kind], by=who, at=one.at, sentence=sentence, message=None)


def _names(events: Iterable[Event]) -> dict[tuple[str, int | None], str]:
    """Return who did these, by kind and id."""
    found: dict[tuple[str, int | None], str] = {}
    for one in events:
        rows: Iterable[str] = ()
        if one.actor_kind == "user" and one.actor_id:
            rows = User.objects.filter(pk=one.actor_id).values_list("name", flat=True)
        elif one.actor_kind == "contact" and one.actor_id:
            rows = map(str, Contact.objects.filter(pk=one.actor_id))
        found[one.actor_kind, one.actor_id] = next(iter(rows), "Postroom")
    return found
