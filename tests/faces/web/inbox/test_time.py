"""Snoozing, scheduling, the trash and notes on second thoughts, by HTTP as the pages do them."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from postroom.core.accounts.models import User
from postroom.core.conversations.actions.edit_note import retract_note
from postroom.core.conversations.actions.note import add_note
from postroom.core.conversations.actions.receive import receive
from postroom.core.conversations.actions.upload import attach
from postroom.core.conversations.models import CLOSED, OPEN, SNOOZED, TRASH, Message
from postroom.core.conversations.models.message import CANCELLED, OUT, QUEUED
from postroom.lib import clock
from tests.faces.web.answer import Answer
from tests.faces.web.inbox.conftest import Inbox
from tests.incoming import incoming

HTMX = {"HX-Request": "true", "HX-Target": "conversation-head"}
DAY = timedelta(days=1)


def _said(answer: Answer) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(answer["HX-Trigger"])["postroom:toast"]
    return said


def _undo(inbox: Inbox, answer: Answer) -> Answer:
    back = _said(answer)["undo"]
    return inbox.alice.post(back["url"], headers=HTMX) if back["method"] == "POST" else _delete(inbox, back["url"])


def _delete(inbox: Inbox, url: str) -> Answer:
    return inbox.alice.delete(url, headers=HTMX)


def _snooze(inbox: Inbox, **form: str) -> Answer:
    return inbox.alice.post(inbox.url("snooze"), {"in": "open", **form}, headers=HTMX)


def _page(inbox: Inbox) -> str:
    return str(inbox.alice.get(inbox.url()).content.decode())


def test_a_snooze_by_the_readers_own_clock_and_its_undo(inbox: Inbox) -> None:
    User.objects.filter(email="alice@team.example").update(time_zone="Pacific/Auckland")
    day = (clock.now() + 3 * DAY).date()
    answer = _snooze(inbox, until="typed", at=f"{day}T09:00")
    now = inbox.now()
    assert now.status == SNOOZED
    assert now.snoozed_until == datetime(day.year, day.month, day.day, 9, tzinfo=ZoneInfo("Pacific/Auckland"))
    assert "09:00" in _said(answer)["text"]
    assert ", or until they answer" in _page(inbox)
    later = _snooze(inbox, until="answer")
    assert _said(later)["text"] == f"Snoozed #{now.pk} until they answer."
    _undo(inbox, later)
    assert inbox.now().snoozed_until == now.snoozed_until
    _undo(inbox, answer)
    assert inbox.now().status == OPEN


@pytest.mark.parametrize("noun", ["closure", "trash"])
def test_undo_gives_a_snooze_back(inbox: Inbox, noun: str) -> None:
    until = clock.now() + DAY
    _snooze(inbox, until=until.isoformat(), stay="1")
    done = inbox.alice.post(inbox.url(noun), {"in": "snoozed"}, headers=HTMX)
    assert inbox.now().status == {"closure": CLOSED, "trash": TRASH}[noun]
    _undo(inbox, done)
    now = inbox.now()
    assert (now.status, now.snoozed_until, now.wakes_on_answer) == (SNOOZED, until, False)


@pytest.mark.parametrize("form", [{}, {"until": "x"}, {"until": "typed"}, {"until": "answer", "stay": "1"}])
def test_what_is_no_moment_is_said(inbox: Inbox, form: dict[str, str]) -> None:
    answer = _snooze(inbox, **form)
    assert answer.status_code == 409
    assert "Nothing was changed" in answer.content.decode()
    assert _snooze(inbox, until=(clock.now() - DAY).isoformat()).status_code == 409
    assert inbox.now().status == OPEN


def test_a_reply_leaves_later_and_is_changed_and_sent_now(inbox: Inbox) -> None:
    at = clock.now() + DAY
    form = {"html": "<p>Tomorrow.</p>", "later": at.isoformat(), "overtake": "1"}
    answer = inbox.alice.post(inbox.url("replies"), form)
    assert "leaves tomorrow" in answer.json()["said"]
    message = Message.objects.get(kind=OUT)
    assert (message.send_after, message.cancel_if_answered) == (at, True)
    page = _page(inbox)
    assert "unless they answer first" in page
    assert "Tomorrow." in inbox.bob.get("/scheduled").content.decode()
    assert "Tomorrow." not in inbox.charlie.get("/scheduled").content.decode()
    url = f"/messages/{message.pk}/schedule"
    moved = inbox.bob.post(url, {"until": (at + DAY).isoformat()}, headers=HTMX)
    assert Message.objects.get(kind=OUT).send_after == at + DAY
    _undo(inbox, moved)
    assert Message.objects.get(kind=OUT).send_after == at
    _undo(inbox, inbox.bob.post(url, {"overtake": "0"}, headers=HTMX))
    assert Message.objects.get(kind=OUT).cancel_if_answered
    assert inbox.bob.post(url, {"until": "now"}, headers=HTMX).status_code == 204
    assert Message.objects.filter(kind=OUT, send_after__lte=clock.now()).exists()
    Message.objects.filter(kind=OUT).update(delivery="sent")
    assert inbox.bob.post(url, {"until": "now"}, headers=HTMX).status_code == 409


def test_a_reply_with_a_bad_moment_is_not_taken(inbox: Inbox) -> None:
    for later in ("x", (clock.now() - DAY).isoformat()):
        answer = inbox.alice.post(inbox.url("replies"), {"html": "<p>Hello</p>", "later": later})
        assert (answer.status_code, answer.json()["kind"]) == (422, "refused")
    assert not Message.objects.filter(kind=OUT).exists()


def test_send_and_snooze_goes_on_with_the_next_and_is_undone_as_one(inbox: Inbox) -> None:
    answer = inbox.alice.post(inbox.url("replies"), {"html": "<p>Hello</p>", "snooze": "answer", "in": "open"})
    assert (inbox.now().status, answer.json()["next"]) == (SNOOZED, "/folders/open")
    assert answer.json()["said"].startswith("Snoozed.")
    draft = inbox.alice.delete(answer.json()["undo"]["url"]).json()["draft"]
    assert (draft["html"], inbox.now().status) == ("<p>Hello</p>", OPEN)


def test_what_was_overtaken_stands_where_it_happened_with_its_words(inbox: Inbox) -> None:
    form = {"html": "<p>My careful words.</p>", "later": (clock.now() + DAY).isoformat(), "overtake": "1"}
    inbox.alice.post(inbox.url("replies"), form)
    receive(mailbox=inbox.mailbox, mail=incoming(text="Never mind.", rfc_id="<2@c.example>"), conversation=inbox.now())
    page = _page(inbox)
    assert "wrote before a waiting reply had left, so it was not sent" in page
    assert "My careful words." in page
    message = Message.objects.get(kind=OUT)
    assert message.delivery == CANCELLED
    assert f'data-unsend="/messages/{message.pk}/sending"' in page
    assert inbox.bob.delete(f"/messages/{message.pk}/sending").json()["draft"]["html"] == "<p>My careful words.</p>"


def test_the_trash_says_what_does_not_leave(inbox: Inbox) -> None:
    inbox.alice.post(inbox.url("replies"), {"html": "<p>Hello</p>", "later": (clock.now() + DAY).isoformat()})
    done = inbox.alice.post(inbox.url("trash"), {"in": "open"}, headers=HTMX)
    assert "What was scheduled in it does not leave." in _said(done)["text"]
    assert inbox.alice.get("/folders/trash").content.decode().count('class="line') >= 1
    _undo(inbox, done)
    assert Message.objects.get(kind=OUT).delivery == QUEUED


def test_a_note_is_changed_and_its_older_words_are_there_for_the_team(inbox: Inbox) -> None:
    alice = User.objects.get(name="Alice")
    note = add_note(inbox.conversation, by=alice, html="<p>Ask <b>Bob</b>.</p>")
    url = f"/messages/{note.pk}/note"
    assert "Ask \\u003cb\\u003eBob" in inbox.alice.get(url).content.decode()
    assert inbox.alice.post(url, {"html": "<p>Ask Tom.</p>"}).json() == {"message": note.pk}
    refused = inbox.bob.post(url, {"html": "<p>Mine now.</p>"})
    assert (refused.status_code, "Only Alice" in refused.json()["sentence"]) == (409, True)
    assert "<b>Bob</b>" in inbox.bob.get(f"/messages/{note.pk}/versions").content.decode()
    assert "changed" in _page(inbox)
    assert inbox.charlie.get(url).status_code == 404


def test_a_note_that_was_taken_back_says_nothing_any_more(inbox: Inbox) -> None:
    alice = User.objects.get(name="Alice")
    file = attach(inbox.conversation, by=alice, name="plan.txt", content_type="text/plain", data=b"plan")
    note = add_note(inbox.conversation, by=alice, html="<p>The workshop is late.</p>", attachments=[file])
    url = f"/messages/{note.pk}/note"
    taken = inbox.alice.delete(url, headers={"HX-Request": "true"})
    assert "workshop" not in taken.content.decode()
    for page in (inbox.url(), inbox.url("messages"), f"/messages/{note.pk}", "/folders/open"):
        assert "workshop is late" not in inbox.bob.get(page).content.decode(), page
    for page in (f"/attachments/{file.pk}", f"/messages/{note.pk}/versions", f"/messages/{note.pk}/html"):
        assert inbox.bob.get(page).status_code == 404, page
    assert "took back a note" in _page(inbox)
    _undo(inbox, taken)
    assert "workshop is late" in _page(inbox)
    retract_note(note, by=alice)
    assert "Restore" in _page(inbox)
    assert "?restore=1" not in inbox.bob.get(inbox.url()).content.decode()


def test_the_list_says_until_when(inbox: Inbox) -> None:
    _snooze(inbox, until=(clock.now() + DAY).astimezone(UTC).isoformat())
    assert "tomorrow" in inbox.bob.get("/folders/snoozed").content.decode()
