"""A worker is killed on the way of a mail: the next one goes on, and nothing is lost or filed twice."""

import threading
import time
from functools import partial

import pytest

from postroom.channels.mail.actions.ways import fetch_from
from postroom.channels.mail.models import QUARANTINED, STORED, TLS, FolderCursor, IncomingMail
from postroom.channels.mail.reading import NOT_UNDERSTOOD, TRIES
from postroom.channels.mail.reasons import KILLED_READER
from postroom.channels.mail.server_settings import ServerSettings
from postroom.core.accounts.models import User
from postroom.core.conversations.actions.assign import assign
from postroom.core.conversations.models import Message
from postroom.core.events.actor import SYSTEM
from postroom.core.events.models import Bookmark, Event
from postroom.followers.notifications.models import ANSWERED, Notification
from tests.channels.mail.letters import filed, letter
from tests.kill.conftest import Post
from tests.servers import dovecot as dovecot_server
from tests.servers.dovecot import Dovecot
from tests.servers.postroom import Running

SIGKILLED = -9


@pytest.mark.parametrize("place", ["after_blob", "while_reading", "before_file_commit", "after_file_commit"])
def test_a_mail_that_is_filed_at_once_survives_a_kill_and_is_filed_once(post: Post, place: str) -> None:
    raw = letter()
    dying = post.start(kill_at=place)
    assert not post.hand_in(raw)
    assert dying.wait() == SIGKILLED
    # Its row and its message are in one commit, and the sender has no answer before that.
    assert Message.objects.count() == IncomingMail.objects.count() == (place == "after_file_commit")
    living = post.start()
    # A sender who got no answer sends again.
    assert post.hand_in(raw)
    living.wait_for(lambda: Message.objects.exists() and not _waiting(), what="The message")
    assert Message.objects.count() == 1
    assert Event.objects.filter(kind="message.received").count() == 1


@pytest.mark.parametrize(
    "place", ["after_blob", "after_store", "after_claim", "while_reading", "before_file_commit", "after_file_commit"]
)
def test_a_mail_that_is_stored_first_survives_a_kill_and_is_filed_once(post: Post, place: str) -> None:
    raw = letter()
    _leave_a_trace(post, raw)
    dying = post.start(kill_at=place)
    taken = post.hand_in(raw)
    assert dying.wait() == SIGKILLED
    post.let_leases_run_out()
    living = post.start()
    assert taken or post.hand_in(raw)
    living.wait_for(lambda: Message.objects.exists() and not _waiting(), what="The message")
    assert Message.objects.count() == 1
    assert Event.objects.filter(kind="message.received").count() == 1


def test_a_mail_that_kills_each_reader_ends_as_a_conversation(post: Post) -> None:
    raw = letter()
    deaths = 0
    while not Message.objects.exists():
        running = post.start(kill_at="while_reading")
        if not IncomingMail.objects.exists():
            # Killed before its row was there: the sender keeps it, and finds the trace of that try the next time.
            post.hand_in(raw)
        running.wait_for(partial(_has_ended, running), what="An end")
        deaths += running.process.poll() is not None
        post.let_leases_run_out()
    assert deaths == 1 + TRIES
    mail = IncomingMail.objects.get()
    assert (mail.state, mail.reason) == (QUARANTINED, KILLED_READER)
    assert Message.objects.get().text == NOT_UNDERSTOOD


def _leave_a_trace(post: Post, raw: bytes) -> None:
    """Be killed with the bytes laid down: whoever comes after goes the long way."""
    dying = post.start(kill_at="after_blob")
    assert not post.hand_in(raw)
    assert dying.wait() == SIGKILLED


def test_a_reaction_survives_a_kill_and_happens_once(post: Post) -> None:
    first = filed(letter(), mailbox=post.mailbox)
    alice = User.objects.create(email="alice@team.example", name="Alice")
    post.mailbox.members.add(alice)
    assign(first.conversation, to=alice, by=SYSTEM)
    answer = filed(letter(message_id="<2@customers.example>", In_Reply_To=first.rfc_id), mailbox=post.mailbox)
    assert answer.conversation_id == first.conversation_id
    assert post.start(kill_at="before_react_commit").wait() == SIGKILLED
    assert not Notification.objects.exists()
    last = Event.objects.order_by("pk").last()
    assert last
    living = post.start()
    bookmark = Bookmark.objects.filter(follower="notifications", event_id=last.pk)
    living.wait_for(bookmark.exists, what="The reaction")
    assert Notification.objects.filter(user=alice, reason=ANSWERED).count() == 1


@pytest.mark.dovecot
def test_a_kill_before_the_imap_cursor_moves_brings_no_doubles(post: Post, dovecot: Dovecot) -> None:
    user = f"k{time.time_ns()}"
    for number in range(3):
        dovecot.append(user, letter(message_id=f"<{number}@customers.example>"))
    server = ServerSettings("localhost", dovecot.tls_port, TLS, user, dovecot_server.PASSWORD)
    fetch_from(post.mailbox, server=server, import_existing=True, by=SYSTEM)
    post.ca_file = str(dovecot.authority)
    assert post.start(kill_at="before_cursor:1").wait() == SIGKILLED
    assert not FolderCursor.objects.filter(last_uid__gt=0).exists()
    post.let_leases_run_out()
    living = post.start()
    living.wait_for(lambda: FolderCursor.objects.filter(last_uid=3).exists() and not _waiting(), what="The mail")
    assert Message.objects.count() == 3


def test_mail_flows_on_while_workers_die_all_the_time(post: Post) -> None:
    mails = [letter(message_id=f"<{number}@customers.example>") for number in range(60)]
    sender = threading.Thread(target=_send_all, args=(post, mails))
    sender.start()
    for _ in range(4):
        running = post.start()
        sender.join(0.4)
        running.kill()
        post.let_leases_run_out()
    living = post.start()
    sender.join()
    living.wait_for(lambda: not _waiting(), what="The last message")
    ids = list(Message.objects.values_list("rfc_id", flat=True))
    assert sorted(ids) == sorted(f"<{number}@customers.example>" for number in range(60))


def _send_all(post: Post, mails: list[bytes]) -> None:
    """Send each mail until it is taken."""
    for raw in mails:
        while not post.hand_in(raw):
            time.sleep(0.05)


def _has_ended(running: Running) -> bool:
    return Message.objects.exists() or running.process.poll() is not None


def _waiting() -> bool:
    return IncomingMail.objects.filter(state=STORED).exists()
