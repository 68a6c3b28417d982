"""One conversation of a bulk change: done, or left as it was with the reason; or put back."""

# ruff: noqa: SLF001  (a model's own _meta, which Django documents)

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet

from postroom.core.accounts.actions.teams import TeamRefused
from postroom.core.accounts.models import User
from postroom.core.conversations.actions.assign import CannotSee
from postroom.core.conversations.actions.move_to_mailbox import NobodyThere, ReplyUnderWay
from postroom.core.conversations.actions.moving import MoveRefused
from postroom.core.conversations.allowed import NotAllowed
from postroom.core.conversations.bulk import wanted as why
from postroom.core.conversations.bulk.verbs import TAG_KINDS, VERBS, Done, OwnerGone, Verb
from postroom.core.conversations.bulk.wanted import Wanted
from postroom.core.conversations.models import MERGED, Conversation
from postroom.core.conversations.moments import MomentRefused
from postroom.core.events.models import Event
from postroom.lib.rows import first_of
from postroom.lib.statements import run

# Asked ten thousand times: made once, each costs what the database takes for it.
_NEWEST = f"SELECT max(id) FROM {Event._meta.db_table} WHERE conversation_id = %s"  # noqa: S608  (a name of our own)
# Stands in the rule's statement where each conversation has its own number.
_A_CONVERSATION = -(10**15)

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


class Sight:
    """Whether one person sees a conversation, by a statement that is made once: for some seconds of a bulk change."""

    def __init__(self, by: User) -> None:
        self.by = by
        seen = Conversation.objects.visible_to(by).filter(pk=_A_CONVERSATION).values_list("pk")
        try:
            self._sql, self._params = seen.query.sql_with_params()
        except EmptyResultSet:
            # Somebody who was deactivated meanwhile.
            self._sql, self._params = "", ()

    def of(self, number: int) -> Conversation | None:
        """Hold the row and return it, if this person sees it at this moment."""
        conversation = first_of(Conversation, lock=True, id=number)
        if conversation is None or conversation.status == MERGED or not self._sql:
            return None
        here = [number if value == _A_CONVERSATION else value for value in self._params]
        return conversation if run(self._sql, here) else None


def do(number: int, *, kept: dict[str, Any], wanted: Wanted, sight: Sight) -> Outcome:
    """Carry the verb out on one conversation, as far as this person may; inside the stretch's transaction."""
    conversation, by = sight.of(number), sight.by
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
    if verb.moves:
        # What else a move takes along, it changes in the database only.
        conversation.refresh_from_db(fields=["mailbox", "assignee", "team"])
    newest = run(_NEWEST, [number])[0][0] or 0
    return Outcome(
        changed=True,
        kept={"was": was, "now": verb.look(conversation, by), "event": newest},
        mailboxes=frozenset((mailbox_id, conversation.mailbox_id)),
    )


def undo(number: int, *, kept: dict[str, Any], wanted: Wanted, sight: Sight) -> Outcome:
    """Put one conversation back, unless somebody changed the same thing since."""
    conversation, by = sight.of(number), sight.by
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


def _left(code: str) -> Outcome:
    return Outcome(changed=False, kept={"why": code})


def _code(refusal: Exception) -> str:
    return next(code for kind, code in _REFUSALS if isinstance(refusal, kind))


def _changed_since(number: int, *, verb: Verb, wanted: Wanted, event: int) -> bool:
    later = Event.objects.filter(conversation_id=number, pk__gt=event, kind__in=verb.kinds)
    if verb.kinds == TAG_KINDS:
        return any(data.get("tag") == wanted.tag for data in later.values_list("data", flat=True))
    return later.exists()
