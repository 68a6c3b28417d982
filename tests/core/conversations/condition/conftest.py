"""Many conversations of all kinds, in mailboxes of Alice's and one that is not hers."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from postroom.core.accounts.models import Mailbox, Team, User
from postroom.core.conversations.condition import parse, words
from postroom.core.conversations.lists import page_of
from postroom.core.conversations.models import (
    MERGED,
    STATUSES,
    Contact,
    Conversation,
    ConversationTag,
    Draft,
    Following,
    Mention,
    Message,
    NamedPerson,
    ReadMark,
    SideThread,
    Tag,
)
from postroom.core.conversations.selections import Selection
from postroom.lib import clock
from tests.people import put_on

NOW = datetime(2026, 3, 18, 12, tzinfo=UTC)
SIZE = 72


@dataclass
class Scene:
    """Many conversations of all kinds, in two mailboxes of Alice's and one that is not hers."""

    alice: User
    bob: User
    own: list[Conversation]

    def found(self, text: str, *, sort: str = "newest", limit: int = 16) -> list[int]:
        """Walk the list of a condition to its end."""
        parsed = parse(text, by=self.alice)
        assert not parsed.faults, parsed.faults
        selection, before, ids = Selection(parsed.condition, sort), "", []
        while True:
            page = page_of(self.alice, selection, before=before, limit=limit)
            assert len(page.rows) <= limit
            ids += [row.id for row in page.rows]
            if not page.next:
                return ids
            before = page.next


@pytest.fixture(autouse=True)
def _no_engine() -> Iterator[None]:
    behind = words.engine()
    words.stand_behind(None)
    yield
    words.stand_behind(behind)


@pytest.fixture
def scene(mailbox: Mailbox, alice: User, bob: User, charlie: User) -> Iterator[Scene]:
    chance = random.Random(5)
    second = Mailbox.objects.create(name="Orders", address="orders@velo.example")
    hidden = Mailbox.objects.create(name="Board", address="board@velo.example")
    put_on(second, alice)
    put_on(hidden, charlie)
    workshop = Team.objects.create(name="Workshop")
    workshop.members.add(alice)
    contacts = [Contact.objects.create(email=f"c{n}@shop{n % 2}.example", name=f"Customer {n}") for n in range(4)]
    made = [
        Conversation(
            mailbox=chance.choice([mailbox, mailbox, second, hidden]),
            contact=chance.choice(contacts),
            subject=chance.choice(["Invoice 12", "The bell", "Ünder"]),
            status=chance.choice([*STATUSES, "open", "open", "closed", MERGED]),
            priority=chance.choice([-1, 0, 0, 0, 1, 2]),
            created_at=NOW - timedelta(days=n),
            # Several in the same instant: the cursor has to keep them apart.
            last_activity_at=NOW - timedelta(hours=8 * (n // 3)),
            waiting_since=chance.choice([None, NOW - timedelta(hours=n // 2)]),
            has_attachments=chance.random() < 0.3,
            sensitive_since=NOW if chance.random() < 0.1 else None,
            assignee=(owner := chance.choice([None, None, alice, bob])),
            team=chance.choice([None, workshop]) if owner is None else None,
        )
        for n in range(SIZE)
    ]
    made = Conversation.objects.bulk_create(made)
    messages = Message.objects.bulk_create(
        Message(conversation=one, kind="note" if n % 5 == 0 else "in", rfc_id=f"<{n}@x>") for n, one in enumerate(made)
    )
    for one, message in zip(made, messages, strict=True):
        one.last_message_id = message.pk
    Conversation.objects.bulk_update(made, ["last_message_id"])
    tags = [Tag.objects.create(name=name) for name in ("refund", "two words")]
    ConversationTag.objects.bulk_create(
        ConversationTag(conversation=one, tag=tags[n % 2]) for n, one in enumerate(made) if n % 4 < 2
    )
    for one in made[::6]:
        ReadMark.objects.create(user=alice, conversation=one, message_id=one.last_message_id or 0)
        Draft.objects.create(conversation=one, mailbox=one.mailbox, author=chance.choice([alice, bob]))
        NamedPerson.objects.create(conversation=one, user=alice)
    for one, message in list(zip(made, messages, strict=True))[::7]:
        Following.objects.create(user=alice, conversation=one)
        Mention.objects.create(user=alice, message=message)
        SideThread.objects.create(conversation=one)
    Message.objects.filter(pk=messages[0].pk).update(retracted_at=NOW)
    with clock.at(NOW):
        visible = Conversation.objects.visible_to(alice).exclude(status=MERGED)
        yield Scene(alice, bob, list(visible.select_related("mailbox", "contact", "team")))
