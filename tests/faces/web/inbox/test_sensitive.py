"""A sensitive conversation on the pages: there for the named, and for nobody else in any place that shows others."""

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client

from postroom.channels.mail.history.export import export
from postroom.channels.mail.intake import accept
from postroom.channels.mail.models import IncomingMail
from postroom.channels.mail.receive import file_next
from postroom.channels.mail.sight import Sight
from postroom.core.accounts.models import ADMIN, Mailbox, User
from postroom.core.audit.models import AuditEntry
from postroom.core.conversations.actions.assign import assign
from postroom.core.conversations.actions.mailbox_naming import name_in_new_ones
from postroom.core.conversations.actions.sensitive import mark_sensitive
from postroom.core.conversations.actions.take_out import take_out
from postroom.core.conversations.models import Conversation, Message, NamedPerson
from postroom.core.events.models import Event
from postroom.faces.cli.export_mailbox import export_mailbox
from postroom.followers.notifications.models import Notification
from postroom.followers.notifications.react import react
from postroom.followers.notifications.read import notifications_of, unseen
from postroom.followers.realtime.audience import audience
from tests.faces.web.inbox.conftest import Inbox
from tests.incoming import incoming
from tests.people import put_on

WORDS = b"Order 118"
WHY = "The works council asked for it"


@pytest.fixture
def dora(inbox: Inbox, sign_in: Callable[[User], Client]) -> Client:
    """An admin who is not on the mailbox."""
    return sign_in(User.objects.create(email="dora@team.example", name="Dora", role=ADMIN))


def _hide(inbox: Inbox, alice: User, *others: User) -> Conversation:
    conversation = inbox.now()
    mark_sensitive(conversation, people=others, by=alice)
    return conversation


def _follow() -> None:
    for event in Event.objects.order_by("pk"):
        react(event)


def test_alice_marks_it_and_bob_has_never_heard_of_it(inbox: Inbox, bob: User) -> None:
    page = inbox.alice.get(inbox.url("sensitivity")).content.decode()
    assert "Mark as sensitive" in page
    assert "Bob" in page
    assert inbox.post("sensitivity").status_code == 302
    for address in ("/folders/open", "/folders/unassigned", "/sidebar", f"/mailboxes/{inbox.mailbox.pk}/open"):
        assert WORDS not in inbox.bob.get(address).content
    assert inbox.bob.get(inbox.url()).status_code == 404
    shown = inbox.alice.get(inbox.url()).content.decode()
    assert "Only they can see it: Alice" in shown
    assert inbox.post("sensitivity", people=str(bob.pk)).headers["Location"] == "/"
    assert inbox.bob.get(inbox.url()).status_code == 200
    assert inbox.alice.get(inbox.url()).status_code == 404
    assert inbox.delete("sensitivity", by=inbox.bob).status_code == 302
    assert inbox.alice.get(inbox.url()).status_code == 200


def test_a_refusal_is_a_sentence_on_the_page(inbox: Inbox, alice: User, charlie: User) -> None:
    answer = inbox.post("sensitivity", people=str(charlie.pk))
    assert answer.status_code == 409
    assert "Charlie cannot be named" in answer.content.decode()
    _hide(inbox, alice)
    assert "Name at least one person" in inbox.post("sensitivity", people="").content.decode()


def test_what_others_were_told_before_is_gone_from_their_list(inbox: Inbox, alice: User, bob: User) -> None:
    assign(inbox.now(), to=bob, by=alice)
    _follow()
    assert unseen(bob) == 1
    _hide(inbox, alice)
    _follow()
    assert unseen(bob) == 0
    assert list(notifications_of(bob)) == []
    assert WORDS not in inbox.bob.get("/notifications").content
    # The live stream tells him only that his lists may have changed.
    told = audience(list(Event.objects.order_by("pk")), user_ids=[bob.pk])[bob.pk]
    assert {event.kind for event in told} == {"mailbox.fewer_seen"}
    assert {event.conversation_id for event in told} == {None}


def test_whoever_is_named_is_told(inbox: Inbox, alice: User, bob: User) -> None:
    _hide(inbox, alice, bob)
    _follow()
    assert Notification.objects.get().user == bob
    assert "Alice named you in a sensitive conversation" in inbox.bob.get("/notifications").content.decode()


def test_the_customers_other_conversations_and_where_mails_may_belong_leave_it_out(inbox: Inbox, alice: User) -> None:
    other = inbox.now()
    _hide(inbox, alice)
    from postroom.core.conversations.actions.receive import receive

    second = receive(mailbox=inbox.mailbox, mail=incoming(subject="Another thing", offered_id=other.pk))  # type: ignore[call-arg]
    for address in (f"/conversations/{second.conversation_id}/panel", f"/messages/{second.pk}/joining"):
        assert WORDS in inbox.alice.get(address).content
        assert WORDS not in inbox.bob.get(address).content
    for into in (str(other.pk), "999999"):
        answer = inbox.bob.post(f"/messages/{second.pk}/joining", {"into": into})
        assert answer.status_code == 404
        assert f"There is no conversation #{into}" in answer.content.decode()


def test_a_timeline_does_not_say_the_number_of_what_one_may_not_see(inbox: Inbox, alice: User) -> None:
    from postroom.core.conversations.actions.receive import receive

    mail = receive(
        mailbox=inbox.mailbox, mail=incoming(text="Secret", rfc_id="<2@x.example>"), conversation=inbox.now()
    )
    made = take_out(mail, by=alice)
    mark_sensitive(made, people=[], by=alice)
    assert f"#{made.pk}" in inbox.alice.get(inbox.url()).content.decode()
    shown = inbox.bob.get(inbox.url()).content.decode()
    assert f"#{made.pk}" not in shown
    assert "it is conversation #… now" in shown


def _through_the_ledger(
    mailbox: Mailbox, text: str = "Subject: Order 118\nMessage-ID: <7@customers.example>"
) -> IncomingMail:
    row = accept(f"From: ann@customers.example\n{text}\n\nHello".encode(), mailbox=mailbox, transport="lmtp")
    while file_next():
        pass
    row.refresh_from_db()
    return row


def test_the_ledger_counts_its_mail_and_says_nothing_else(inbox: Inbox, alice: User) -> None:
    row = _through_the_ledger(inbox.mailbox)
    again = _through_the_ledger(inbox.mailbox)
    mark_sensitive(Conversation.objects.get(pk=row.conversation_id or 0), people=[], by=alice)
    ledger = f"/mailboxes/{inbox.mailbox.pk}/ledger"
    assert inbox.alice.get(ledger).content.count(b"ann@customers.example") >= 1
    shown = inbox.bob.get(ledger).content.decode()
    assert "ann@customers.example" not in shown
    assert "Order 118" not in shown
    assert shown.count("A sensitive mail") == (2 if again.pk != row.pk else 1)
    assert b"A sensitive mail" not in inbox.bob.get(f"{ledger}?q=ann").content
    for one in {row.pk, again.pk}:
        for end in ("", "/raw"):
            assert inbox.bob.get(f"{ledger}/{one}{end}").status_code == 404
            assert inbox.alice.get(f"{ledger}/{one}{end}").status_code == 200


def test_in_a_mailbox_for_named_people_what_was_never_filed_is_hidden_too(inbox: Inbox, alice: User, bob: User) -> None:
    name_in_new_ones(inbox.mailbox, people=[bob], by=alice)
    row = accept(b"From: ann@customers.example\nSubject: Order 118\n\nHello", mailbox=inbox.mailbox, transport="lmtp")
    ledger = f"/mailboxes/{inbox.mailbox.pk}/ledger"
    for _state in ("waiting", "filed"):
        assert "ann@customers.example" not in inbox.alice.get(ledger).content.decode()
        assert inbox.alice.get(f"{ledger}/{row.pk}").status_code == 404
        assert inbox.bob.get(f"{ledger}/{row.pk}").status_code == 200
        while file_next():
            pass
    assert NamedPerson.objects.get().user == bob


def test_an_export_leaves_it_out_unless_its_person_is_named(
    inbox: Inbox, alice: User, bob: User, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    row = _through_the_ledger(inbox.mailbox, "Subject: Very private")
    mark_sensitive(Conversation.objects.get(pk=row.conversation_id or 0), people=[], by=alice)

    def holds(sight: Sight, form: str) -> bool:
        data = b"".join(export(inbox.mailbox, form=form, sight=sight))
        if form == "mbox":
            return b"Very private" in data
        archive = zipfile.ZipFile(io.BytesIO(data))
        said = json.loads(archive.read("mailbox.json"))["sensitive_left_out"]
        there = any(b"Very private" in archive.read(name) for name in archive.namelist())
        assert said == (0 if there else 1)
        return there

    history = f"/settings/mailboxes/{inbox.mailbox.pk}/history"
    assert "left out" not in inbox.alice.get(history).content.decode()
    path = tmp_path / "all"
    for form in ("mbox", "zip"):
        assert holds(Sight(reader=alice), form)
        assert holds(Sight(everything=True), form)
        assert not holds(Sight(reader=bob), form)
        assert not holds(Sight(), form)
        path.unlink(missing_ok=True)
        assert export_mailbox(inbox.mailbox.address, form=form, to=str(path)) == 0
        assert "1 sensitive conversations are left out" in capsys.readouterr().err
    assert export_mailbox(inbox.mailbox.address, form="mbox", to=str(path), sensitive=True) == 0
    assert b"Very private" in path.read_bytes()
    assert AuditEntry.objects.order_by("-pk").filter(action="mailbox.exported").first().after["sensitive"] is True  # type: ignore[union-attr]


def test_the_glass_shows_numbers_and_opens_for_a_reason(inbox: Inbox, alice: User, dora: Client) -> None:
    conversation = _hide(inbox, alice)
    page = dora.get("/settings/sensitive").content.decode()
    assert f"#{conversation.pk}" in page
    assert "Order 118" not in page
    assert "Ann" not in page
    glass = f"/settings/sensitive/{conversation.pk}/glass"
    assert dora.post(glass, {"reason": "HR"}).status_code == 409
    assert dora.get(inbox.url()).status_code == 404
    assert inbox.bob.post(glass, {"reason": WHY}).status_code == 404
    assert dora.post(glass, {"reason": WHY}).headers["Location"] == inbox.url()
    shown = dora.get(inbox.url())
    assert shown.status_code == 200
    assert WORDS in shown.content
    assert "open to you until" in dora.get("/settings/sensitive").content.decode()
    # She may look, and neither answer nor decide.
    assert dora.post(inbox.url("closure")).status_code == 403
    assert dora.post(inbox.url("sensitivity"), {"people": str(alice.pk)}).status_code == 403
    _follow()
    assert "Dora broke the glass" in inbox.alice.get("/notifications").content.decode()
    assert WHY in inbox.alice.get(inbox.url()).content.decode()


def test_who_keeps_a_mailbox_says_who_sees_its_new_conversations(inbox: Inbox, alice: User, dora: Client) -> None:
    address = f"/settings/mailboxes/{inbox.mailbox.pk}/naming"
    assert inbox.bob.get(address).status_code == 404
    assert inbox.alice.get(address).status_code == 200
    assert inbox.alice.post(address, {"who": "named"}).status_code == 409
    assert inbox.alice.post(address, {"who": "named", "people": str(alice.pk)}).status_code == 302
    row = _through_the_ledger(inbox.mailbox)
    assert inbox.alice.get(f"/conversations/{row.conversation_id}").status_code == 200
    assert inbox.bob.get(f"/conversations/{row.conversation_id}").status_code == 404
    assert dora.post(address, {"who": "all"}).status_code == 302


def test_a_colleague_who_is_not_named_is_not_offered_the_work(inbox: Inbox, alice: User, bob: User) -> None:
    put_on(inbox.mailbox, bob)
    _hide(inbox, alice)
    head = inbox.alice.get(inbox.url("head")).content.decode()
    assert f'value="user-{bob.pk}"' not in head
    answer = inbox.post("assignment", to=f"user-{bob.pk}")
    assert answer.status_code == 409
    assert "not named" in answer.content.decode()
    assert Message.objects.count() == 1
