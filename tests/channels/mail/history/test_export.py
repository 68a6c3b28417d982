"""Everything out again, and in again: the same mails in the same threads."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.db.models import Model

from postroom.channels.mail.actions.history import bring_file, let_in
from postroom.channels.mail.history.export import FORMATS, MBOX, ZIP, export
from postroom.channels.mail.history.kinds import kind_of
from postroom.channels.mail.history.mbox import Mbox
from postroom.channels.mail.models import IncomingMail
from postroom.channels.mail.models.history import DONE, History
from postroom.channels.mail.receive import file_next
from postroom.channels.mail.transports.history import history_next
from postroom.core.accounts.models import Mailbox, User
from postroom.core.conversations.actions.note import add_note
from postroom.core.conversations.actions.reply import reply
from postroom.core.conversations.actions.tag import tag
from postroom.core.conversations.actions.upload import attach
from postroom.core.conversations.models import Conversation, Message
from postroom.core.conversations.models.message import NOTE, SENT
from postroom.core.events.models import Event
from postroom.core.storage import blobs
from tests.channels.mail.letters import filed, letter, take_in
from tests.channels.mail.machines import report, sent

AWKWARD = (
    "From the beginning\n>From here\n\nFrom ann@customers.example Mon Jan  2 03:04:05 2023\nSubject: no mail\n\nbye\n"
)


@pytest.fixture
def full(mailbox: Mailbox, alice: User) -> Mailbox:
    """Questions, answers, a note with a file, a reply that waits, and mail that stands outside."""
    first = filed(letter(AWKWARD, files=(("bill.pdf", b"%PDF" + bytes(range(256)) * 40),)), mailbox=mailbox)
    answer = sent(first.conversation, by=alice)
    filed(letter("Thanks", message_id="<2@customers.example>", In_Reply_To=answer.rfc_id), mailbox=mailbox)
    twice = letter(message_id="<3@customers.example>", subject="Zażółć")
    filed(twice, mailbox=mailbox)
    tag(first.conversation, name="bicycles", by=alice)
    file = attach(first.conversation, by=alice, name="a/b.eml", content_type="message/rfc822", data=letter("nested"))
    add_note(first.conversation, by=alice, html="<p>She is <b>right</b>.</p>", attachments=[file])
    reply(first.conversation, by=alice, html="<p>It waits.</p>")
    # A report that names no mail of ours is parked; a second copy is a duplicate.
    take_in(report("Final-Recipient: rfc822; x@y.example\r\nAction: failed\r\nStatus: 5.1.1"), mailbox=mailbox)
    take_in(twice, mailbox=mailbox)
    return mailbox


def threads(mailbox: Mailbox) -> set[frozenset[str]]:
    found: dict[int, set[str]] = {}
    for message in Message.objects.filter(conversation__mailbox=mailbox).exclude(kind=NOTE):
        if not message.delivery or message.delivery == SENT:
            found.setdefault(message.conversation_id, set()).add(message.rfc_id)
    return {frozenset(ids) for ids in found.values()}


def contents(mailbox: Mailbox) -> list[tuple[str, str, str, str]]:
    mails = Message.objects.filter(conversation__mailbox=mailbox).exclude(kind=NOTE)
    return sorted(
        (message.kind, message.rfc_id, message.subject.removeprefix("Re: "), message.text.split("\n")[0])
        for message in mails
        if not message.delivery or message.delivery == SENT
    )


def emptied(mailbox: Mailbox) -> None:
    rows: tuple[type[Model], ...] = (IncomingMail, Message, Conversation, Event)
    for model in rows:
        model._default_manager.all().delete()
    assert not threads(mailbox)


def unzipped(mailbox: Mailbox) -> zipfile.ZipFile:
    archive = zipfile.ZipFile(io.BytesIO(b"".join(export(mailbox, form=ZIP))))
    assert archive.testzip() is None
    return archive


def described(archive: zipfile.ZipFile, conversation: int) -> Any:
    return json.loads(archive.read(f"conversations/{conversation:06}/conversation.json"))


@pytest.mark.parametrize("form", FORMATS)
def test_what_goes_out_comes_in_again_the_same(full: Mailbox, alice: User, tmp_path: Path, form: str) -> None:
    before, said = threads(full), contents(full)
    path = tmp_path / f"all.{form}"
    path.write_bytes(b"".join(export(full, form=form)))
    emptied(full)
    history = bring_file(full, kind=kind_of(path), path=path, name=path.name, by=alice)
    while history_next() or file_next():
        pass
    let_in(history, by=alice)
    while history_next() or file_next():
        pass
    history = History.objects.get()
    assert (history.state, history.passed_over, history.trouble) == (DONE, 0, "")
    assert threads(full) == before
    assert contents(full) == said
    assert IncomingMail.objects.filter(state="parked").count() == 1


def test_the_zip_holds_each_mail_byte_for_byte_and_each_conversation_in_words(full: Mailbox, alice: User) -> None:
    archive = unzipped(full)
    first = Message.objects.order_by("pk")[0]
    words = described(archive, first.conversation_id)
    assert (words["number"], words["status"], words["tags"]) == (first.conversation_id, "open", ["bicycles"])
    assert words["contact"] == {"name": "Ann Peeters", "email": "ann@customers.example"}
    assert words["owner"] == {"name": "Alice", "email": alice.email}
    assert [message["kind"] for message in words["messages"]] == ["in", "out", "in", "note", "out"]
    assert words["messages"][1]["delivery"]["recipients"][0]["state"] == "taken"
    assert words["messages"][3]["text"].strip() == "She is right."
    assert [message["file"] is None for message in words["messages"]] == [False, False, False, True, True]
    folder = f"conversations/{first.conversation_id:06}"
    assert archive.read(f"{folder}/{words['messages'][0]['file']}") == blobs().get(first.raw_digest)
    assert archive.read(f"{folder}/{words['messages'][3]['attachments'][0]['file']}").endswith(b"\nnested\n")
    assert "conversation.tagged" in [event["kind"] for event in words["events"]]
    assert {"kind": "user", "name": "Alice", "email": alice.email} in [event["by"] for event in words["events"]]
    outside = json.loads(archive.read("outside/outside.json"))
    assert [(mail["state"], mail["reason"]) for mail in outside] == [("parked", "report_unknown"), ("duplicate", "")]
    assert all(f"outside/{mail['file']}" in archive.namelist() for mail in outside)
    assert json.loads(archive.read("mailbox.json"))["address"] == full.address


def test_a_missing_file_is_a_line_and_stops_nothing(full: Mailbox) -> None:
    first, *_others = Message.objects.order_by("pk")
    blobs().path(first.raw_digest).unlink()
    archive = unzipped(full)
    problems = archive.read("problems.txt").decode()
    assert f"message-{first.pk}.eml" in problems
    assert len(described(archive, first.conversation_id)["messages"]) == 5
    assert b"could not be read when this file was written" in b"".join(export(full, form=MBOX))


def test_nothing_is_missing_then_there_is_no_list_of_it(full: Mailbox) -> None:
    assert "problems.txt" not in unzipped(full).namelist()


@pytest.mark.parametrize("form", FORMATS)
def test_an_empty_mailbox_is_an_archive_too(mailbox: Mailbox, form: str) -> None:
    data = b"".join(export(mailbox, form=form))
    assert data == b"" if form == MBOX else zipfile.ZipFile(io.BytesIO(data)).namelist()


def test_another_mailboxs_mail_is_not_in_it(full: Mailbox) -> None:
    other = Mailbox.objects.create(name="Sales", address="sales@velo.example")
    secret = filed(letter("secret", to=other.address, message_id="<9@customers.example>"), mailbox=other)
    for form in FORMATS:
        assert b"9@customers.example" not in b"".join(export(full, form=form))
    assert f"conversations/{secret.conversation_id:06}/conversation.json" not in unzipped(full).namelist()
    assert b"9@customers.example" in b"".join(export(other, form=MBOX))


def test_hostile_mails_divide_no_mbox(mailbox: Mailbox, tmp_path: Path) -> None:
    hostile = [
        b"From mallory@x Mon Jan  2 03:04:05 2023\nSubject: a\n\nx\n",
        b"no header at all\n\nFrom x@y Mon Jan  2 03:04:05 2023\nSubject: b\n",
        b"\n\nFrom x@y Mon Jan  2 03:04:05 2023\nSubject: c",
        b"Subject: d\r\nFrom: \xff\xfe <m\r\n x@y>\r\n\r\nFrom x@y Mon Jan  2 03:04:05 2023\r\nA: b\r\n",
        b">From x@y Mon Jan  2 03:04:05 2023\nSubject: e\n\n>>From x",
        b" \n",
    ]
    for number, raw in enumerate(hostile):
        take_in(raw + b"%d\n" % number, mailbox=mailbox)
    path = tmp_path / "all.mbox"
    path.write_bytes(b"".join(export(mailbox, form=MBOX)))
    given = [letter.raw or b"" for letter in Mbox(path).letters(after="", largest=10**6)]
    expected = [(raw + b"%d\n" % number).replace(b"\r\n", b"\n") for number, raw in enumerate(hostile)]
    assert [raw.lstrip(b"\n") for raw in given] == [raw.lstrip(b"\n") for raw in expected]


def test_one_mail_at_a_time_is_in_memory(mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(5):
        filed(letter("x" * 1000, message_id=f"<{number}@customers.example>", subject=f"S{number}"), mailbox=mailbox)
    read: list[str] = []
    get = blobs().get

    def noted(_store: object, digest: str) -> bytes:
        read.append(digest)
        return get(digest)

    monkeypatch.setattr(type(blobs()), "get", noted)
    for form in FORMATS:
        read.clear()
        pieces = export(mailbox, form=form)
        seen = 0
        for piece in pieces:
            seen += piece.count(b"From ann@") if form == MBOX else piece.count(b".eml")
            if seen == 1:
                break
        assert len(read) <= 2
