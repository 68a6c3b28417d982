"""A worker is killed while it sends: the mail leaves once, or a person is asked. It never leaves twice by itself."""

import time
from pathlib import Path

import pytest

from postroom.channels.mail.actions.ways import fetch_from, send_through
from postroom.channels.mail.models import COPY_LAID, STARTTLS, TLS, SentCopy
from postroom.channels.mail.server_settings import ServerSettings
from postroom.core.accounts.models import Membership, User
from postroom.core.conversations.actions.reply import reply
from postroom.core.conversations.models import Message
from postroom.core.conversations.models.delivery import TAKEN, WAITING
from postroom.core.conversations.models.message import DEFERRED, OUT, SENT, UNCERTAIN
from postroom.core.events.actor import SYSTEM
from postroom.core.events.models import Event
from postroom.lib import clock
from tests.channels.mail.letters import filed, letter
from tests.kill.conftest import Post
from tests.servers import smtp_sink as sink_server
from tests.servers.dovecot import PASSWORD, Dovecot
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


def test_a_worker_killed_while_it_heard_no_leaves_once(post: Post, answer: Message, smtp_sink: SmtpSink) -> None:
    smtp_sink.refuse("MAIL", "451 4.3.0 Not now", times=1)
    assert _after_restart(post, answer, kill_at="after_refusal").delivery == SENT
    assert len(smtp_sink.received) == 1


@pytest.mark.parametrize("kill_at", ["before_data", "after_data"])
def test_a_second_try_that_is_killed_is_uncertain_for_those_alone_whom_it_was_for(
    post: Post, answer: Message, smtp_sink: SmtpSink, kill_at: str
) -> None:
    Message.objects.filter(pk=answer.pk).update(cc=[{"name": "", "email": "tom@customers.example"}])
    smtp_sink.refuse("RCPT", "450 4.2.1 Greylisted", times=1)
    first = post.start()
    first.wait_for(lambda: Message.objects.get(pk=answer.pk).delivery == DEFERRED, what="The first try")
    first.kill()
    Message.objects.update(send_after=clock.now())
    assert _after_restart(post, answer, kill_at=kill_at).delivery == UNCERTAIN
    assert dict(answer.deliveries.values_list("email", "state")) == {
        "ann@customers.example": WAITING,
        "tom@customers.example": TAKEN,
    }
    taken = [mail.recipients for mail in smtp_sink.received]
    assert taken == [("tom@customers.example",), ("ann@customers.example",)][: 1 if kill_at == "before_data" else 2]


@pytest.mark.dovecot
def test_a_worker_killed_after_it_laid_the_copy_lays_no_other(
    post: Post, answer: Message, smtp_sink: SmtpSink, dovecot: Dovecot, tmp_path: Path
) -> None:
    both = tmp_path / "both.pem"
    both.write_text(smtp_sink.authority.read_text() + dovecot.authority.read_text())
    post.ca_file = str(both)
    account = f"k{time.time_ns()}"
    fetch_from(post.mailbox, server=ServerSettings("localhost", dovecot.tls_port, TLS, account, PASSWORD), by=SYSTEM)
    assert post.start(kill_at="after_append").wait() == SIGKILLED
    SentCopy.objects.update(next_try_at=clock.now())
    post.let_leases_run_out()
    living = post.start()
    living.wait_for(lambda: SentCopy.objects.get().state == COPY_LAID, what="The copy")
    with dovecot.session(account) as session:
        assert session.select("Sent")[1] == [b"1"]
    answer.refresh_from_db()
    assert (answer.delivery, len(smtp_sink.received)) == (SENT, 1)
    assert Message.objects.filter(kind=OUT).count() == 1
