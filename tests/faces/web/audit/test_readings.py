"""Who opened what is written before it is shown, once in five minutes."""

from datetime import timedelta

from postroom.core.audit.models import AuditEntry
from postroom.core.conversations.models import Attachment, Message
from postroom.core.storage import blobs
from postroom.lib import clock
from tests.faces.web.inbox.conftest import Inbox


def _written() -> list[tuple[str, str, str]]:
    return list(AuditEntry.objects.order_by("id").values_list("action", "subject", "actor_name"))


def test_opening_a_conversation_is_written_once_in_five_minutes(inbox: Inbox) -> None:
    number = inbox.conversation.pk
    for noun in ("", "messages", "panel", "head", ""):
        inbox.alice.get(inbox.url(noun))
    assert _written() == [("conversation.read", f"conversation:{number}", "Alice")]

    inbox.bob.get(inbox.url("messages"))
    inbox.alice.get(inbox.url(), HTTP_USER_AGENT="Somebody else's browser")
    inbox.alice.get(inbox.url(), REMOTE_ADDR="198.51.100.9")
    assert len(_written()) == 4

    with clock.at(clock.now() + timedelta(minutes=6)):
        inbox.alice.get(inbox.url())
    assert len(_written()) == 5
    entry = AuditEntry.objects.filter(ip="198.51.100.9").get()
    assert (entry.mailbox_id, entry.conversation_id) == (inbox.mailbox.pk, number)
    # Of the customer's own words nothing is in the log.
    assert "118" not in "".join(str(row) for row in AuditEntry.objects.values_list("subject_name", "before", "after"))


def test_each_part_of_a_conversation_says_that_it_was_read(inbox: Inbox) -> None:
    message = Message.objects.filter(conversation=inbox.conversation).latest("pk")
    for minute, address in enumerate((f"/messages/{message.pk}", f"/messages/{message.pk}/html", inbox.url("panel"))):
        with clock.at(clock.now() + timedelta(minutes=6 * minute)):
            assert inbox.alice.get(address).status_code == 200
        assert [action for action, _subject, _name in _written()] == ["conversation.read"] * (minute + 1)


def test_what_is_refused_or_only_asked_about_is_no_reading(inbox: Inbox) -> None:
    assert inbox.charlie.get(inbox.url()).status_code == 404
    assert inbox.alice.head(inbox.url()).status_code == 200
    assert inbox.post("closure").status_code == 302
    assert _written() == []


def test_a_browser_that_fetches_ahead_gets_nothing_and_is_not_written_down(inbox: Inbox) -> None:
    for name in ("HTTP_SEC_PURPOSE", "HTTP_PURPOSE", "HTTP_X_MOZ"):
        answer = inbox.alice.get(inbox.url(), **{name: "prefetch;prerender"})  # type: ignore[arg-type]
        assert (answer.status_code, answer.content) == (503, b"")
    assert _written() == []


def test_a_file_and_the_original_mail_are_written_by_themselves(inbox: Inbox) -> None:
    message = Message.objects.filter(conversation=inbox.conversation).latest("pk")
    digest = blobs().put(b"From: ann@customers.example\r\n\r\nHello")
    Message.objects.filter(pk=message.pk).update(raw_digest=digest)
    picture, paper = (
        Attachment.objects.create(
            conversation=inbox.conversation, message=message, name=name, content_type=kind, digest=digest, inline=True
        )
        for name, kind in (("a.png", "image/png"), ("salaries.pdf", "application/pdf"))
    )
    inbox.alice.get(f"/attachments/{picture.pk}/a.png")
    inbox.alice.get(f"/attachments/{picture.pk}/a.png?download=1")
    inbox.alice.get(f"/attachments/{paper.pk}/salaries.pdf")
    inbox.alice.get(f"/messages/{message.pk}/raw")
    assert [(action, subject) for action, subject, _name in _written()] == [
        ("conversation.read", f"conversation:{inbox.conversation.pk}"),
        ("attachment.read", f"attachment:{picture.pk}"),
        ("attachment.read", f"attachment:{paper.pk}"),
        ("raw_mail.read", f"message:{message.pk}"),
    ]


def test_taking_a_mailbox_out_is_written_before_the_first_byte(inbox: Inbox) -> None:
    answer = inbox.alice.get(f"/settings/mailboxes/{inbox.mailbox.pk}/history/everything.zip")
    assert answer.status_code == 200
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.actor_name, entry.subject_name) == ("mailbox.exported", "Alice", inbox.mailbox.address)
