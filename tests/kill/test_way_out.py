"""A worker is killed while it sends: the mail leaves once, or a person is asked. It never leaves twice by itself."""

import pytest

from postroom.channels.mail.actions.ways import send_through
from postroom.channels.mail.models import STARTTLS
from postroom.channels.mail.server_settings import ServerSettings
from postroom.core.accounts.models import Membership, User
from postroom.core.conversations.actions.reply import reply
from postroom.core.conversations.models import Message
from postroom.core.conversations.models.message import SENT, UNCERTAIN
from postroom.core.events.actor import SYSTEM
from postroom.core.events.models import Event
from postroom.lib import clock
from tests.channels.mail.letters import filed, letter
from tests.kill.conftest import Post
from tests.servers import smtp_sink as sink_server
from tests.servers.smtp_sink import SmtpSink

SIGKILLED = -9


@pytest.fixture
def answer(post: Post, smtp_sink: SmtpSink) -> Message:
    """Alice's answer, due at once, and a way out for it."""
    alice = User.objects.create(email="alice@team.example", name="Alice")
    Membership.objects.create(mailbox=post.mailbox, user=alice)
    server = ServerSettings("localhost", smtp_sink.port, STARTTLS, sink_server.USER, sink_server.PASSWORD)
    send_through(post.mailbox, server=server, by=SYSTEM)
    post.ca_file = str(smtp_sink.authority)
    first = filed(letter(), mailbox=post.mailbox)
    return reply(first.conversation, by=alice, html="<p>It left.</p>", send_after=clock.now())


def _after_restart(post: Post, answer: Message, *, kill_at: str) -> Message:
    assert post.start(kill_at=kill_at).wait() == SIGKILLED
    post.let_leases_run_out()
    living = post.start()
    living.wait_for(lambda: Message.objects.get(pk=answer.pk).delivery in (SENT, UNCERTAIN), what="An outcome")
    answer.refresh_from_db()
    return answer


def test_a_reply_that_was_only_claimed_leaves_once(post: Post, answer: Message, smtp_sink: SmtpSink) -> None:
    assert _after_restart(post, answer, kill_at="after_lease").delivery == SENT
    assert [mail.message["Message-ID"] for mail in smtp_sink.received] == [answer.rfc_id]
    assert Event.objects.filter(kind="reply.sent").count() == 1


def test_a_reply_that_was_about_to_leave_waits_for_a_person(post: Post, answer: Message, smtp_sink: SmtpSink) -> None:
    assert _after_restart(post, answer, kill_at="before_data").delivery == UNCERTAIN
    assert not smtp_sink.received


def test_a_reply_that_the_server_took_is_not_sent_again(post: Post, answer: Message, smtp_sink: SmtpSink) -> None:
    assert _after_restart(post, answer, kill_at="after_data").delivery == UNCERTAIN
    assert len(smtp_sink.received) == 1
    assert Event.objects.filter(kind="reply.uncertain").count() == 1
