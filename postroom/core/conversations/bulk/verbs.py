"""The verbs that can be done to many conversations: each is the one of actions/, with its way back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from postroom.core.accounts.models import Mailbox, Team, User
from postroom.core.conversations.actions.assign import assign, unassign
from postroom.core.conversations.actions.close import close, reopen
from postroom.core.conversations.actions.move_to_mailbox import move_to_mailbox
from postroom.core.conversations.actions.pend import mark_pending
from postroom.core.conversations.actions.prioritize import set_priority
from postroom.core.conversations.actions.read import mark_read, mark_unread
from postroom.core.conversations.actions.snooze import snooze, unsnooze
from postroom.core.conversations.actions.spam import mark_spam, not_spam
from postroom.core.conversations.actions.tag import tag, untag
from postroom.core.conversations.actions.trash import restore, trash
from postroom.core.conversations.bulk.statuses import STATUS_KINDS, put_back, status_of
from postroom.core.conversations.bulk.wanted import Wanted
from postroom.core.conversations.models import Conversation, ReadMark
from postroom.core.events import kinds

Was = dict[str, Any]
TAG_KINDS = (kinds.Tagged.name, kinds.Untagged.name)
_OWNER_KINDS = (kinds.Assigned.name, kinds.Unassigned.name)


class OwnerGone(Exception):
    """The person, team or mailbox that was chosen is not here any more."""


@dataclass(frozen=True)
class Done:
    """What a verb did to one conversation: how it was, how it is since, and what was asked for."""

    was: Was
    now: Was
    wanted: Wanted


@dataclass(frozen=True)
class Verb:
    """`do` and `undo` tell whether they changed anything; `look` reads what the verb changes.

    `hides`: it puts conversations out of sight, so it leaves those that somebody wrote in since they were picked.
    After an event of `kinds` (for a tag: of the same tag) it is not undone. `moves`: the mailbox changes.
    """

    do: Callable[[Conversation, Wanted, User], bool]
    look: Callable[[Conversation, User], Was]
    undo: Callable[[Conversation, Done, User], bool]
    hides: bool = False
    kinds: tuple[str, ...] = ()
    moves: bool = False


def _status(do: Callable[[Conversation, Wanted, User], bool], *, hides: bool = False) -> Verb:
    def undo(conversation: Conversation, done: Done, by: User) -> bool:
        return put_back(conversation, was=done.was, now=done.now["status"], by=by)

    return Verb(do, lambda conversation, _by: status_of(conversation), undo, hides=hides, kinds=STATUS_KINDS)


def _owner_of(conversation: Conversation, by: User) -> Was:
    del by
    return {"user_id": conversation.assignee_id, "team_id": conversation.team_id}


def _assign(conversation: Conversation, wanted: Wanted, by: User) -> bool:
    return assign(conversation, to=_owner(wanted.user_id, wanted.team_id), by=by)


def _owner(user_id: int | None, team_id: int | None) -> User | Team:
    found = Team.objects.filter(pk=team_id).first() if team_id else User.objects.filter(pk=user_id or 0).first()
    if found is None:
        raise OwnerGone
    return found


def _own_again(conversation: Conversation, done: Done, by: User) -> bool:
    if _owner_of(conversation, by) != done.now:
        return False
    if done.was["user_id"] is None and done.was["team_id"] is None:
        return unassign(conversation, by=by)
    return assign(conversation, to=_owner(done.was["user_id"], done.was["team_id"]), by=by)


def _untag(conversation: Conversation, done: Done, by: User) -> bool:
    return untag(conversation, name=done.wanted.tag, by=by)


def _tag(conversation: Conversation, done: Done, by: User) -> bool:
    return tag(conversation, name=done.wanted.tag, by=by)


def _nothing(conversation: Conversation, by: User) -> Was:
    del conversation, by
    return {}


def _priority_back(conversation: Conversation, done: Done, by: User) -> bool:
    if conversation.priority != done.now["priority"]:
        return False
    return set_priority(conversation, priority=done.was["priority"], by=by)


def _move(conversation: Conversation, wanted: Wanted, by: User) -> bool:
    mailbox = Mailbox.objects.filter(pk=wanted.mailbox_id or 0).first()
    if mailbox is None:
        raise OwnerGone
    return move_to_mailbox(conversation, mailbox=mailbox, by=by)


def _where(conversation: Conversation, by: User) -> Was:
    return {"mailbox_id": conversation.mailbox_id, **_owner_of(conversation, by)}


def _move_back(conversation: Conversation, done: Done, by: User) -> bool:
    mailbox = Mailbox.objects.filter(pk=done.was["mailbox_id"]).first()
    if mailbox is None or conversation.mailbox_id != done.now["mailbox_id"]:
        return False
    if not move_to_mailbox(conversation, mailbox=mailbox, by=by):
        return False
    # The move may have taken it from somebody who could not answer there.
    conversation.refresh_from_db(fields=["assignee", "team"])
    took = done.now["user_id"] is None and done.now["team_id"] is None and (done.was["user_id"] or done.was["team_id"])
    if took and conversation.assignee_id is None and conversation.team_id is None:
        assign(conversation, to=_owner(done.was["user_id"], done.was["team_id"]), by=by)
    return True


def _mark(conversation: Conversation, by: User) -> Was:
    marks = ReadMark.objects.filter(conversation=conversation, user=by)
    return {"read": marks.values_list("message_id", flat=True).first()}


def _read(conversation: Conversation, wanted: Wanted, by: User) -> bool:
    del wanted
    newest = conversation.last_message_id or 0
    if (_mark(conversation, by)["read"] or 0) >= newest:
        return False
    mark_read(conversation, by=by, message_id=newest)
    return True


def _unread(conversation: Conversation, wanted: Wanted, by: User) -> bool:
    del wanted
    if _mark(conversation, by)["read"] is None:
        return False
    mark_unread(conversation, by=by)
    return True


def _mark_back(conversation: Conversation, done: Done, by: User) -> bool:
    if _mark(conversation, by) != done.now:
        return False
    mark_unread(conversation, by=by)
    if done.was["read"] is not None:
        mark_read(conversation, by=by, message_id=done.was["read"])
    return True


def _snooze(conversation: Conversation, wanted: Wanted, by: User) -> bool:
    return snooze(conversation, until=wanted.until, by=by, wakes_on_answer=wanted.wakes_on_answer)


VERBS: Mapping[str, Verb] = {
    "close": _status(lambda one, _wanted, by: close(one, by=by), hides=True),
    "reopen": _status(lambda one, _wanted, by: reopen(one, by=by)),
    "pending": _status(lambda one, _wanted, by: mark_pending(one, by=by), hides=True),
    "snooze": _status(_snooze, hides=True),
    "wake": _status(lambda one, _wanted, by: unsnooze(one, by=by)),
    "spam": _status(lambda one, _wanted, by: mark_spam(one, by=by), hides=True),
    "not_spam": _status(lambda one, _wanted, by: not_spam(one, by=by)),
    "trash": _status(lambda one, _wanted, by: trash(one, by=by), hides=True),
    "restore": _status(lambda one, _wanted, by: restore(one, by=by)),
    "assign": Verb(_assign, _owner_of, _own_again, kinds=_OWNER_KINDS),
    "unassign": Verb(lambda one, _wanted, by: unassign(one, by=by), _owner_of, _own_again, kinds=_OWNER_KINDS),
    "tag": Verb(lambda one, wanted, by: tag(one, name=wanted.tag, by=by), _nothing, _untag, kinds=TAG_KINDS),
    "untag": Verb(lambda one, wanted, by: untag(one, name=wanted.tag, by=by), _nothing, _tag, kinds=TAG_KINDS),
    "priority": Verb(
        lambda one, wanted, by: set_priority(one, priority=wanted.priority, by=by),
        lambda one, _by: {"priority": one.priority},
        _priority_back,
        kinds=(kinds.PrioritySet.name,),
    ),
    "move": Verb(_move, _where, _move_back, kinds=(kinds.MovedToMailbox.name,), moves=True),
    "read": Verb(_read, _mark, _mark_back),
    "unread": Verb(_unread, _mark, _mark_back),
}
