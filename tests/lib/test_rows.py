"""Rows written and read by statements that are made once are the rows that Django sees."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from postroom.core.accounts.models import Mailbox
from postroom.core.conversations.models import Contact, Conversation, Message
from postroom.lib.rows import create, create_all, create_once, find, insert, update
from postroom.lib.statements import run
from tests.channels.mail.letters import filed, letter

THEN = datetime(2026, 11, 22, 4, 0, 0, 123456, tzinfo=UTC)


def test_an_inserted_row_has_its_id_and_reads_as_it_was(db: None) -> None:
    ann = Contact(email="ann@customers.example", name="100 % \U0001f6b2 'Ann'", created_at=THEN)
    assert insert(ann)
    seen = Contact.objects.get(pk=ann.pk)
    assert (seen.email, seen.name, seen.created_at) == (ann.email, ann.name, THEN)
    ann.name = "Ann"
    ann.save()
    assert Contact.objects.get().name == "Ann"


def test_a_row_that_is_there_is_left_alone_when_asked(db: None) -> None:
    assert insert(Contact(email="ann@customers.example", created_at=THEN))
    assert not insert(Contact(email="ann@customers.example", created_at=THEN), ignore=True)
    create_all(
        Contact, [{"email": f"{name}@customers.example", "created_at": THEN} for name in ("ann", "bea")], ignore=True
    )
    assert Contact.objects.count() == 2
    with pytest.raises(IntegrityError), transaction.atomic():
        insert(Contact(email="ann@customers.example", created_at=THEN))


def test_a_created_row_is_what_django_reads(db: None) -> None:
    """Those values that are given, and every other field's default, of the row's own."""
    ann = create(Contact, email="ann@customers.example", name="Ann")
    assert {**vars(Contact.objects.get()), "_state": None} == {**vars(ann), "_state": None}
    ann.name = "Ann B."
    ann.save()
    assert Contact.objects.get().name == "Ann B."
    assert create_once(Contact, email="ann@customers.example") is None
    bea = create_once(Contact, email="bea@customers.example")
    assert bea is not None
    assert bea.pk == Contact.objects.latest("pk").pk


def test_a_created_row_has_lists_of_its_own_and_plain_moments(db: None, mailbox: Mailbox) -> None:
    talk = create(Conversation, mailbox_id=mailbox.pk, contact_id=create(Contact, email="ann@customers.example").pk)
    there = timezone(timedelta(hours=5, minutes=30))
    one = create(Message, conversation_id=talk.pk, kind="in", sent_at=THEN.astimezone(there), problems=["é \u2028"])
    other = create(Message, conversation_id=talk.pk, kind="in", sent_at=THEN.replace(microsecond=0))
    one.to.append("nobody")
    assert not other.to
    seen = Message.objects.order_by("pk")
    assert [(row.sent_at, row.to, row.problems) for row in seen] == [
        (THEN, [], ["é \u2028"]),
        (THEN.replace(microsecond=0), [], []),
    ]
    assert {**vars(seen[1]), "_state": None} == {**vars(other), "_state": None}


def test_columns_are_found_and_changed_with_the_types_of_the_model(db: None, mailbox: Mailbox) -> None:
    message = filed(letter(), mailbox=mailbox)
    update(Message, message.pk, problems=["odd"], sent_at=THEN)
    row = find(Message, ("problems", "sent_at", "to"), id=message.pk, lock=True)
    assert row is not None
    assert row[:2] == (["odd"], THEN)
    assert row[2][0]["email"] == "support@velo.example"
    assert find(Message, ("id",), id=0) is None


def test_whoever_counts_statements_sees_these_too(db: None) -> None:
    with CaptureQueriesContext(connection) as seen:
        assert run("SELECT 1 WHERE 'a%%b' LIKE %s", ["a%"]) == [(1,)]
    assert len(seen) == 1
    assert run("SELECT 1 WHERE 'a%%b' LIKE %s", ["a%"]) == [(1,)]
