from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from postroom.core.conversations.actions.change import change_where
from postroom.core.conversations.actions.gone_owner import free_of_gone_owner
from postroom.core.conversations.allowed import must_answer
from postroom.core.conversations.models import CLOSED, OPEN, PENDING, SNOOZED, Conversation
from postroom.core.conversations.models.conversation import NOT_AWAY
from postroom.core.conversations.moments import MomentRefused, refuse_impossible
from postroom.core.events.actor import SYSTEM, Actor
from postroom.core.events.kinds import Snoozed, Unsnoozed, Woke
from postroom.core.events.record import record
from postroom.lib import clock
from postroom.lib.killpoint import killpoint

_AT_ONCE = 50


class NeverWakes(MomentRefused):
    def __init__(self) -> None:
        super().__init__(_("It would never come back. Nothing was changed. Choose a moment."))


def snooze(conversation: Conversation, *, until: datetime | None, by: Actor, wakes_on_answer: bool = True) -> bool:
    """Put it out of sight until a moment, or until the customer answers, whichever is first.

    Without a moment only the answer brings it back. A snoozed one is given the new moment. Its opposite is `unsnooze`.
    MomentRefused for a moment that cannot be; False when it is junk, in the trash or merged, or is snoozed just so.
    """
    must_answer(conversation.mailbox_id, by=by)
    _refuse(until, wakes_on_answer=wakes_on_answer)
    with transaction.atomic():
        away: dict[str, object] = {"snoozed_until": until, "wakes_on_answer": wakes_on_answer}
        if not _shift(conversation, **away) and not _lay_down(conversation, **away):
            return False
        said = Snoozed(until=until.isoformat() if until else "", answer=wakes_on_answer)
        record(said, by=by, mailbox_id=conversation.mailbox_id, conversation_id=conversation.pk)
    return True


def unsnooze(conversation: Conversation, *, by: Actor) -> bool:
    """Give it the status again that it had before it was snoozed. False when it is not snoozed."""
    must_answer(conversation.mailbox_id, by=by)
    with transaction.atomic():
        for before in (PENDING, CLOSED, OPEN):
            asleep = Q(status=SNOOZED) if before == OPEN else Q(status=SNOOZED, status_before=before)
            closed_at = {"closed_at": clock.now() if before == CLOSED else None}
            if change_where(conversation, asleep, status=before, **NOT_AWAY, **closed_at):
                break
        else:
            return False
        if before != CLOSED:
            free_of_gone_owner(conversation)
        record(Unsnoozed(), by=by, mailbox_id=conversation.mailbox_id, conversation_id=conversation.pk)
    return True


def wake_due() -> bool:
    """Open what was snoozed until now, on top of its list; tell whether there was any."""
    due = Conversation.objects.filter(snoozed_until__lte=clock.now(), status=SNOOZED).order_by("snoozed_until", "pk")
    rows = list(due.only("pk", "mailbox_id", "status")[:_AT_ONCE])
    woken = [_wake(row) for row in rows]
    return any(woken)


def _wake(conversation: Conversation) -> bool:
    with transaction.atomic():
        now = clock.now()
        # Asked again in the statement itself: an answer, or a person, may have been quicker.
        due = Q(status=SNOOZED, snoozed_until__lte=now)
        if not change_where(conversation, due, status=OPEN, closed_at=None, last_activity_at=now, **NOT_AWAY):
            return False
        free_of_gone_owner(conversation)
        record(Woke(), by=SYSTEM, mailbox_id=conversation.mailbox_id, conversation_id=conversation.pk)
        killpoint("before_wake_commit")
    return True


def _shift(conversation: Conversation, **away: object) -> bool:
    """Give a snoozed one another moment. False when it is not snoozed, or until just then."""
    same = Q(snoozed_until=away["snoozed_until"], wakes_on_answer=away["wakes_on_answer"])
    asleep = Conversation.objects.filter(pk=conversation.pk, status=SNOOZED).exclude(same)
    return asleep.exists() and change_where(conversation, Q(status=SNOOZED), **away)


def _lay_down(conversation: Conversation, **away: object) -> bool:
    """Snooze it from whatever it is now, and remember what that was."""
    away |= {"status": SNOOZED, "closed_at": None}
    return any(
        change_where(conversation, Q(status=before), status_before=before, **away) for before in (OPEN, PENDING, CLOSED)
    )


def _refuse(until: datetime | None, *, wakes_on_answer: bool) -> None:
    if until is not None:
        refuse_impossible(until, now=clock.now())
    elif not wakes_on_answer:
        raise NeverWakes
