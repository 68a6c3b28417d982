"""What a person should know is told to them, and to nobody else."""

from collections.abc import Callable

import pytest
from django.test import Client

from postroom.core.accounts.models import Mailbox, Membership, User
from postroom.core.conversations.actions.assign import assign
from postroom.core.conversations.actions.receive import IncomingMessage, receive
from postroom.core.conversations.models import Conversation
from postroom.core.events.follow import follow
from postroom.followers.notifications.react import FOLLOWER
from postroom.followers.notifications.read import unseen
from tests.people import ANN

# The follower reads what is committed.
pytestmark = pytest.mark.django_db(transaction=True)

SignIn = Callable[[User], Client]


@pytest.fixture
def given(mailbox: Mailbox, alice: User, bob: User) -> Conversation:
    mail = IncomingMessage(sender=ANN, subject="Where is my <b>bicycle</b>?", text="?")
    conversation = receive(mailbox=mailbox, mail=mail).conversation
    assign(conversation, to=bob, by=alice)
    while follow(FOLLOWER):
        pass
    return conversation


def test_bob_is_told_what_alice_gave_him_until_he_has_seen_it(given: Conversation, bob: User, sign_in: SignIn) -> None:
    page = sign_in(bob).get("/notifications").content.decode()
    assert "Alice gave you a conversation" in page
    assert "Where is my &lt;b&gt;bicycle&lt;/b&gt;?" in page
    assert unseen(bob) == 1
    assert sign_in(bob).post("/notifications").status_code == 302
    assert unseen(bob) == 0


def test_opening_the_conversation_is_seeing_it(given: Conversation, bob: User, sign_in: SignIn) -> None:
    sign_in(bob).post(f"/conversations/{given.pk}/reading")
    assert unseen(bob) == 0


def test_others_are_not_told(given: Conversation, alice: User, charlie: User, sign_in: SignIn) -> None:
    for person in (alice, charlie):
        assert "bicycle" not in sign_in(person).get("/notifications").content.decode()
    assert Client().get("/notifications").status_code == 302


def test_who_left_the_mailbox_is_not_told_any_more(given: Conversation, bob: User, sign_in: SignIn) -> None:
    Membership.objects.filter(user=bob).delete()
    assert "bicycle" not in sign_in(bob).get("/notifications").content.decode()
