"""The verbs, done by HTTP as the pages do them."""

import json
from typing import Any

import pytest
from django.test import Client

from postroom.core.accounts.models import Team, User
from postroom.core.conversations.models import CLOSED, OPEN, PENDING, SPAM, ReadMark
from postroom.core.events.models import Event
from tests.faces.web.answer import Answer
from tests.faces.web.inbox.conftest import Inbox, write

HTMX = {"HX-Request": "true", "HX-Target": "conversation-head"}


def _triggers(answer: Answer) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(answer["HX-Trigger"])
    return said


@pytest.mark.parametrize(
    ("noun", "done", "undone"), [("closure", CLOSED, OPEN), ("pending", PENDING, OPEN), ("spam", SPAM, OPEN)]
)
def test_what_a_post_does_a_delete_undoes(inbox: Inbox, noun: str, done: str, undone: str) -> None:
    assert inbox.post(noun).status_code == 302
    assert inbox.now().status == done
    assert inbox.delete(noun).status_code == 302
    assert inbox.now().status == undone


@pytest.mark.parametrize("noun", ["closure", "pending", "spam"])
def test_a_plain_form_can_undo_too(inbox: Inbox, noun: str) -> None:
    inbox.post(noun)
    inbox.post(noun, _method="delete")
    assert inbox.now().status == OPEN


def test_a_verb_done_twice_happens_once(inbox: Inbox) -> None:
    inbox.post("closure")
    inbox.post("closure")
    assert Event.objects.filter(kind="conversation.closed").count() == 1


def test_closing_says_so_with_a_way_back(inbox: Inbox) -> None:
    answer = inbox.alice.post(inbox.url("closure"), {"in": "open"}, headers=HTMX)
    said = _triggers(answer)
    assert said["postroom:toast"]["undo"] == {"method": "DELETE", "url": inbox.url("closure")}
    assert said["postroom:hint"]["conversation"] == inbox.conversation.pk
    assert b'data-status="closed"' in answer.content


def test_closing_goes_on_with_the_next(inbox: Inbox) -> None:
    newer = write(inbox.mailbox, subject="Newer")
    answer = inbox.alice.post(f"/conversations/{newer.pk}/closure", {"in": "open", "leave": "1"}, headers=HTMX)
    assert json.loads(answer["HX-Location"])["path"] == f"{inbox.url()}?in=open"
    answer = inbox.alice.post(inbox.url("closure"), {"in": "open", "leave": "1"}, headers=HTMX)
    assert json.loads(answer["HX-Location"])["path"] == "/folders/open"
    plain = inbox.alice.post(inbox.url("closure"), {"in": "closed", "leave": "1"})
    assert plain["Location"].endswith("?in=closed")


def test_work_is_taken_given_and_freed(inbox: Inbox, alice: User, bob: User) -> None:
    inbox.post("assignment", to="me")
    assert inbox.now().assignee == alice
    inbox.post("assignment", to=f"user-{bob.pk}")
    assert inbox.now().assignee == bob
    team = Team.objects.create(name="Workshop")
    inbox.post("assignment", to=f"team-{team.pk}")
    assert (inbox.now().assignee, inbox.now().team) == (None, team)
    inbox.delete("assignment")
    assert inbox.now().team is None


def test_work_is_not_given_to_somebody_who_would_not_see_it(inbox: Inbox, charlie: User) -> None:
    answer = inbox.alice.post(inbox.url("assignment"), {"to": f"user-{charlie.pk}"}, headers=HTMX)
    assert answer.status_code == 409
    assert "Charlie is not on this mailbox" in _triggers(answer)["postroom:toast"]["text"]
    plain = inbox.post("assignment", to=f"user-{charlie.pk}")
    assert plain.status_code == 409
    assert "Charlie is not on this mailbox" in plain.content.decode()
    assert inbox.now().assignee is None


def test_tags_are_put_on_and_taken_off(inbox: Inbox) -> None:
    inbox.post("tags", name=" To / fro ")
    assert [tag.name for tag in inbox.now().tags.all()] == ["to / fro"]
    assert inbox.delete("tags/to%20%2F%20fro").status_code == 302
    assert not inbox.now().tags.exists()


def test_priority_is_set(inbox: Inbox) -> None:
    inbox.post("priority", priority="2")
    assert inbox.now().priority == 2
    assert "set the priority to urgent" in inbox.alice.get(inbox.url()).content.decode()


def test_reading_moves_only_ones_own_mark(inbox: Inbox, alice: User) -> None:
    newest = inbox.now().last_message_id
    inbox.post("reading", message=str(10**17))
    assert list(ReadMark.objects.values_list("user_id", "message_id")) == [(alice.pk, newest)]
    inbox.delete("reading")
    assert not ReadMark.objects.exists()


def test_a_form_of_another_site_does_nothing(inbox: Inbox, alice: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(alice)
    assert strict.post(inbox.url("closure")).status_code == 403
    assert strict.delete(inbox.url("closure")).status_code == 403
    assert inbox.now().status == OPEN
