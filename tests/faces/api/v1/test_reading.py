"""A program reads what its person sees, and nothing else."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from postroom.core.accounts.models import ApiToken, FailedSignIn, Mailbox, SecurityPolicy, User
from postroom.core.audit.models import AuditEntry
from postroom.core.conversations.actions.edit_note import retract_note
from postroom.core.conversations.actions.forward import Parcel, forward
from postroom.core.conversations.actions.merge import merge
from postroom.core.conversations.actions.note import add_note
from postroom.core.conversations.actions.sensitive import mark_sensitive
from postroom.core.conversations.models import Conversation, Message
from postroom.faces.api.v1 import pace
from postroom.lib import clock
from tests.faces.api.v1.conftest import Program, Scene, program_of
from tests.faces.web.composer.conftest import file_of
from tests.faces.web.inbox.conftest import write

SignIn = Callable[[User], Client]


def test_a_program_finds_and_reads_what_its_person_sees(scene: Scene) -> None:
    found = scene.reader.ask("GET", "/conversations?q=is:open+mailbox:Support").json()
    (line,) = found["conversations"]
    assert (line["number"], line["customer"]["email"], line["status"]) == (
        scene.conversation.pk,
        "ann@customers.example",
        "open",
    )
    one = scene.reader.ask("GET", scene.path).json()
    (mail,) = one["messages"]
    assert (mail["kind"], mail["from"]["name"], mail["text"]) == ("mail", "Ann Peeters", "Where is my bicycle?")
    assert one["recipients"]["to"][0]["email"] == "ann@customers.example"
    read = AuditEntry.objects.filter(action="conversation.read")
    assert read.get().device.startswith("API token Report;")


def test_what_a_person_may_not_see_is_not_there_for_their_program(scene: Scene, alice: User, bob: User) -> None:
    for program in (scene.charlie, scene.alice):
        number = scene.conversation.pk if program is scene.charlie else 10**15
        for method, below in (("GET", ""), ("GET", "/messages"), ("POST", "/replies"), ("POST", "/notes")):
            answer = program.ask(method, f"/conversations/{number}{below}", {"text": "Hello", "anyway": True})
            assert (answer.status_code, answer.json()["code"]) == (404, "not-here"), (method, below)
        for method in ("PUT", "DELETE"):
            for below in ("/owner", "/closure"):
                assert program.ask(method, f"/conversations/{number}{below}", {"person": "me"}).status_code == 404
    assert scene.charlie.ask("GET", "/conversations").json()["conversations"] == []
    mark_sensitive(scene.conversation, people=[], by=alice)
    assert scene.bob.ask("GET", scene.path).status_code == 404
    assert scene.bob.ask("GET", "/conversations").json()["conversations"] == []
    assert scene.alice.ask("GET", scene.path).status_code == 200


def test_html_is_cleaned_and_files_are_downloads(scene: Scene, mailbox: Mailbox) -> None:
    html = '<p onclick="x()">Hi<script>x()</script><img src="https://evil.example/a.png"></p>'
    files = (file_of(b"<script>", name="Ä\n.html", content_type="text/html"),)
    hostile = write(mailbox, untrusted_html=html, files=files, rfc_id="<2@x.example>")
    (mail,) = scene.reader.ask("GET", f"/conversations/{hostile.pk}").json()["messages"]
    assert "script" not in mail["html"]
    assert "onclick" not in mail["html"]
    assert ' src="https://evil' not in mail["html"]
    place = mail["files"][0]["url"].removeprefix("http://testserver/api/v1")
    file = scene.reader.ask("GET", place)
    assert (file.content, file.headers["Content-Type"]) == (b"<script>", "application/octet-stream")
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert scene.charlie.ask("GET", place).status_code == 404


def test_side_threads_stand_apart_and_a_retracted_note_says_nothing(scene: Scene, alice: User) -> None:
    message = Message.objects.get(conversation=scene.conversation)
    parcel = Parcel("<div>Is it yours?</div>", to=["sam@supplier.example"])
    forward(message, parcel, by=alice)
    retract_note(add_note(scene.conversation, by=alice, html="<div>Marmalade</div>"), by=alice)
    one = scene.reader.ask("GET", scene.path)
    told = one.json()
    assert [said["kind"] for said in told["messages"]] == ["mail", "note"]
    assert told["messages"][1]["retracted"]
    assert b"Marmalade" not in one.content
    assert told["side_threads"][0]["people"][0]["email"] == "sam@supplier.example"


def test_a_long_conversation_and_a_long_list_come_in_pages(
    scene: Scene, mailbox: Mailbox, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("postroom.faces.api.v1.messages.PAGE", 2)
    monkeypatch.setattr("postroom.faces.api.v1.conversations.PAGE", 1)
    for number in range(4):
        add_note(scene.conversation, by=alice, html=f"<div>{number}</div>")
    said: list[str] = []
    place = scene.path
    while place:
        page = scene.reader.ask("GET", place).json()
        said = [one["text"] for one in page["messages"]] + said
        place = (page["earlier"] or "").removeprefix("http://testserver/api/v1")
    assert said == ["Where is my bicycle?", "0", "1", "2", "3"]
    write(mailbox, rfc_id="<other@x.example>")
    first = scene.reader.ask("GET", "/conversations").json()
    second = scene.reader.ask("GET", f"/conversations?before={first['next']}").json()
    numbers = [one["number"] for page in (first, second) for one in page["conversations"]]
    assert sorted(numbers) == sorted(Conversation.objects.values_list("pk", flat=True))


def test_a_condition_that_makes_no_sense_is_said_with_its_place(scene: Scene) -> None:
    answer = scene.reader.ask("GET", "/conversations?q=is:nonsense")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "q"
    assert scene.reader.ask("GET", "/conversations?before=yesterday").status_code == 422


def test_what_was_joined_leads_to_where_it_is(scene: Scene, mailbox: Mailbox, alice: User) -> None:
    other = write(mailbox, rfc_id="<3@x.example>")
    merge(scene.conversation, into=other, by=alice)
    answer = scene.reader.ask("GET", scene.path)
    assert (answer.status_code, answer.headers["Location"]) == (307, f"/api/v1/conversations/{other.pk}")
    refused = scene.alice.ask("POST", f"{scene.path}/replies", {"text": "Hello", "anyway": True})
    assert (refused.status_code, refused.json()["conversation"]) == (409, other.pk)


def test_only_a_good_token_opens_anything(scene: Scene, alice: User, sign_in: SignIn) -> None:
    assert sign_in(alice).get("/api/v1/me").status_code == 401
    for shown in ("", "Basic YTpi", "Bearer", "Bearer x y", "Bearer postroom_api_wrong", "Bearer \xe9"):
        answer = Client().get("/api/v1/me", headers={"Authorization": shown})
        assert answer.status_code == 401, shown
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    told = scene.alice.ask("GET", "/me").json()
    assert told["token"]["scopes"] == ["read", "answer"]
    assert told["mailboxes"][0]["answers"]
    ApiToken.objects.update(expires_at=clock.now() - timedelta(seconds=1))
    assert "last day" in scene.alice.ask("GET", "/me").json()["detail"]


def test_wrong_tokens_are_slowed_and_a_good_one_beside_them_is_not(scene: Scene) -> None:
    wrong = Program("postroom_api_" + "x" * 43)
    answers = [wrong.ask("GET", "/me") for _each in range(8)]
    assert [one.status_code for one in answers[:5]] == [401] * 5
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["Retry-After"]) > 0
    assert scene.alice.ask("GET", "/me").status_code == 200
    assert FailedSignIn.objects.exists()


def test_a_program_that_asks_too_fast_waits(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("postroom.faces.api.v1.door.READING", pace.Pace(burst=2, a_second=0.01))
    answers = [scene.alice.ask("GET", "/me") for _each in range(3)]
    assert [one.status_code for one in answers] == [200, 200, 429]
    assert int(answers[-1].headers["Retry-After"]) > 50
    assert scene.bob.ask("GET", "/me").status_code == 200


def test_the_policy_holds_for_programs(scene: Scene, bob: User) -> None:
    rules = SecurityPolicy.objects.create(pk=1, second_factor="everybody")
    answer = scene.bob.ask("GET", "/me")
    assert (answer.status_code, answer.json()["code"]) == (403, "held-back")
    ApiToken.objects.filter(user=bob).update(signed_on=True)
    assert scene.bob.ask("GET", "/me").status_code == 200
    SecurityPolicy.objects.filter(pk=rules.pk).update(second_factor="nobody", allow_list=["203.0.113.0/24"])
    elsewhere = scene.bob.ask("GET", "/me")
    assert (elsewhere.status_code, elsewhere.json()["code"]) == (403, "wrong-network")


def test_every_address_knows_its_methods_and_there_are_no_others(scene: Scene) -> None:
    refused = scene.alice.ask("PATCH", scene.path)
    assert (refused.status_code, refused.headers["Allow"]) == (405, "GET")
    for path in ("", "/nothing", "/conversations/", f"{scene.path}/nothing", "/conversations/9" * 9):
        answer = scene.alice.ask("GET", path)
        assert (answer.status_code, answer.json()["code"]) == (404, "no-such-address"), path


def test_a_new_token_of_a_person_is_theirs_alone(scene: Scene, charlie: User) -> None:
    assert program_of(charlie).ask("GET", "/me").json()["mailboxes"] == []
