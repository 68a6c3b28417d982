"""A worker is killed in the middle of a bulk change: each conversation is changed once, and none is forgotten."""

import pytest

from postroom.core.accounts.models import User
from postroom.core.conversations.actions.receive import receive
from postroom.core.conversations.bulk.jobs import start_whole
from postroom.core.conversations.bulk.wanted import Wanted
from postroom.core.conversations.models import CLOSED, BulkJob, Conversation
from postroom.core.events.models import Event
from postroom.lib import clock
from tests.incoming import incoming
from tests.kill.conftest import Post
from tests.people import put_on

SIGKILLED = -9
_MANY = 60


@pytest.mark.parametrize("kill_at", ["bulk_gathering", "bulk_before_commit:1", "bulk_stretch"])
def test_a_killed_bulk_change_goes_on_where_it_was(post: Post, kill_at: str) -> None:
    alice = User.objects.create(email="alice@team.example", name="Alice")
    put_on(post.mailbox, alice)
    for number in range(_MANY):
        receive(mailbox=post.mailbox, mail=incoming(rfc_id=f"<{number}@customers.example>"))
    job = start_whole(Wanted("close"), within_list="open", by=alice)
    assert post.start(kill_at=kill_at).wait() == SIGKILLED
    done = Conversation.objects.filter(status=CLOSED).count()
    assert Event.objects.filter(kind="conversation.closed").count() == done < _MANY
    BulkJob.objects.update(leased_until=clock.now())
    post.start().wait_for(lambda: BulkJob.objects.get(pk=job.pk).state == "done", what="The change")
    job.refresh_from_db()
    assert (job.total, job.done, job.refused) == (_MANY, _MANY, 0)
    assert Event.objects.filter(kind="conversation.closed").count() == _MANY
