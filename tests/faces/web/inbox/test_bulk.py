"""Many conversations at once, as the pages ask for it."""

import json
from collections.abc import Callable

import pytest
from django.test import Client

from postroom.core.accounts.models import SEEING, User
from postroom.core.conversations.bulk.work import bulk_next
from postroom.core.conversations.models import CLOSED, OPEN, BulkJob, Conversation
from tests.faces.web.answer import Answer
from tests.faces.web.inbox.conftest import Inbox, write
from tests.people import put_on

HTMX = {"HX-Request": "true"}


@pytest.fixture
def others(inbox: Inbox) -> list[Conversation]:
    made = [write(inbox.mailbox, rfc_id=f"<{number}@customers.example>") for number in range(2)]
    return [inbox.conversation, *made]


def _ids(conversations: list[Conversation]) -> str:
    return ",".join(f"{one.pk}.{one.last_message_id}" for one in conversations)


def _post(client: Client, **form: str) -> Answer:
    return client.post("/bulk", form, headers=HTMX)


def _triggers(answer: Answer) -> dict[str, dict[str, object]]:
    found: dict[str, dict[str, object]] = json.loads(answer.headers["HX-Trigger"])
    return found


def _statuses() -> set[str]:
    return set(Conversation.objects.values_list("status", flat=True))


def test_a_selection_is_changed_at_once_and_put_back_by_its_undo(inbox: Inbox, others: list[Conversation]) -> None:
    answer = _post(inbox.alice, verb="close", ids=_ids(others))
    told = _triggers(answer)
    assert told["postroom:toast"]["text"] == "Closed 3 conversations."
    assert told["postroom:hint"]["kind"] == "bulk.went_on"
    assert _statuses() == {CLOSED}
    back = told["postroom:toast"]["undo"]
    assert isinstance(back, dict)
    assert back["method"] == "DELETE"
    assert inbox.bob.delete(back["url"], headers=HTMX).status_code == 404
    undone = inbox.alice.delete(back["url"], headers=HTMX)
    assert _triggers(undone)["postroom:toast"]["text"] == "Put 3 conversations back."
    assert _statuses() == {OPEN}


def test_who_only_sees_is_told_that_nothing_was_changed(
    inbox: Inbox, others: list[Conversation], charlie: User, sign_in: Callable[[User], Client]
) -> None:
    answer = _post(inbox.charlie, verb="close", ids=_ids(others))
    assert _triggers(answer)["postroom:toast"]["text"] == "Nothing was changed. 3 are not there for you any more."
    put_on(inbox.mailbox, charlie, level=SEEING)
    answer = _post(inbox.charlie, verb="close", ids=_ids(others))
    assert "3 are in a mailbox where you may not change anything." in str(_triggers(answer)["postroom:toast"]["text"])
    assert _statuses() == {OPEN}
    bar = inbox.charlie.get("/bulk/bar?in=open")
    assert "Mark as read" in bar.text
    assert "Move to the trash" not in bar.text


def test_a_whole_list_is_asked_about_with_its_number_when_it_is_long(
    inbox: Inbox, others: list[Conversation], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("postroom.faces.web.views.bulk.AT_ONCE", 2)
    asked = _post(inbox.alice, verb="close", whole="1", **{"in": "open"})
    assert "Close: 3 conversations?" in asked.text
    assert asked.headers["HX-Retarget"] == "#bulk-sure"
    assert not BulkJob.objects.exists()
    going = _post(inbox.alice, verb="close", whole="1", sure="1", **{"in": "open"})
    url = str(_triggers(going)["postroom:bulk"]["url"])
    assert "Counting …" in inbox.alice.get(url).text
    while bulk_next():
        pass
    shown = inbox.alice.get(url)
    assert "Closed 3 conversations." in shown.text
    assert "Put all back" in shown.text
    assert inbox.bob.get(url).status_code == 404
    assert "Closed 3 conversations." in inbox.alice.get("/bulk").text


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({}, 409),
        ({"verb": "close"}, 409),
        ({"verb": "explode", "ids": "1.1"}, 409),
        ({"verb": "close:now", "ids": "1.1"}, 409),
        ({"verb": "tag", "ids": "1.1"}, 409),
        ({"verb": "snooze:yesterday", "ids": "1.1"}, 409),
        ({"verb": "snooze:2001-01-01T00:00", "ids": "1.1"}, 204),
        ({"verb": "close", "ids": "x,9999999999999999999.1,-1.2"}, 409),
        ({"verb": "close", "ids": ",".join(f"{number}.1" for number in range(1, 3000))}, 409),
        ({"verb": "close", "whole": "1", "in": "nowhere"}, 404),
        ({"verb": "move:7", "ids": "1.1"}, 204),
    ],
)
def test_what_no_page_of_ours_sends_is_refused_with_a_sentence(inbox: Inbox, form: dict[str, str], status: int) -> None:
    answer = inbox.alice.post("/bulk", form, headers=HTMX)
    assert answer.status_code == status
    assert _statuses() == {OPEN}
