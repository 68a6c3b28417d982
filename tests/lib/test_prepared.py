"""What the ORM makes once and runs again with other values."""

from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import F, QuerySet, Value
from django.test.utils import CaptureQueriesContext

from postroom.core.accounts.models import Mailbox, Membership, User
from postroom.core.conversations.actions.receive import receive
from postroom.core.conversations.models import Conversation
from postroom.lib import clock
from postroom.lib.prepared import prepared
from tests.incoming import incoming


@prepared
def _visible(user: User, numbers: list[int]) -> QuerySet[Conversation]:
    rows = Conversation.objects.visible_to(user).filter(pk__in=numbers)
    return rows.select_related("mailbox", "assignee").order_by("pk")


def _number(mailbox: Mailbox) -> int:
    return receive(mailbox=mailbox, mail=incoming()).conversation_id


def test_each_person_gets_what_they_see_by_the_same_statement(
    mailbox: Mailbox, alice: User, bob: User, charlie: User
) -> None:
    numbers = [_number(mailbox) for _one in range(7)]
    assert _visible(charlie, numbers) == []
    with CaptureQueriesContext(connection) as asked:
        found = _visible(alice, numbers)
    assert [row.pk for row in found] == numbers
    assert len(asked) == 1
    alice.is_active = False
    assert _visible(alice, numbers) == []
    assert _visible(bob, []) == []


def test_a_row_is_what_the_orm_makes_of_it(mailbox: Mailbox, alice: User) -> None:
    number = _number(mailbox)
    by_orm = Conversation.objects.select_related("mailbox", "assignee").get(pk=number)
    found = _visible(alice, [number])[0]
    values = {name: value for name, value in vars(found).items() if name != "_state"}
    assert values == {name: value for name, value in vars(by_orm).items() if name != "_state"}
    with CaptureQueriesContext(connection) as asked:
        assert found.mailbox == by_orm.mailbox
        assert found.assignee is None
    assert not asked.captured_queries
    found.subject = "Another"
    found.save(update_fields=["subject"])
    assert Conversation.objects.get(pk=number).subject == "Another"


def test_the_present_moment_is_that_of_each_run(mailbox: Mailbox) -> None:
    @prepared
    def since(moment_before: object) -> "QuerySet[Mailbox, int]":
        rows = Mailbox.objects.filter(created_at__lte=clock.now(), created_at__gt=moment_before)
        return rows.values_list("pk", flat=True)

    now = clock.now()
    assert mailbox.pk in since(now - timedelta(days=1))
    with clock.at(now - timedelta(days=2)):
        assert since(now - timedelta(days=9)) == []
    assert mailbox.pk in since(now - timedelta(days=1))


def test_what_is_no_plain_comparison_is_refused_at_the_first_call(alice: User) -> None:
    @prepared
    def looks_like(text: str) -> QuerySet[Mailbox]:
        return Mailbox.objects.filter(name__icontains=text)

    @prepared
    def of_length(text: str) -> QuerySet[Mailbox]:
        return Mailbox.objects.filter(pk=len(text))

    @prepared
    def reckons() -> QuerySet[Mailbox]:
        return Mailbox.objects.filter(created_at__gt=clock.now() - timedelta(days=3))

    for asked in (looks_like, of_length):
        with pytest.raises(TypeError, match="does more with its arguments"):
            asked("Support")
    with pytest.raises(TypeError, match="reckons"):
        reckons()
    with pytest.raises(TypeError, match="no value"):
        of_length(True)  # type: ignore[arg-type]
    with pytest.raises(User.DoesNotExist):
        prepared(lambda user: Membership.objects.filter(user__name=user.name))(alice)


def test_arguments_by_name_are_part_of_the_statement(alice: User) -> None:
    @prepared
    def levels(user: User, *, add: int) -> "QuerySet[Membership, int]":
        rows = Membership.objects.filter(user=user).annotate(more=F("level") + Value(add))
        return rows.values_list("more", flat=True)

    assert [level + 2 for level in levels(alice, add=1)] == levels(alice, add=3)
