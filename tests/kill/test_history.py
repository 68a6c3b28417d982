"""A worker is killed while it takes old mail in: the next one goes on, and nothing is lost or twice."""

from pathlib import Path

import pytest

from postroom.channels.mail.actions.history import bring_file, let_in
from postroom.channels.mail.history.kinds import kind_of
from postroom.channels.mail.models import STORED, IncomingMail
from postroom.channels.mail.models.history import COUNTING, DONE, READY, RUNNING, History
from postroom.core.conversations.models import Conversation, Message
from postroom.core.events.actor import SYSTEM
from postroom.lib import clock
from tests.channels.mail.letters import letter
from tests.kill.conftest import Post

SIGKILLED = -9
MAILS = 12


@pytest.fixture
def history(post: Post, tmp_path: Path) -> History:
    path = tmp_path / "old.mbox"
    mails = []
    for number in range(MAILS):
        name, subject = f"<{number}@customers.example>", f"Old {number // 3}"
        before = f"<{number - 1}@customers.example>" if number % 3 else ""
        mails.append(letter(message_id=name, subject=subject, In_Reply_To=before))
    path.write_bytes(b"\n".join(b"From ann@x Mon Jan  2 03:04:05 2023\n" + raw for raw in mails))
    return bring_file(post.mailbox, kind=kind_of(path), path=path, name=path.name, by=SYSTEM)


def state(history: History) -> str:
    return History.objects.values_list("state", flat=True).get(pk=history.pk)


def let_leases_run_out(post: Post) -> None:
    History.objects.update(leased_until=clock.now())
    post.let_leases_run_out()


def counted(post: Post, history: History) -> None:
    living = post.start()
    living.wait_for(lambda: state(history) == READY, what="The count")
    living.stop()
    assert let_in(history, by=SYSTEM)


@pytest.mark.parametrize("place", ["after_old_mail:4", "after_blob:3", "before_file_commit:5", "after_file_commit:2"])
def test_old_mail_survives_kills_and_comes_in_once(post: Post, history: History, place: str) -> None:
    counted(post, history)
    for _ in range(2):
        assert post.start(kill_at=place).wait() == SIGKILLED
        assert state(history) == RUNNING
        let_leases_run_out(post)
    living = post.start()
    living.wait_for(lambda: state(history) == DONE, what="The end")
    living.wait_for(lambda: not IncomingMail.objects.filter(state=STORED).exists(), what="The last mail")
    assert Message.objects.count() == len(set(Message.objects.values_list("rfc_id", flat=True))) == MAILS
    assert Conversation.objects.count() == MAILS // 3
    history.refresh_from_db()
    assert history.taken + history.known == MAILS


def test_a_count_survives_a_kill(post: Post, history: History) -> None:
    assert post.start(kill_at="after_old_mail:5").wait() == SIGKILLED
    assert state(history) == COUNTING
    let_leases_run_out(post)
    counted(post, history)
    history.refresh_from_db()
    assert (history.found, Message.objects.count()) == (MAILS, 0)
