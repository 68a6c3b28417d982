"""Follow what the team does, and wish for the same on the mail servers whose owners want that."""

from postroom.channels.mail.actions.wishes import wish_for, wish_no_more
from postroom.channels.mail.models import ARCHIVE, DELETE, IMAP, JUNK, SEEN, Source
from postroom.core.conversations.former import mailboxes_of
from postroom.core.events.follow import Follower
from postroom.core.events.kinds import (
    AnsweredBeside,
    Closed,
    MarkedNotSpam,
    MarkedSpam,
    MessageReceived,
    Reopened,
    ReplyQueued,
)
from postroom.core.events.models import Event

_MOVES = (ARCHIVE, JUNK, DELETE)


def react(event: Event) -> None:
    """Write down what to do on the server; the account's watcher does it. A round or so late is soon enough."""
    if event.conversation_id is None or event.mailbox_id is None or event.kind not in _REACTIONS:
        return
    # The mail of a conversation that was moved lies where it came in.
    for mailbox_id in mailboxes_of(event.conversation_id, now=event.mailbox_id):
        _wish(event, mailbox_id=mailbox_id, conversation_id=event.conversation_id)


def _wish(event: Event, *, mailbox_id: int, conversation_id: int) -> None:
    sources = list(Source.objects.filter(mailbox_id=mailbox_id, active=True, kind=IMAP))
    if event.kind in _TAKE_BACK:
        woken = event.kind not in _MAILS or event.data.get("reopened")
        if sources and woken:
            wish_no_more(mailbox_id, conversation_id=conversation_id, wishes=_MOVES)
        return
    # Before it is moved: done in their order.
    readers = [source for source in sources if source.marks_seen]
    if readers:
        wish_for(mailbox_id, conversation_id=conversation_id, wish=SEEN, sources=readers)
    for wish in _MOVES:
        fitting = [source for source in sources if _wanted(source, event.kind) == wish]
        if fitting:
            wish_for(mailbox_id, conversation_id=conversation_id, wish=wish, sources=fitting)


def _wanted(source: Source, kind: str) -> str:
    """Return what the owner wants done with the mail of a conversation that was closed or put away as spam."""
    return {Closed.name: source.when_closed, MarkedSpam.name: source.when_spam}.get(kind, "")


_MAILS = {MessageReceived.name, AnsweredBeside.name}
_TAKE_BACK = {Reopened.name, MarkedNotSpam.name} | _MAILS
_REACTIONS = {Closed.name, MarkedSpam.name, ReplyQueued.name} | _TAKE_BACK

FOLLOWER = Follower("mail servers", react)
