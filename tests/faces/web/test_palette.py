"""The palette finds what this person may open, and nothing else; what is fetched ahead is no secret reading."""

from collections.abc import Callable

import pytest
from django.test import Client

from postroom.core.accounts.models import Mailbox, User
from postroom.core.audit.models import AuditEntry
from postroom.core.conversations.actions.receive import IncomingMessage, receive
from postroom.core.conversations.actions.sensitive import mark_sensitive
from postroom.core.conversations.actions.tag import tag
from postroom.core.conversations.models import Conversation
from postroom.faces.web.keys import KEYS
from tests.people import ANN

pytestmark = pytest.mark.django_db

SignIn = Callable[[User], Client]
AHEAD = {"Postroom-Ahead": "1", "HX-Request": "true", "HX-Target": "conversation"}


@pytest.fixture
def conversation(mailbox: Mailbox, alice: User) -> Conversation:
    mail = IncomingMessage(sender=ANN, subject="Where is my Vélo?", text="?")
    made = receive(mailbox=mailbox, mail=mail).conversation
    tag(made, name="delivery", by=alice)
    return made


def _words(client: Client, typed: str) -> list[str]:
    return [entry["word"] for entry in client.get("/palette", {"q": typed}).json()["entries"]]


def test_a_conversation_is_found_by_number_subject_and_customer(
    conversation: Conversation, alice: User, sign_in: SignIn
) -> None:
    client = sign_in(alice)
    for typed in (str(conversation.pk), f"#{conversation.pk}", "where is", "PEETERS", "ann@customers"):
        assert _words(client, typed) == ["Where is my Vélo?"], typed
    for typed in ("nothing like it", "#99999999", "9" * 40, "%", "\x00"):
        assert _words(client, typed) == [], typed


def test_who_may_not_see_it_finds_nothing(
    conversation: Conversation, alice: User, charlie: User, sign_in: SignIn
) -> None:
    assert _words(sign_in(charlie), f"#{conversation.pk}") == _words(sign_in(charlie), "Vélo") == []
    mark_sensitive(conversation, people=[alice], by=alice)
    assert _words(sign_in(alice), "Where") == ["Where is my Vélo?"]


def test_settings_are_those_that_one_may_open(
    conversation: Conversation, alice: User, bob: User, sign_in: SignIn
) -> None:
    owners, agents = (
        {entry["word"] for entry in sign_in(one).get("/palette").json()["entries"]} for one in (alice, bob)
    )
    assert {"My profile", "Notifications", "Audit log", "delivery"} <= owners
    assert {"My profile", "Notifications", "delivery"} <= agents
    assert "Audit log" not in agents


def test_every_key_means_one_thing() -> None:
    keys = [key for _title, group in KEYS for one in group for key in one.keys]
    assert len(keys) == len(set(keys))


def test_what_is_fetched_ahead_is_written_as_such_and_a_sensitive_one_is_not_given(
    conversation: Conversation, alice: User, sign_in: SignIn
) -> None:
    client, path = sign_in(alice), f"/conversations/{conversation.pk}"
    written = (
        AuditEntry.objects.filter(action__startswith="conversation.").order_by("pk").values_list("action", flat=True)
    )
    assert client.get(path, headers=AHEAD).status_code == 200
    # Only for the page itself: no other address is read unseen by this header.
    client.get(f"{path}/head", headers=AHEAD)
    assert list(written)[-2:] == ["conversation.fetched_ahead", "conversation.read"]
    mark_sensitive(conversation, people=[alice], by=alice)
    before = written.count()
    answer = client.get(path, headers=AHEAD)
    assert (answer.status_code, answer.content) == (204, b"")
    assert written.count() == before
