"""Record how a try ended, on the message and for each recipient, in one transaction."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from django.db import transaction
from django.db.models import F, Q

from postroom.core.conversations.models import Message
from postroom.core.conversations.models.delivery import TAKEN, TURNED_AWAY, WAITING
from postroom.core.conversations.models.message import DEFERRED, LEASED, REFUSED, SENDING, SENT, UNCERTAIN
from postroom.core.events.actor import SYSTEM
from postroom.core.events.kinds import (
    Kind,
    ReplyDeferred,
    ReplyHeld,
    ReplyRefused,
    ReplySent,
    ReplySentPartly,
    ReplyUncertain,
)
from postroom.core.events.record import record
from postroom.core.outbox.outcomes import Answer, Deferred, Handed, Held, NotSent, Uncertain
from postroom.core.outbox.patience import wait_before
from postroom.core.outbox.recipients import note
from postroom.core.outbox.settling import look_back
from postroom.lib import clock
from postroom.lib.addresses import normalize


def handed(message: Message, end: Handed, *, to: Sequence[str], left: Callable[[Message], None]) -> None:
    """The server has it, for some at least: it is sent, or goes round again for those who were put off."""
    wait = wait_before(message.attempts)
    answers = _of_all(end, to)
    if wait is None:
        answers = _given_up(answers)
    now = clock.now()
    message.sent_at = message.sent_at or now
    if wait is not None and any(answer.state == WAITING for answer in answers):
        state: dict[str, object] = {"delivery": DEFERRED, "send_after": now + wait}
        kind: Kind = ReplyDeferred(words=end.words)
    else:
        state = {"delivery": SENT}
        missed = any(answer.state == TURNED_AWAY for answer in answers)
        kind = ReplySentPartly(words=end.words) if missed else ReplySent()
    _record(message, kind, words=end.words, answers=answers, left=left, sent_at=message.sent_at, **state)


def nobody_left(message: Message) -> None:
    """Nobody was to get it any more: what showed elsewhere was quicker than this try."""
    sent_at = message.sent_at or clock.now()
    _record(message, ReplySent(), words=message.delivery_words, sent_at=sent_at, delivery=SENT)


def not_sent(message: Message, end: NotSent, *, to: Sequence[str]) -> None:
    """It did not leave: it waits for its turn, for another try, or for a person."""
    words = str(end)
    if isinstance(end, Uncertain):
        _record(message, ReplyUncertain(words=words), words=words, answers=end.answers, delivery=UNCERTAIN)
        look_back(message)
    elif isinstance(end, Held):
        _hold(message, end)
    elif isinstance(end, Deferred) and (wait := wait_before(message.attempts)) is not None:
        _record(
            message,
            ReplyDeferred(words=words),
            words=words,
            answers=end.answers,
            delivery=DEFERRED,
            send_after=clock.now() + wait,
        )
    elif message.sent_at:
        # Others have it: the message stays sent, and says who is missing.
        answers = _given_up([*end.answers, *_unanswered(end.answers, to, words=words)])
        _record(message, ReplySentPartly(words=words), words=words, answers=answers, delivery=SENT)
    else:
        answers = _given_up(end.answers)
        _record(message, ReplyRefused(words=words), words=words, answers=answers, delivery=REFUSED)


def _hold(message: Message, end: Held) -> None:
    """Told once, not at each turn; and no try was made."""
    kind = None if message.delivery_words else ReplyHeld(words=str(end))
    attempts = F("attempts") - 1
    _record(message, kind, words=str(end), delivery=DEFERRED, send_after=end.until, attempts=attempts)


def _of_all(end: Handed, to: Sequence[str]) -> list[Answer]:
    said = {normalize(answer.email): answer for answer in end.answers}
    return [said.get(normalize(email)) or Answer(email, TAKEN, words=end.words) for email in to]


def _unanswered(answers: Iterable[Answer], to: Sequence[str], *, words: str) -> list[Answer]:
    known = {normalize(answer.email) for answer in answers}
    return [Answer(email, WAITING, words=words) for email in to if normalize(email) not in known]


def _given_up(answers: Iterable[Answer]) -> list[Answer]:
    return [replace(one, state=TURNED_AWAY) if one.state == WAITING else one for one in answers]


def _record(
    message: Message,
    kind: Kind | None,
    *,
    words: str,
    answers: Iterable[Answer] = (),
    left: Callable[[Message], None] | None = None,
    **fields: object,
) -> None:
    """Record how the try ended, unless somebody else has recorded an end already."""
    held = Q(pk=message.pk, delivery__in=(LEASED, SENDING), leased_until=message.leased_until)
    with transaction.atomic():
        if not Message.objects.filter(held).update(leased_until=None, delivery_words=words[:2000], **fields):
            return
        note(message, answers)
        if left is not None:
            left(message)
        if kind is not None:
            record(
                kind,
                by=SYSTEM,
                mailbox_id=message.conversation.mailbox_id,
                conversation_id=message.conversation_id,
                message_id=message.pk,
            )
