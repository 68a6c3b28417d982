"""Who may only read: everything is shown, nothing can be changed, and each refusal says why."""

from collections.abc import Callable

import pytest
from django.test import Client

from postroom.core.accounts.actions.access import grant
from postroom.core.accounts.actions.teams import add_team
from postroom.core.accounts.models import MANAGING, OBSERVER, SEEING, User
from postroom.core.conversations.actions.reply import reply
from postroom.core.conversations.models import Conversation, Message
from tests.faces.web.answer import Answer
from tests.faces.web.inbox.conftest import Inbox

_HTMX = {"HX-Request": "true", "HX-Target": "conversation-head"}
_VERBS = ("closure", "pending", "spam", "assignment", "tags", "tags/old", "priority", "merger")
_MESSAGE_VERBS = ("joining", "separation", "offer", "sending")


@pytest.fixture(params=["level", "role"])
def reader(request: pytest.FixtureRequest, inbox: Inbox, alice: User, bob: User) -> Client:
    """Bob, who may only read: by what he was granted, or by his role."""
    if request.param == "level":
        grant(inbox.mailbox, user=bob, level=SEEING, by=alice)
    else:
        grant(inbox.mailbox, user=bob, level=MANAGING, by=alice)
        User.objects.filter(pk=bob.pk).update(role=OBSERVER)
    return inbox.bob


def test_everything_can_be_read(inbox: Inbox, reader: Client) -> None:
    for end in ("", "/head", "/panel", "/messages"):
        assert reader.get(inbox.url() + end).status_code == 200
    assert b"Order 118" in reader.get("/folders/open").content
    assert reader.get(f"/mailboxes/{inbox.mailbox.pk}/ledger").status_code == 200
    assert reader.post(inbox.url("reading")).status_code == 302


def test_every_verb_answers_403_with_a_sentence(inbox: Inbox, reader: Client) -> None:
    before = Conversation.objects.values().get(pk=inbox.conversation.pk)
    message = Message.objects.get()
    addresses = [inbox.url(noun) for noun in _VERBS]
    addresses += [f"/messages/{message.pk}/{noun}" for noun in _MESSAGE_VERBS]
    addresses += [f"/mailboxes/{inbox.mailbox.pk}/ledger/census"]
    for address in addresses:
        for method in ("post", "delete") if "/ledger/" not in address else ("post",):
            plain: Answer = getattr(reader, method)(address)
            assert (plain.status_code, "Nothing was changed" in plain.content.decode()) == (403, True), address
            fragment: Answer = getattr(reader, method)(address, headers=_HTMX)
            assert fragment.status_code == 403
            assert "postroom:toast" in fragment.headers["HX-Trigger"]
    assert Conversation.objects.values().get(pk=inbox.conversation.pk) == before


def test_a_reply_is_refused_as_json_and_a_note_is_taken(inbox: Inbox, reader: Client) -> None:
    asked = {"accept": "application/json"}
    refused = reader.post(inbox.url("replies"), {"html": "<div>Yes.</div>"}, headers=asked)
    assert (refused.status_code, refused.json()["kind"]) == (403, "not-allowed")
    assert "Nothing was changed" in refused.json()["sentence"]
    assert reader.post(inbox.url("notes"), {"html": "<div>Ask Alice.</div>"}, headers=asked).status_code == 201
    assert Message.objects.exclude(kind="in").get().kind == "note"


def test_the_page_offers_notes_only_and_says_why(inbox: Inbox, reader: Client) -> None:
    page = reader.get(inbox.url()).content.decode()
    assert 'data-only="note"' in page
    assert 'data-mode="reply"' not in page
    assert "not answer or change" in page
    assert 'id="owner-menu"' not in page
    assert 'class="tag-form"' not in page
    assert "data-reads" in reader.get("/folders/open").content.decode()
    full = inbox.alice.get(inbox.url()).content.decode()
    assert ('data-only="' in full, 'id="owner-menu"' in full, 'class="tag-form"' in full) == (False, True, True)


def test_whose_role_writes_nothing_gets_no_composer(inbox: Inbox, bob: User) -> None:
    User.objects.filter(pk=bob.pk).update(role="custom")
    page = inbox.bob.get(inbox.url()).content.decode()
    assert ("<post-composer" in page, "composer-barred" in page) == (False, True)
    for noun in ("notes", "replies"):
        assert inbox.post(noun, by=inbox.bob, html="<div>Hello</div>").status_code == 403


def test_a_reply_that_is_on_its_way_is_not_theirs_to_take_back(inbox: Inbox, alice: User, reader: Client) -> None:
    message = reply(inbox.conversation, by=alice, html="<div>Yes.</div>")
    assert reader.delete(f"/messages/{message.pk}/sending").status_code == 403
    assert Message.objects.get(pk=message.pk).delivery == "queued"


def test_work_is_offered_and_given_only_to_who_can_do_it(
    inbox: Inbox, alice: User, bob: User, reader: Client, sign_in: Callable[[User], Client]
) -> None:
    del reader
    add_team(name="Onlookers", members=[bob], by=alice)
    add_team(name="Workshop", members=[alice], by=alice)
    head = sign_in(alice).get(inbox.url("head")).content.decode()
    assert (f'value="user-{bob.pk}"' in head, "Onlookers" in head, "Workshop" in head) == (False, False, True)
    refused = inbox.post("assignment", to=f"user-{bob.pk}")
    assert (refused.status_code, "not answer in it" in refused.content.decode()) == (409, True)


def test_who_is_let_further_in_may_do_more_at_once(inbox: Inbox, alice: User, bob: User) -> None:
    grant(inbox.mailbox, user=bob, level=SEEING, by=alice)
    assert inbox.post("closure", by=inbox.bob).status_code == 403
    grant(inbox.mailbox, user=bob, level=MANAGING, by=alice)
    assert inbox.post("closure", by=inbox.bob).status_code == 302
