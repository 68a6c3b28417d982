"""The page of the audit log, what is found in it, and its files."""

import csv
import io
import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from postroom.core.accounts.models import SUPERVISOR, Mailbox, User
from postroom.core.audit.models import AuditEntry
from postroom.core.audit.origin import Origin, coming_from
from postroom.core.audit.sealing import LATE, seal
from postroom.core.audit.write import write
from postroom.core.conversations.models import Conversation
from postroom.core.events.actor import SYSTEM
from postroom.faces.web.audit_files import _cell
from postroom.faces.web.audit_words import SENTENCES, plain
from postroom.lib import clock
from tests.faces.web.inbox.conftest import Inbox

Signed = Callable[[User], Client]


def _some(alice: User, mailbox: Mailbox) -> None:
    with coming_from(Origin(ip="192.0.2.7", device="Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0")):
        was, now = {"role": "agent"}, {"role": "owner"}
        write("role.changed", by=alice, subject="person:99", subject_name="Zoë <b>", before=was, after=now)
        write("mailbox.changed", by=alice, subject_name="Support", mailbox_id=mailbox.pk, after={"from_name": "Léa"})
    write("future.thing", by=SYSTEM, subject="thing:1", subject_name="A thing", reason="Because 42")


def _page(client: Client, query: str = "") -> str:
    answer = client.get(f"/settings/audit{query}")
    assert answer.status_code == 200, query
    return answer.content.decode()


def test_the_log_says_it_in_sentences(alice: User, mailbox: Mailbox, sign_in: Signed) -> None:
    _some(alice, mailbox)
    shown = _page(sign_in(alice))
    assert "<strong>Alice</strong> gave Zoë &lt;b&gt; another role." in shown
    assert "192.0.2.7 · Firefox on Linux" in shown
    assert "Owner" in shown
    # A code that nobody has words for is shown as it is.
    assert "<strong>Postroom</strong>: <code>future.thing</code> A thing" in shown
    assert "Because 42" in shown
    assert "Not sealed yet" in shown
    assert AuditEntry.objects.filter(action="audit.read").count() == 1


def test_every_sentence_can_be_said() -> None:
    assert [action for action in SENTENCES if "%" in plain(action)] == []


def test_only_who_may_read_the_log_finds_it(alice: User, bob: User, charlie: User, sign_in: Signed) -> None:
    User.objects.filter(pk=charlie.pk).update(role=SUPERVISOR)
    assert sign_in(bob).get("/settings/audit").status_code == 404
    assert sign_in(bob).get("/settings/audit/log.csv").status_code == 404
    assert "/settings/audit" in _page(sign_in(charlie))
    assert sign_in(alice).get("/settings/audit/log.exe").status_code == 404


def test_it_is_found_by_each_thing_one_knows(alice: User, mailbox: Mailbox, sign_in: Signed) -> None:
    _some(alice, mailbox)
    with clock.at(clock.now() - timedelta(days=40)):
        write("team.added", by=SYSTEM, subject="team:5", subject_name="Night shift", conversation_id=77)
    client = sign_in(alice)
    old = (clock.now() - timedelta(days=30)).date().isoformat()
    found = {
        "?q=zoë": "Zoë",
        "?q=Léa": "Support",
        "?q=because+42": "A thing",
        "?q=another+role": "Zoë",
        "?person=99": "Zoë",
        "?action=role.changed": "Zoë",
        "?action=team.added": "#77",
        f"?mailbox={mailbox.pk}": "Support",
        "?conversation=%2377": "#77",
        f"?to={old}": "#77",
        f"?from={old}&action=changing&q=zo": "Zoë",
        "?ip=192.0.2.&q=role": "Zoë",
    }
    marks = {"Zoë", "A thing", "#77"}
    for query, mark in found.items():
        lines = _page(client, query).partition('class="audit-lines"')[2]
        assert mark in lines, query
        assert not any(other in lines for other in marks - {mark}), query
    for odd in ("?q=%25", "?q=%00", "?q=%22", "?from=yesterday", "?to=9999-12-31", "?conversation=x", "?person=-1",
                "?before=9999999999999999", "?action=%27", "?mailbox=99999999999999999999"):  # fmt: skip
        _page(client, odd)


def test_a_long_log_is_shown_page_by_page(alice: User, sign_in: Signed) -> None:
    for number in range(60):
        write("team.added", by=SYSTEM, subject=f"team:{number}", subject_name=f"Team {number:02}.")
    client = sign_in(alice)
    first = _page(client, "?action=team.added")
    assert "Team 59." in first
    assert "Team 09." not in first
    following = first.partition('id="audit-more"')[2].partition('hx-get="')[2].partition('"')[0].replace("&amp;", "&")
    rest = client.get(following, headers={"HX-Request": "true", "HX-Target": "audit-more"}).content.decode()
    assert "Team 09." in rest
    assert "Team 59." not in rest
    assert "<html" not in rest


def test_a_subject_is_shown_only_to_who_sees_the_conversation(
    inbox: Inbox, alice: User, charlie: User, sign_in: Signed
) -> None:
    Conversation.objects.filter(pk=inbox.conversation.pk).update(subject="About the layoffs")
    User.objects.filter(pk=charlie.pk).update(role=SUPERVISOR)
    inbox.bob.get(inbox.url())
    told = f"?conversation={inbox.conversation.pk}&action=reading"
    assert "About the layoffs" in _page(sign_in(alice), told)

    outside = sign_in(charlie)
    shown = _page(outside, told)
    assert f"opened the conversation #{inbox.conversation.pk}." in shown
    for form in ("csv", "jsonl"):
        shown += b"".join(outside.get(f"/settings/audit/log.{form}").streaming_content).decode()  # type: ignore[attr-defined]
    assert "layoffs" not in shown
    # Nor does it help to ask for its words.
    assert "opened the conversation" not in _page(outside, "?q=layoffs").partition("audit-lines")[2]


def test_a_conversation_leads_to_its_readers_for_who_may_know_them(inbox: Inbox) -> None:
    link = f"/settings/audit?conversation={inbox.conversation.pk}&amp;action=reading"
    assert link in inbox.alice.get(inbox.url()).content.decode()
    assert link not in inbox.bob.get(inbox.url()).content.decode()


def test_it_goes_out_as_a_table_and_as_lines(alice: User, mailbox: Mailbox, sign_in: Signed) -> None:
    _some(alice, mailbox)
    write("team.added", by=SYSTEM, subject_name='=HYPERLINK("http://mallory.example")', reason="@SUM(A1)")
    seal()
    client = sign_in(alice)
    answer = client.get("/settings/audit/log.csv?action=changing")
    assert "attachment" in answer["Content-Disposition"]
    table = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    rows = list(csv.DictReader(io.StringIO(table)))
    assert [row["action"] for row in rows] == ["role.changed", "mailbox.changed", "future.thing", "team.added"]
    assert rows[0]["sentence"] == "Alice gave Zoë <b> another role."
    assert json.loads(rows[0]["after"]) == {"role": "owner"}
    assert rows[3]["subject_name"].startswith("'=HYPERLINK")
    assert rows[3]["reason"] == "'@SUM(A1)"
    assert rows[0]["seal"] == "1"

    lines = b"".join(client.get("/settings/audit/log.jsonl?q=role").streaming_content)  # type: ignore[attr-defined]
    assert json.loads(lines.splitlines()[0])["action"] == "role.changed"
    assert AuditEntry.objects.get(action="audit.exported", after__format="jsonl").after["q"] == "role"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_no_cell_is_a_formula(start: str) -> None:
    assert _cell(f"{start}1+1") == f"'{start}1+1"


def test_a_log_that_nobody_seals_is_an_alarm(alice: User, sign_in: Signed) -> None:
    with clock.at(clock.now() - LATE - timedelta(seconds=2)):
        write("team.added", by=SYSTEM, subject_name="Old")
    assert "has waited for its seal" in _page(sign_in(alice))
    assert Client().get("/health").json()["alarms"]["audit_unsealed"] == 1
    while seal():
        pass
    assert "audit_unsealed" not in Client().get("/health").json()["alarms"]
