"""The web process is killed while an agent sends: the composer asks again, and there is one reply."""

import re

import httpx
import pytest
from django.test import Client

from postroom.core.accounts.models import Membership, User
from postroom.core.conversations.models import Conversation, Message
from postroom.core.events.models import Event
from tests.channels.mail.letters import filed, letter
from tests.kill.conftest import Post
from tests.servers.postroom import Running
from tests.servers.processes import answers, free_port

SIGKILLED = -9
FORM = {"html": "<p>It left yesterday.</p>", "token": "one-composer"}


@pytest.fixture
def conversation(post: Post) -> Conversation:
    return filed(letter(), mailbox=post.mailbox).conversation


@pytest.fixture
def cookie(post: Post) -> str:
    """The session of Alice's browser."""
    alice = User.objects.create(email="alice@team.example", name="Alice")
    Membership.objects.create(mailbox=post.mailbox, user=alice)
    client = Client()
    client.force_login(alice)
    return client.cookies["postroom_session"].value


def _web(post: Post, port: int, *, kill_at: str = "") -> Running:
    running = post.installation.start("web", "--port", str(port), POSTROOM_TEST_KILL_AT=kill_at)
    running.wait_for(lambda: answers(port), what="The pages")
    return running


def _send(port: int, cookie: str, conversation: Conversation) -> httpx.Response:
    """Post the composer's form as the browser does, its CSRF token taken from the page."""
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", cookies={"postroom_session": cookie}, timeout=30) as browser:
        page = browser.get(f"/conversations/{conversation.pk}")
        secret = re.search(r"X-CSRFToken\W+(?:quot;)?\W*(\w{32,})", page.text)
        assert secret
        return browser.post(f"/conversations/{conversation.pk}/replies", data=FORM, headers={"X-CSRFToken": secret[1]})


@pytest.mark.parametrize("kill_at", ["before_reply_commit", "after_reply_commit"])
def test_a_reply_whose_answer_was_lost_is_one_reply_when_it_is_sent_again(
    post: Post, cookie: str, conversation: Conversation, kill_at: str
) -> None:
    port = free_port()
    dying = _web(post, port, kill_at=kill_at)
    with pytest.raises(httpx.HTTPError):
        _send(port, cookie, conversation)
    assert dying.wait() == SIGKILLED
    assert Message.objects.filter(kind="out").count() == (kill_at == "after_reply_commit")

    _web(post, port)
    again = _send(port, cookie, conversation)
    assert again.status_code == 201
    assert Message.objects.get(kind="out").pk == again.json()["message"]
    assert Event.objects.filter(kind="reply.queued").count() == 1
    conversation.refresh_from_db()
    assert conversation.message_count == 2
