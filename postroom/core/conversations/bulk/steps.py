"""One conversation of a bulk change: done, or left as it was with the reason; or put back."""

from dataclasses import dataclass
from typing import Any

from postroom.core.accounts.actions.teams import TeamRefused
from postroom.core.accounts.models import User
from postroom.core.conversations.actions.assign import CannotSee
from postroom.core.conversations.actions.move_to_mailbox import NobodyThere, ReplyUnderWay
from postroom.core.conversations.actions.moving import MoveRefused, held
from postroom.core.conversations.allowed import NotAllowed
from postroom.core.conversations.bulk import wanted as why
from postroom.core.conversations.bulk.verbs import TAG_KINDS, VERBS, Done, OwnerGone, Verb
from postroom.core.conversations.bulk.wanted import Wanted
from postroom.core.conversations.models import MERGED, Conversation
from postroom.core.conversations.moments import MomentRefused
from postroom.core.events.models import Event

# In this order: the first that fits.
_REFUSALS: tuple[tuple[type[Exception], str], ...] = (
    (NotAllowed, why.BARRED),
    (CannotSee, why.OWNER),
    (TeamRefused, why.GONE),
    (OwnerGone, why.GONE),
    (ReplyUnderWay, why.REPLY),
    (NobodyThere, why.NAMES),
    (MoveRefused, why.CHANGED),
    (MomentRefused, why.MOMENT),
)


@dataclass(frozen=True)
class Outcome:
    """Whether the conversation was changed, what is kept of it, and the mailboxes whose lists look otherwise now."""

    changed: bool
    kept: dict[str, Any]
    mailboxes: frozenset[int] = frozenset()


def do(number: int, *, kept: dict[str, Any], wanted: Wanted, by: User) -> Outcome:
    """Carry the verb out on one conversation, as far as this person may; inside the stretch's transaction."""
    conversation = _seen(number, by=by)
    if conversation is None:
        return _left(why.UNSEEN)
    verb = VERBS[wanted.verb]
    if verb.hides and (conversation.last_message_id or 0) > kept.get("seen", 0) > 0:
        return _left(why.NEWER)
    was, mailbox_id = verb.look(conversation, by), conversation.mailbox_id
    try:
        changed = verb.do(conversation, wanted, by)
    except tuple(kind for kind, _code in _REFUSALS) as refusal:
        return _left(_code(refusal))
    if not changed:
        return _left(why.ALREADY)
    now = Conversation.objects.get(pk=number)
    return Outcome(
        changed=True,
        kept={"was": was, "now": verb.look(now, by), "event": _newest_event(number)},
        mailboxes=frozenset((mailbox_id, now.mailbox_id)),
    )


def undo(number: int, *, kept: dict[str, Any], wanted: Wanted, by: User) -> Outcome:
    """Put one conversation back, unless somebody changed the same thing since."""
    conversation = _seen(number, by=by)
    if conversation is None:
        return _left(why.UNSEEN)
    verb, mailbox_id = VERBS[wanted.verb], conversation.mailbox_id
    if _changed_since(number, verb=verb, wanted=wanted, event=kept["event"]):
        return _left(why.CHANGED)
    try:
        changed = verb.undo(conversation, Done(kept["was"], kept["now"], wanted), by)
    except tuple(kind for kind, _code in _REFUSALS) as refusal:
        return _left(_code(refusal))
    if not changed:
        return _left(why.CHANGED)
    return Outcome(changed=True, kept={}, mailboxes=frozenset((mailbox_id, conversation.mailbox_id)))


def _seen(number: int, *, by: User) -> Conversation | None:
    """Hold the row, if this person sees it at this moment."""
    conversation = held(number).get(number)
    if conversation is None or conversation.status == MERGED:
        return None
    return conversation if Conversation.objects.visible_to(by).filter(pk=number).exists() else None


def _left(code: str) -> Outcome:
    return Outcome(changed=False, kept={"why": code})


def _code(refusal: Exception) -> str:
    return next(code for kind, code in _REFUSALS if isinstance(refusal, kind))


def _newest_event(number: int) -> int:
    return Event.objects.filter(conversation_id=number).order_by("-pk").values_list("pk", flat=True).first() or 0


def _changed_since(number: int, *, verb: Verb, wanted: Wanted, event: int) -> bool:
    later = Event.objects.filter(conversation_id=number, pk__gt=event, kind__in=verb.kinds)
    if verb.kinds == TAG_KINDS:
        return any(data.get("tag") == wanted.tag for data in later.values_list("data", flat=True))
    return later.exists()
