"""Saved views: whose they are, who may change them, what is written down of shared ones, and what they count."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache

from postroom.core.accounts.models import OBSERVER, SUPERVISOR, Team, User
from postroom.core.audit.models import AuditEntry
from postroom.core.conversations.actions.close import close
from postroom.core.conversations.actions.keep_view import (
    ViewRefused,
    ViewWish,
    change_view,
    delete_view,
    hide_view,
    keep_view,
    place_view,
    show_view,
)
from postroom.core.conversations.actions.read import mark_read
from postroom.core.conversations.models import View
from postroom.core.conversations.views import Tally, may_change, selection_of, shown_views_of, tally, views_of
from postroom.core.events import log
from tests.core.conftest import Desk

OPEN = ViewWish("Open", "is:open")


@pytest.fixture(autouse=True)
def _nothing_counted() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def workshop(desk: Desk) -> Team:
    team = Team.objects.create(name="Workshop")
    team.members.add(desk.bob)
    return team


def _counted(view: View, user: User) -> Tally | None:
    return tally(view, user=user, at=log.end())


def test_a_view_is_its_owners_alone_until_it_is_shared(desk: Desk, workshop: Team) -> None:
    view = keep_view(ViewWish(" Open  ones ", "IS:open  #12", sort="waiting", columns=("owner", "x")), by=desk.bob)
    assert (view.name, view.condition, view.columns) == ("Open ones", "is:open number:12", ["owner"])
    assert selection_of(view).sort == "waiting"
    assert list(views_of(desk.bob)) == [view]
    assert not views_of(desk.alice).exists()
    assert change_view(view, ViewWish("Ours", "is:open", team=workshop), by=desk.bob)
    assert not views_of(desk.alice).exists()
    assert change_view(view, ViewWish("Ours", "is:open", for_all=True), by=desk.bob)
    assert list(views_of(desk.alice)) == list(views_of(desk.charlie)) == [view]
    desk.charlie.is_active = False
    assert not views_of(desk.charlie).exists()


def test_what_is_shared_is_written_down_and_what_is_private_is_not(desk: Desk) -> None:
    private = keep_view(OPEN, by=desk.bob)
    change_view(private, ViewWish("Mine", "is:open"), by=desk.bob)
    assert not AuditEntry.objects.filter(action__startswith="view.").exists()
    change_view(private, ViewWish("All", "is:open", for_all=True), by=desk.bob)
    change_view(private, ViewWish("All", "is:closed", for_all=True), by=desk.bob)
    assert not change_view(private, ViewWish("All", "is:closed", for_all=True), by=desk.bob)
    change_view(private, ViewWish("All", "is:closed"), by=desk.bob)
    change_view(private, ViewWish("All", "is:closed", for_all=True), by=desk.bob)
    assert delete_view(private, by=desk.bob)
    entries = AuditEntry.objects.filter(action__startswith="view.").order_by("pk")
    written = [entry.action.removeprefix("view.") for entry in entries]
    assert written == ["shared", "changed", "unshared", "shared", "deleted"]
    assert (entries[1].before, entries[1].after) == ({"condition": "is:open"}, {"condition": "is:closed"})


def test_others_change_a_shared_view_only_when_they_make_teams(desk: Desk) -> None:
    view = keep_view(ViewWish("All", "is:open", for_all=True), by=desk.bob)
    assert not may_change(view, by=desk.charlie)
    with pytest.raises(ViewRefused, match="somebody else’s"):
        change_view(view, OPEN, by=desk.charlie)
    with pytest.raises(ViewRefused, match="somebody else’s"):
        delete_view(view, by=desk.charlie)
    User.objects.filter(pk=desk.charlie.pk).update(role=SUPERVISOR)
    desk.charlie.refresh_from_db()
    assert delete_view(view, by=desk.charlie)
    private = keep_view(OPEN, by=desk.bob)
    assert not may_change(private, by=desk.charlie)


def test_sharing_asks_for_a_role_and_a_team_of_ones_own(desk: Desk, workshop: Team) -> None:
    User.objects.filter(pk=desk.charlie.pk).update(role=OBSERVER)
    desk.charlie.refresh_from_db()
    with pytest.raises(ViewRefused, match="does not share"):
        keep_view(ViewWish("All", "is:open", for_all=True), by=desk.charlie)
    keep_view(OPEN, by=desk.charlie)
    workshop.members.clear()
    with pytest.raises(ViewRefused, match="not in the team Workshop"):
        keep_view(ViewWish("Ours", "is:open", team=workshop), by=desk.bob)
    # Who makes teams may share with each.
    User.objects.filter(pk=desk.alice.pk).update(role=SUPERVISOR)
    desk.alice.refresh_from_db()
    assert keep_view(ViewWish("Theirs", "is:open", team=workshop), by=desk.alice).team == workshop


@pytest.mark.parametrize(
    ("wish", "says"), [(ViewWish(" ", "is:open"), "name"), (ViewWish("A", "is:opne"), "Did you mean is:open?")]
)
def test_a_view_has_a_name_and_a_condition_that_is_understood(alice: User, wish: ViewWish, says: str) -> None:
    with pytest.raises(ViewRefused, match=says):
        keep_view(wish, by=alice)
    assert not View.objects.exists()


def test_ones_own_views_stand_where_one_puts_them(desk: Desk) -> None:
    one, two, three = (keep_view(ViewWish(name, ""), by=desk.bob) for name in ("One", "Two", "Three"))
    shared = keep_view(ViewWish("A", "", for_all=True), by=desk.alice)
    assert list(views_of(desk.bob)) == [one, two, three, shared]
    assert place_view(three, before=one, by=desk.bob)
    assert not place_view(three, before=one, by=desk.bob)
    assert place_view(one, before=None, by=desk.bob)
    assert list(views_of(desk.bob)) == [three, two, shared, one]


def test_shared_views_stand_where_each_reader_puts_them_and_may_be_hidden_there(desk: Desk) -> None:
    first, second = (keep_view(ViewWish(name, "", for_all=True), by=desk.alice) for name in ("A", "B"))
    own = keep_view(ViewWish("Mine", ""), by=desk.bob)
    assert list(views_of(desk.bob)) == [own, first, second]
    assert place_view(second, before=own, by=desk.bob)
    assert list(views_of(desk.bob)) == [second, own, first]
    assert list(views_of(desk.alice)) == list(views_of(desk.charlie)) == [first, second]
    assert hide_view(first, by=desk.bob)
    assert not hide_view(first, by=desk.bob)
    assert list(shown_views_of(desk.bob)) == [second, own]
    # It can still be opened, and what comes new is at the end.
    assert first in views_of(desk.bob)
    newest = keep_view(ViewWish("C", "", for_all=True), by=desk.alice)
    assert list(shown_views_of(desk.bob)) == [second, own, newest]
    assert list(shown_views_of(desk.alice)) == [first, second, newest]
    assert show_view(first, by=desk.bob)
    assert list(shown_views_of(desk.bob)) == [second, own, first, newest]
    with pytest.raises(ViewRefused, match="not there any more"):
        place_view(own, before=None, by=desk.alice)


# Nothing has happened until it is committed.
@pytest.mark.django_db(transaction=True)
def test_a_view_counts_what_its_reader_sees_and_follows_what_happens(desk: Desk) -> None:
    first = desk.conversation()
    desk.mail(rfc_id="<2@customers.example>")
    view = keep_view(ViewWish("Open", "is:open", for_all=True), by=desk.alice)
    assert tally(view, user=desk.alice, at=log.end(), asking=False) is None
    assert _counted(view, desk.alice) == Tally(2)
    assert tally(view, user=desk.alice, at=log.end(), asking=False) == Tally(2)
    assert _counted(view, desk.charlie) == Tally(0)
    close(first, by=desk.bob)
    assert _counted(view, desk.alice) == Tally(1)
    unread = keep_view(ViewWish("Unread", "is:unread is:any"), by=desk.alice)
    before = _counted(unread, desk.alice)
    mark_read(first, by=desk.alice, message_id=first.last_message_id or 0)
    after = _counted(unread, desk.alice)
    assert before
    assert after
    assert after.n == before.n - 1
