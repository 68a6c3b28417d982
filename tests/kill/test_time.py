"""A worker is killed while something wakes or waits for its moment: it still happens, once."""

from datetime import timedelta

from postroom.channels.mail.actions.ways import send_through
from postroom.channels.mail.models import STARTTLS
from postroom.channels.mail.server_settings import ServerSettings
from postroom.core.accounts.models import Membership, User
from postroom.core.conversations.actions.reply import reply
from postroom.core.conversations.actions.snooze import snooze
from postroom.core.conversations.models import OPEN, SNOOZED, Conversation, Message
from postroom.core.conversations.models.message import QUEUED, SENT
from postroom.core.events.actor import SYSTEM
from postroom.core.events.models import Event
from postroom.lib import clock
from tests.channels.mail.letters import filed, letter
from tests.kill.conftest import Post
from tests.servers import smtp_sink as sink_server
from tests.servers.smtp_sink import SmtpSink

SIGKILLED = -9


def test_a_killed_worker_wakes_it_once_and_sends_later_what_leaves_later(post: Post, smtp_sink: SmtpSink) -> None:
    alice = User.objects.create(email="alice@team.example", name="Alice")
    Membership.objects.create(mailbox=post.mailbox, user=alice)
    server = ServerSettings("localhost", smtp_sink.port, STARTTLS, sink_server.USER, sink_server.PASSWORD)
    send_through(post.mailbox, server=server, by=SYSTEM)
    post.ca_file = str(smtp_sink.authority)
    conversation = filed(letter(), mailbox=post.mailbox).conversation
    answer = reply(conversation, by=alice, html="<p>Later.</p>", send_after=clock.now() + timedelta(hours=1))
    with clock.at(clock.now() - timedelta(hours=2)):
        snooze(conversation, until=clock.now() + timedelta(hours=1), by=alice)
    assert post.start(kill_at="before_wake_commit").wait() == SIGKILLED
    assert Conversation.objects.get().status == SNOOZED
    living = post.start()
    living.wait_for(lambda: Conversation.objects.get().status == OPEN, what="It wakes")
    assert Event.objects.filter(kind="conversation.woke").count() == 1
    assert Message.objects.get(pk=answer.pk).delivery == QUEUED
    living.kill()
    # Nobody was there when its moment came.
    Message.objects.filter(pk=answer.pk).update(send_after=clock.now())
    again = post.start()
    again.wait_for(lambda: Message.objects.get(pk=answer.pk).delivery == SENT, what="It leaves")
    assert [mail.message["Message-ID"] for mail in smtp_sink.received] == [answer.rfc_id]
