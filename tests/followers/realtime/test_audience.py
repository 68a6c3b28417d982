"""Who hears of what happens: as many questions for two hundred people as for one."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from postroom.core.accounts.models import Mailbox, Membership, User
from postroom.core.conversations.actions.sensitive import mark_sensitive
from postroom.core.conversations.models import Conversation
from postroom.core.events.models import Event
from postroom.followers.realtime.audience import audience
from tests.core.conftest import Desk

pytestmark = pytest.mark.django_db


def _crowd(mailbox: Mailbox, count: int) -> list[User]:
    made = User.objects.bulk_create(
        User(email=f"crowd{n}@velo.example", name=f"Crowd {n}", is_active=n % 5 != 0) for n in range(count)
    )
    Membership.objects.bulk_create(Membership(mailbox=mailbox, user=user) for user in made if user.pk % 2)
    return made


def test_everybody_hears_what_they_may_see_and_it_is_asked_for_all_at_once(desk: Desk) -> None:
    ordinary, hidden = desk.conversation(), desk.conversation()
    mark_sensitive(hidden, people=[desk.alice], by=desk.alice)
    elsewhere = Mailbox.objects.create(name="Elsewhere", address="elsewhere@velo.example")
    people = [desk.alice, desk.bob, desk.charlie, *_crowd(ordinary.mailbox, 40)]
    events = [
        Event(conversation_id=ordinary.pk, mailbox_id=ordinary.mailbox_id),
        Event(conversation_id=hidden.pk, mailbox_id=hidden.mailbox_id),
        Event(mailbox_id=ordinary.mailbox_id),
        Event(mailbox_id=elsewhere.pk),
        Event(),
    ]
    with CaptureQueriesContext(connection) as asked:
        told = audience(events, user_ids=[one.pk for one in people])
    assert len(asked) <= 5
    for one in people:
        sees = Conversation.objects.visible_to(one)
        on_it = one.is_active and Membership.objects.filter(user=one, mailbox=ordinary.mailbox).exists()
        wanted = [
            *(events[:1] if sees.filter(pk=ordinary.pk).exists() else []),
            *(events[1:2] if sees.filter(pk=hidden.pk).exists() else []),
            *(events[2:3] if on_it else []),
        ]
        assert [id(event) for event in told[one.pk]] == [id(event) for event in wanted], one.name
    assert [len(told[one.pk]) for one in people[:2]] == [3, 2]
