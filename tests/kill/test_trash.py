"""A worker is killed while it empties a trash: each conversation goes whole or stays whole, and is counted once."""

from postroom.core.accounts.models import MANAGING, User
from postroom.core.audit.models import AuditEntry
from postroom.core.conversations.actions.empty_trash import empty_trash
from postroom.core.conversations.actions.receive import receive
from postroom.core.conversations.actions.trash import trash
from postroom.core.conversations.models import Conversation, Emptying, Message
from postroom.core.events.models import Event
from postroom.lib import clock
from tests.incoming import incoming
from tests.kill.conftest import Post
from tests.people import put_on

SIGKILLED = -9
_MANY, _AT_A_TIME = 45, 20


def test_a_killed_emptying_goes_on_where_it_was(post: Post) -> None:
    alice = User.objects.create(email="alice@team.example", name="Alice")
    put_on(post.mailbox, alice, level=MANAGING)
    for number in range(_MANY):
        mail = receive(mailbox=post.mailbox, mail=incoming(rfc_id=f"<{number}@customers.example>"))
        trash(mail.conversation, by=alice)
    kept = receive(mailbox=post.mailbox, mail=incoming(rfc_id="<kept@customers.example>")).conversation
    emptying = empty_trash(post.mailbox, until=clock.now(), by=alice)
    for kill_at in ("trash_before_commit", "trash_before_commit:1"):
        assert post.start(kill_at=kill_at).wait() == SIGKILLED
        emptying.refresh_from_db()
        assert emptying.ended_at is None
        assert emptying.deleted == _MANY + 1 - Conversation.objects.count()
        assert Message.objects.count() == Conversation.objects.count()
    assert emptying.deleted == _AT_A_TIME
    post.start().wait_for(lambda: not Emptying.objects.filter(ended_at=None).exists(), what="The end of it")
    emptying.refresh_from_db()
    assert emptying.deleted == _MANY
    assert list(Conversation.objects.all()) == [kept]
    told = [event.data["count"] for event in Event.objects.filter(kind="trash.emptied").order_by("pk")]
    assert sum(told) == _MANY
    assert [entry.after["conversations"] for entry in AuditEntry.objects.filter(action="trash.emptied")] == [_MANY]
