"""Who is there: written down only when something is new, forgotten within a minute, told to those alone who see it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from postroom.core.accounts.models import OBSERVER, Mailbox, User
from postroom.core.conversations.actions.presence import be_here, leave
from postroom.core.conversations.actions.sensitive import mark_sensitive
from postroom.core.conversations.models import Conversation, NamedPerson, Presence
from postroom.core.conversations.presence import present
from postroom.core.conversations.seers import who_see
from postroom.followers.realtime.presence import told
from postroom.lib import clock
from tests.core.conftest import Desk
from tests.people import put_on

pytestmark = pytest.mark.django_db
_A, _B = "a" * 16, "b" * 16


def _writes(desk: Desk, conversation: Conversation, *, writing: bool = False) -> int:
    with CaptureQueriesContext(connection) as asked:
        be_here(conversation, by=desk.alice, tab=_A, writing=writing)
    return sum(not query["sql"].startswith("SELECT") for query in asked)


def _grown_old(seconds: int) -> None:
    Presence.objects.update(at=clock.now() - timedelta(seconds=seconds))


def test_the_same_word_again_writes_nothing_for_a_while(desk: Desk) -> None:
    conversation = desk.conversation()
    assert be_here(conversation, by=desk.alice, tab=_A, writing=False)
    assert _writes(desk, conversation) == 0
    assert _writes(desk, conversation, writing=True) == 1
    _grown_old(19)
    assert _writes(desk, conversation, writing=True) == 1


def test_several_tabs_are_one_person_who_writes_when_one_of_them_does(desk: Desk) -> None:
    conversation = desk.conversation()
    be_here(conversation, by=desk.alice, tab=_A, writing=False)
    be_here(conversation, by=desk.alice, tab=_B, writing=True)
    assert present(now=clock.now()) == {conversation.pk: {desk.alice.pk: True}}
    assert leave(by=desk.alice, tab=_B)
    assert not leave(by=desk.alice, tab=_B)
    assert not leave(by=desk.bob, tab=_A)
    assert present(now=clock.now()) == {conversation.pk: {desk.alice.pk: False}}


def test_a_tab_shows_one_conversation_and_one_that_sleeps_is_gone_within_a_minute(desk: Desk) -> None:
    first, second = desk.conversation(), desk.mail("And my bell?", rfc_id="<2@customers.example>").conversation
    be_here(first, by=desk.alice, tab=_A, writing=False)
    be_here(second, by=desk.alice, tab=_A, writing=False)
    assert present(now=clock.now()) == {second.pk: {desk.alice.pk: False}}
    _grown_old(59)
    assert present(now=clock.now()) == {}
    be_here(second, by=desk.alice, tab=_A, writing=False)
    assert present(now=clock.now()) == {second.pk: {desk.alice.pk: False}}
    _grown_old(59)
    be_here(second, by=desk.alice, tab=_B, writing=False)
    assert list(Presence.objects.values_list("tab", flat=True)) == [_B]


def test_nobody_is_told_of_themself_nor_of_what_they_do_not_see(desk: Desk) -> None:
    conversation = desk.conversation()
    before = present(now=clock.now())
    be_here(conversation, by=desk.alice, tab=_A, writing=True)
    now = present(now=clock.now())
    everybody = [desk.alice.pk, desk.bob.pk, desk.charlie.pk]
    frames = told(before, now, listeners=everybody, unaware=[])
    assert frames.wholes == {}
    assert frames.changes[desk.bob.pk] == (
        f'event: presence\ndata: {{"whole":false,"here":{{"{conversation.pk}":[[{desk.alice.pk},true]]}}}}\n\n'.encode()
    )
    assert b"[]" in frames.changes[desk.alice.pk]
    assert desk.charlie.pk not in frames.changes
    late = told(now, now, listeners=everybody, unaware=[desk.bob.pk, desk.charlie.pk])
    assert late.changes == {}
    assert b'"whole":true' in late.wholes[desk.bob.pk]
    assert late.wholes[desk.charlie.pk] == b""
    User.objects.filter(pk=desk.alice.pk).update(is_active=False)
    assert present(now=clock.now()) == {}


def test_the_rule_for_many_people_is_the_rule_for_one(desk: Desk) -> None:
    orders = Mailbox.objects.create(name="Orders", address="orders@velo.example")
    put_on(orders, desk.charlie)
    gone = User.objects.create(email="dora@team.example", name="Dora", role=OBSERVER, is_active=False)
    put_on(desk.mailbox, gone)
    ordinary, named, looked, left = (
        desk.mail(rfc_id=f"<{number}@customers.example>").conversation for number in range(4)
    )
    mark_sensitive(named, people=[], by=desk.alice)
    mark_sensitive(looked, people=[], by=desk.alice)
    mark_sensitive(left, people=[desk.bob], by=desk.alice)
    ago, ahead = clock.now() - timedelta(hours=1), clock.now() + timedelta(hours=1)
    NamedPerson.objects.create(conversation=looked, user=desk.charlie, until=ahead)
    NamedPerson.objects.create(conversation=looked, user=desk.bob, until=ago)
    NamedPerson.objects.create(conversation=left, user=desk.charlie)
    numbers = [one.pk for one in (ordinary, named, looked, left)]
    people = [desk.alice, desk.bob, desk.charlie, gone]
    asked = who_see(numbers, among=[one.pk for one in people])
    for one in people:
        sees = set(Conversation.objects.visible_to(one).filter(pk__in=numbers).values_list("pk", flat=True))
        assert {number for number in numbers if one.pk in asked[number]} == sees, one.name
    assert who_see([], among=[1]) == who_see(numbers, among=[]) == {}
