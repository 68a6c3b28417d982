"""What goes without saying in a thread: somebody tags it, somebody takes it, somebody closes it."""

from dataclasses import replace
from datetime import timedelta

from postroom.demo.company import ADDRESSES
from postroom.demo.script import MAIL, NOTE, REPLY, VERB, Step, Thread

CLOSE, PEND, TAG, ASSIGN, PRIORITY, SPAM = "close", "pending", "tag", "assign", "priority", "spam"
SNOOZE, _DAYS = "snooze", "2"

_TRIAGERS = {address.key: address.triager for address in ADDRESSES}
_MOMENT = timedelta(minutes=1)
# So soon is mail seen that nobody has answered yet.
_LOOK = timedelta(minutes=3)


def complete(thread: Thread) -> Thread:
    """Return the thread with the steps that its heads ask for and its text does not tell."""
    first, *rest = thread.steps
    sorting = _sorting(thread)
    if sorting:
        rest = [*_begin_with(sorting, rest)]
    return thread.with_steps((first, *rest, *_ending(thread)))


def _sorting(thread: Thread) -> list[Step]:
    """Tags, priority and owner, as the one who looks first sets them."""
    who = _looks_first(thread)
    told = {step.verb for step in thread.steps if step.kind == VERB}
    steps = []
    if thread.priority:
        steps.append(_verb(who, PRIORITY, thread.priority))
    if thread.tags:
        steps.append(_verb(who, TAG, ", ".join(thread.tags)))
    if ASSIGN not in told and (thread.team or thread.owner not in ("", thread.first_replier)):
        steps.append(_verb(who, ASSIGN, thread.team or thread.owner))
    return steps


def _looks_first(thread: Thread) -> str:
    acting = next((step.who for step in thread.steps if step.who), "")
    return acting or thread.spam_by or _TRIAGERS[thread.mailbox]


def _begin_with(sorting: list[Step], rest: list[Step]) -> list[Step]:
    """Put the sorting just before the first colleague's step, or soon after the mail when there is none yet."""
    place = next((place for place, step in enumerate(rest) if step.who), None)
    if place is None:
        opening = [replace(sorting[0], after=_LOOK), *sorting[1:]]
        return [*rest, *opening] if rest else opening
    step = rest[place]
    early = max(step.after - 2 * _MOMENT, _MOMENT)
    opening = [replace(sorting[0], after=early), *sorting[1:]]
    return [*rest[:place], *opening, replace(step, after=2 * _MOMENT), *rest[place + 1 :]]


def _ending(thread: Thread) -> list[Step]:
    who = next((step.who for step in reversed(thread.steps) if step.kind == REPLY), _looks_first(thread))
    if thread.state == "spam":
        return [_verb(thread.spam_by or who, SPAM, after=timedelta(minutes=40))]
    if thread.state == "snoozed":
        return [_verb(who, SNOOZE, _DAYS, after=_MOMENT)]
    if thread.state == "pending" and not _already(thread, PEND):
        return [_verb(who, PEND, after=_MOMENT)]
    if thread.state in ("", "closed") and not (_already(thread, CLOSE) or _already(thread, PEND)):
        answered = thread.steps[-1].kind in (REPLY, NOTE)
        return [_verb(who, CLOSE, after=_MOMENT if answered else timedelta(minutes=45))]
    return []


def _already(thread: Thread, verb: str) -> bool:
    """Tell whether the verb was done and no customer wrote after it."""
    later = thread.steps
    done = [place for place, step in enumerate(later) if step.verb == verb]
    return bool(done) and not any(step.kind == MAIL for step in later[done[-1] :])


def _verb(who: str, verb: str, what: str = "", *, after: timedelta = timedelta(seconds=20)) -> Step:
    return Step(kind=VERB, after=after, who=who, verb=verb, what=what)
