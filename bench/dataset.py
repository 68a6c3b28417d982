"""A data set of any size, written by the database itself: no row passes through Python."""

import random
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection, models

from postroom.core.accounts.models import AGENT, OWNER, Mailbox, Membership, User
from postroom.core.conversations.models import (
    Contact,
    Conversation,
    ConversationTag,
    Message,
    Participant,
    Tag,
)
from postroom.core.events import log
from postroom.core.events.models import Bookmark, Event
from postroom.wiring.followers import FOLLOWERS

MAILBOXES, AGENTS, TAGS, TEXTS, MESSAGES_EACH = 20, 60, 12, 997, 4
# How many mailboxes the person who is measured belongs to.
OWN = 8
_CHUNK = 50_000
_WORDS = (
    "bell brake chain order parcel invoice refund wheel saddle address Tuesday please thanks arrived broken size "
    "colour lamp tyre delivery late early number customer shop repair warranty month week return box photo attached"
).split()

Columns = dict[str, str]


def fill(conversations: int, *, say: Callable[[str], None]) -> User:
    """Make the people, then the conversations; return the person who is measured."""
    started = time.monotonic()
    alice = _people()
    _texts()
    _hurry()
    for low in range(1, conversations + 1, _CHUNK):
        high = min(low + _CHUNK - 1, conversations)
        _conversations(low, high, total=conversations)
        say(f"{high:,} of {conversations:,} conversations, {time.monotonic() - started:.0f} s")
    connection.close()
    _sequences()
    end = log.end()
    # Everybody has followed all of it long ago.
    Bookmark.objects.bulk_create(Bookmark(follower=one.name, xid=end.xid, event_id=end.id) for one in FOLLOWERS)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE bench_texts")
        if connection.vendor == "postgresql":
            cursor.execute("VACUUM ANALYZE")
    return alice


def _people() -> User:
    mailboxes = [
        Mailbox.objects.create(name=f"Mailbox {n}", address=f"box{n}@velo.example") for n in range(1, MAILBOXES + 1)
    ]
    users = User.objects.bulk_create(
        User(email=f"agent{n}@velo.example", name=f"Agent {n}", role=OWNER if n == 1 else AGENT, password="!")
        for n in range(1, AGENTS + 1)
    )
    Membership.objects.bulk_create(
        Membership(mailbox=mailbox, user=user)
        for number, user in enumerate(users)
        for mailbox in (mailboxes[:OWN] if number == 0 else mailboxes)
    )
    Tag.objects.bulk_create(Tag(name=f"tag {n}") for n in range(TAGS))
    return users[0]


def _texts() -> None:
    chance = random.Random(1)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_texts (i integer PRIMARY KEY, said text)")
        cursor.executemany(
            "INSERT INTO bench_texts VALUES (%s, %s)",
            [(i, " ".join(chance.choices(_WORDS, k=chance.randint(12, 48)))) for i in range(TEXTS)],
        )


def _hurry() -> None:
    """Leave out what only guards against mistakes and power cuts; the triggers that count folders stay."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA foreign_keys=OFF")
            cursor.execute("PRAGMA synchronous=OFF")
        else:
            cursor.execute("SET synchronous_commit = off")


def _conversations(low: int, high: int, *, total: int) -> None:
    first_user, first_mailbox, first_tag = (model._default_manager.earliest("pk").pk for model in (User, Mailbox, Tag))
    last = MESSAGES_EACH
    mailbox = f"({first_mailbox} + i %% {MAILBOXES})"
    customer = "'customer' || i || '@customers.example'"
    said = f"(SELECT said FROM bench_texts WHERE bench_texts.i = (c.i * 7) %% {TEXTS})"
    _insert(Contact, {"id": "i", "email": customer, "name": "'Customer ' || i"}, low, high)
    _insert(
        Conversation,
        {
            "id": "i",
            "mailbox_id": mailbox,
            "contact_id": "i",
            "subject": f"'Conversation ' || i || ' about ' || substr({said}, 1, 40)",
            "snippet": f"substr({said}, 1, 160)",
            "status": "CASE WHEN i %% 100 < 3 THEN 'open' WHEN i %% 100 < 4 THEN 'pending' "
            "WHEN i %% 100 < 6 THEN 'spam' ELSE 'closed' END",
            "assignee_id": f"CASE WHEN i %% 3 = 0 THEN NULL ELSE {first_user} + (i * 31) %% {AGENTS} END",
            "created_at": _ago(f"({total} - i) * 60 + 3600"),
            "last_activity_at": _ago(f"({total} - i) * 60"),
            "last_from": "'Customer ' || i",
            "message_count": str(last),
            "last_message_id": f"i * {last}",
        },
        low,
        high,
    )
    _insert(Participant, {"id": "i", "conversation_id": "i", "email": customer}, low, high)
    _insert(
        ConversationTag,
        {"id": "i", "conversation_id": "i", "tag_id": f"{first_tag} + i %% {TAGS}"},
        low,
        high,
        where="i %% 4 = 0",
    )
    _messages(low, high, total=total, first_user=first_user, mailbox=mailbox)


def _messages(low: int, high: int, *, total: int, first_user: int, mailbox: str) -> None:
    each = MESSAGES_EACH
    conversation = f"((i - 1) / {each} + 1)"
    out = "i %% 2 = 0"
    said = f"(SELECT said FROM bench_texts WHERE bench_texts.i = c.i %% {TEXTS})"
    at = _ago(f"({total} - {conversation}) * 60 + ({each} - (i - 1) %% {each}) * 900")
    author = f"{first_user} + i %% {AGENTS}"
    numbers = ((low - 1) * each + 1, high * each)
    _insert(
        Message,
        {
            "id": "i",
            "conversation_id": conversation,
            "kind": f"CASE WHEN {out} THEN 'out' ELSE 'in' END",
            "author_id": f"CASE WHEN {out} THEN {author} END",
            "contact_id": f"CASE WHEN {out} THEN NULL ELSE {conversation} END",
            "created_at": at,
            "from_name": f"'Customer ' || {conversation}",
            "from_email": f"'customer' || {conversation} || '@customers.example'",
            "text": said,
            "rfc_id": "'<' || i || '@bench.example>'",
            "delivery": f"CASE WHEN {out} THEN 'sent' ELSE '' END",
        },
        *numbers,
    )
    _insert(
        Event,
        {
            "id": "i",
            "xid": "1" if connection.vendor == "postgresql" else "0",
            "kind": f"CASE WHEN {out} THEN 'reply.queued' ELSE 'message.received' END",
            "at": at,
            "actor_kind": f"CASE WHEN {out} THEN 'user' ELSE 'contact' END",
            "actor_id": f"CASE WHEN {out} THEN {author} ELSE {conversation} END",
            "mailbox_id": mailbox.replace("i %%", f"{conversation} %%"),
            "conversation_id": conversation,
            "message_id": "i",
        },
        *numbers,
    )


def _insert(model: type[models.Model], columns: Columns, low: int, high: int, *, where: str = "") -> None:
    """Insert a row for each i from low to high; fields that are not named get their defaults."""
    given: list[Any] = []
    expressions = dict(columns)
    for field in model._meta.concrete_fields:
        if field.column not in expressions:
            expressions[field.column] = "%s"
            given.append(field.get_db_prep_save(None if field.null else field.get_default(), connection))
    quote = connection.ops.quote_name
    names = ", ".join(map(quote, expressions))
    values = ", ".join(expressions.values())
    if connection.vendor == "postgresql":
        numbers = f"generate_series({low}, {high}) AS c(i)"
        start = ""
    else:
        start = f"WITH RECURSIVE c(i) AS (SELECT {low} UNION ALL SELECT i + 1 FROM c WHERE i < {high}) "
        numbers = "c"
    condition = f" WHERE {where}" if where else ""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # Without foreign keys' triggers, but for the table whose triggers do the counting.
            role = "origin" if model is Conversation else "replica"
            cursor.execute(f"SET session_replication_role = {role}")
        cursor.execute(
            f"{start}INSERT INTO {quote(model._meta.db_table)} ({names}) SELECT {values} FROM {numbers}{condition}",
            given,
        )


def _ago(seconds: str) -> str:
    """Return the SQL for the moment so many seconds ago, as Django stores it."""
    if connection.vendor == "postgresql":
        return f"(timestamptz '{_NOW.isoformat()}' - ({seconds}) * interval '1 second')"
    return f"strftime('%%Y-%%m-%%d %%H:%%M:%%S', {int(_NOW.timestamp())} - ({seconds}), 'unixepoch')"


_NOW = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=1)


def _sequences() -> None:
    """Let PostgreSQL's counters go on after the ids we gave; SQLite sees them by itself."""
    from django.core.management.color import no_style

    kinds: list[type[models.Model]] = [Contact, Conversation, Participant, ConversationTag, Message, Event]
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), kinds):
            cursor.execute(statement)
