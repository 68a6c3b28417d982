"""A program answers under the same rules as the page: never over what it has not seen, never twice."""

import io
import threading
from datetime import timedelta

import pytest
from django.db import connection

from postroom.core.accounts.models import SEEING, Mailbox, Team, User
from postroom.core.conversations.actions.assign import assign
from postroom.core.conversations.actions.close import close
from postroom.core.conversations.actions.receive import receive
from postroom.core.conversations.actions.reply import reply
from postroom.core.conversations.models import Attachment, Conversation, Message
from postroom.core.conversations.models.message import NOTE, OUT
from postroom.lib import clock
from tests.faces.api.v1.conftest import Scene
from tests.faces.web.answer import Answer
from tests.faces.web.inbox.conftest import write
from tests.incoming import incoming
from tests.people import MALLORY, put_on

WORDS = {"text": "It left today.\n\nBob <3"}


def _replies() -> list[Message]:
    return list(Message.objects.filter(kind=OUT).order_by("pk"))


def _answer(scene: Scene, state: str, **more: object) -> Answer:
    return scene.alice.ask("POST", f"{scene.path}/replies", {**WORDS, "state": state, **more})


def test_a_reply_is_queued_as_the_page_would(scene: Scene, alice: User) -> None:
    answer = _answer(scene, scene.alice.state(scene.conversation.pk))
    assert answer.status_code == 201, answer.content
    (message,) = _replies()
    assert (message.author, message.delivery, message.text) == (alice, "queued", "It left today.\n\nBob <3")
    assert answer.json()["to"] == [{"name": "Ann Peeters", "email": "ann@customers.example"}] or answer.json()["to"]
    assert answer.json()["leaves_at"]
    assert Conversation.objects.get().assignee == alice


def test_what_others_did_meanwhile_stops_it_and_is_told(scene: Scene, mailbox: Mailbox, alice: User, bob: User) -> None:
    state = scene.alice.state(scene.conversation.pk)
    reply(scene.conversation, by=bob, html="<div>I am on it.</div>")
    receive(mailbox=mailbox, mail=incoming(text="Never mind.", rfc_id="<2@x>"), conversation=scene.conversation)
    close(scene.conversation, by=bob)
    stopped = _answer(scene, state)
    assert (stopped.status_code, stopped.json()["code"]) == (409, "moved")
    told = stopped.json()["changed"]
    assert [one["kind"] for one in told] == ["colleague_replied", "customer_wrote", "closed"]
    assert [one["by"] for one in told] == ["Bob", "Ann Peeters", "Bob"]
    assert told[0]["sentence"] == "Bob replied; it has not left yet."
    assert told[1]["message"]["text"] == "Never mind."
    assert len(_replies()) == 1
    # With what was read just now it goes; a third thing would stop it again.
    assert _answer(scene, stopped.json()["state"]).status_code == 201
    assert [one.author for one in _replies()] == [bob, alice]


def test_given_to_somebody_else_stops_it_and_anyway_does_not(scene: Scene, bob: User) -> None:
    state = scene.alice.state(scene.conversation.pk)
    assign(scene.conversation, to=bob, by=bob)
    stopped = _answer(scene, state)
    assert [one["kind"] for one in stopped.json()["changed"]] == ["assigned"]
    anyway = scene.alice.ask("POST", f"{scene.path}/replies", {**WORDS, "anyway": True})
    assert anyway.status_code == 201


def test_a_state_is_needed_and_only_ours_counts(scene: Scene, mailbox: Mailbox) -> None:
    other = write(mailbox, rfc_id="<4@x.example>")
    state = scene.alice.state(scene.conversation.pk)
    for bad in ("", "x", state[:-1], f"{state}=", scene.alice.state(other.pk)):
        answer = _answer(scene, bad)
        assert (answer.status_code, answer.json()["code"]) == (422, "state"), bad
    assert scene.alice.ask("POST", f"{scene.path}/replies", WORDS).status_code == 422
    assert _answer(scene, state, anyway=True).status_code == 422
    assert _replies() == []


def test_the_same_key_twice_is_one_reply_and_other_words_are_refused(scene: Scene, bob: User) -> None:
    body = {**WORDS, "state": scene.alice.state(scene.conversation.pk)}
    place = f"{scene.path}/replies"
    first, second = (scene.alice.ask("POST", place, body, Idempotency_Key="a-1") for _each in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json()["id"] == second.json()["id"]
    other = scene.alice.ask("POST", place, {**body, "text": "No."}, Idempotency_Key="a-1")
    assert (other.status_code, other.json()["code"]) == (422, "key")
    # Somebody else's key is another one.
    theirs = scene.bob.ask("POST", place, {**WORDS, "anyway": True}, Idempotency_Key="a-1")
    assert theirs.json()["id"] != first.json()["id"]
    assert len(_replies()) == 2


def test_files_go_along_and_those_of_a_refused_reply_are_forgotten(scene: Scene, bob: User) -> None:
    def terms() -> io.BytesIO:
        file = io.BytesIO(b"words")
        file.name = "terms.txt"
        return file

    place, state = f"{scene.path}/replies", scene.alice.state(scene.conversation.pk)
    assert scene.alice.form(place, {"text": "x", "state": "none"}, terms()).status_code == 422
    reply(scene.conversation, by=bob, html="<div>I am on it.</div>")
    stopped = scene.alice.form(place, {**WORDS, "state": state}, terms())
    assert stopped.status_code == 409
    assert not Attachment.objects.exists()
    sent = scene.alice.form(place, {**WORDS, "state": stopped.json()["state"]}, terms(), terms())
    assert [one["name"] for one in sent.json()["files"]] == ["terms.txt", "terms.txt"], sent.content
    assert scene.alice.form(f"{scene.path}/notes", {"text": ""}, terms()).status_code == 201


def test_people_and_moments_are_as_they_were_sent(scene: Scene) -> None:
    later = clock.now() + timedelta(days=2)
    state = scene.alice.state(scene.conversation.pk)
    people = {"to": ["Ann <ann@customers.example>"], "cc": ["carl@customers.example"], "bcc": ["eve@x.example"]}
    sent = _answer(scene, state, **people, send_after=later.isoformat(), cancel_if_answered=True).json()
    (message,) = _replies()
    assert (message.send_after, message.cancel_if_answered) == (later, True)
    assert [sent[name][0]["email"] for name in people] == [
        "ann@customers.example",
        "carl@customers.example",
        "eve@x.example",
    ]
    nonsense: tuple[dict[str, object], ...] = (
        {"send_after": "2001-01-01T00:00:00Z"},
        {"send_after": "2030-01-01T00:00:00"},
        {"to": ["nobody"]},
        {"to": []},
        {"text": " "},
        {"text": "a", "html": "b"},
    )
    for more in nonsense:
        refused = scene.alice.ask("POST", f"{scene.path}/replies", {**WORDS, "anyway": True, **more})
        assert refused.status_code == 422, more
    assert len(_replies()) == 1


def test_who_may_only_read_answers_nothing(scene: Scene, mailbox: Mailbox, charlie: User) -> None:
    for method, below in (("POST", "/replies"), ("POST", "/notes"), ("PUT", "/owner"), ("DELETE", "/closure")):
        answer = scene.reader.ask(method, f"{scene.path}{below}", {**WORDS, "anyway": True})
        assert (answer.status_code, answer.json()["code"]) == (403, "scope")
    put_on(mailbox, charlie, level=SEEING)
    for method, below in (("POST", "/replies"), ("PUT", "/owner"), ("PUT", "/closure"), ("DELETE", "/owner")):
        answer = scene.charlie.ask(method, f"{scene.path}{below}", {"person": "me"})
        assert (answer.status_code, answer.json()["code"]) == (403, "not-allowed"), below
    assert scene.charlie.ask("POST", f"{scene.path}/notes", WORDS).status_code == 201
    assert not _replies()


def test_notes_owners_and_closures(scene: Scene, bob: User, charlie: User) -> None:
    noted = scene.alice.ask("POST", f"{scene.path}/notes", {"html": "<b>Look</b><script>x()</script>"})
    assert (noted.status_code, noted.json()["kind"], noted.json()["text"]) == (201, "note", "Look")
    assert Message.objects.filter(kind=NOTE).count() == 1
    place = f"{scene.path}/owner"
    given = scene.alice.ask("PUT", place, {"person": bob.email.upper()}).json()
    assert given["owner"] == {"kind": "person", "name": "Bob"}
    Team.objects.create(name="Workshop")
    assert scene.alice.ask("PUT", place, {"team": "Workshop"}).json()["owner"]["kind"] == "team"
    for body in (
        {"person": charlie.email},
        {"person": "x\0@y"},
        {"team": ""},
        {},
        {"person": "me", "team": "Workshop"},
    ):
        assert scene.alice.ask("PUT", place, body).status_code == 422, body
    assert scene.alice.ask("DELETE", place).json()["owner"] is None
    for _twice in range(2):
        assert scene.alice.ask("PUT", f"{scene.path}/closure").json()["status"] == "closed"
    assert scene.alice.ask("DELETE", f"{scene.path}/closure").json()["status"] == "open"


def test_mallorys_mail_stops_a_reply_as_anybodys_does(scene: Scene, mailbox: Mailbox) -> None:
    state = scene.alice.state(scene.conversation.pk)
    mail = incoming(sender=MALLORY, text="<b>Ignore that</b>", rfc_id="<5@x>")
    receive(mailbox=mailbox, mail=mail, conversation=scene.conversation)
    assert _answer(scene, state).json()["changed"][0]["by"] == "Mallory"


@pytest.mark.django_db(transaction=True)
def test_of_two_programs_that_answer_at_once_one_is_stopped(scene: Scene) -> None:
    programs = (scene.alice, scene.bob)
    states = [one.state(scene.conversation.pk) for one in programs]
    start, found = threading.Barrier(2), dict[int, int]()

    def answer(which: int) -> None:
        start.wait()
        try:
            body = {**WORDS, "state": states[which]}
            found[which] = programs[which].ask("POST", f"{scene.path}/replies", body).status_code
        finally:
            connection.close()

    threads = [threading.Thread(target=answer, args=(which,)) for which in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(found.values()) == [201, 409]
    assert len(_replies()) == 1
