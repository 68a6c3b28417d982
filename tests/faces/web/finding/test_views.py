"""Saved views on the pages: made from a search, in the sidebar with a count, shared, put in order, deleted."""

import re

from django.core.cache import cache

from postroom.core.accounts.models import Team, User
from postroom.core.conversations.actions.keep_view import ViewWish, keep_view
from postroom.core.conversations.models import View
from tests.faces.web.inbox.conftest import Inbox


def _sidebar(content: bytes) -> list[tuple[str, str]]:
    """Return each view of the sidebar with its count."""
    page = content.decode()
    views = page[page.index('id="views"') :].split("</ul>")[0]
    links = re.findall(r'sidebar-name">([^<]+)</span>(?:\s*<span class="count">([^<]+)</span>)?', views)
    return [(name, count) for name, count in links]


def test_a_search_becomes_a_view_in_the_sidebar(inbox: Inbox) -> None:
    cache.clear()
    page = inbox.alice.get("/views/new?q=is%3Aopen%20-tag%3Alate&sort=waiting").content.decode()
    assert 'value="is:open -tag:late"' in page
    assert '<option value="waiting" selected>' in page
    form = {"name": "Not late", "condition": "is:open", "sort": "waiting", "columns": ["number"], "density": "dense"}
    made = inbox.alice.post("/views/new", form)
    view = View.objects.get()
    assert made["Location"] == f"/views/{view.pk}"
    shown = inbox.alice.get(made["Location"]).content
    assert b"is-dense" in shown
    assert f'class="line-column">#{inbox.conversation.pk}' in shown.decode()
    assert _sidebar(shown) == [("Not late", "")]
    assert _sidebar(inbox.alice.get("/views/counts").content) == [("Not late", "1")]
    assert _sidebar(inbox.alice.get("/folders/open").content) == [("Not late", "1")]
    assert b"Not late" not in inbox.bob.get("/folders/open").content
    for address in ("", "/rows", "/settings"):
        assert inbox.bob.get(f"/views/{view.pk}{address}").status_code == 404


def test_a_mistake_is_said_beside_what_was_typed(inbox: Inbox) -> None:
    answer = inbox.alice.post("/views/new", {"name": "A", "condition": "is:opne", "sort": "newest"})
    assert answer.status_code == 422
    assert "Did you mean is:open?" in answer.content.decode()
    assert 'value="is:opne"' in answer.content.decode()
    odd = inbox.alice.post("/views/new", {"name": "A", "condition": "", "sort": "sideways", "shared": "team.999"})
    assert odd.status_code == 422
    assert not View.objects.exists()


def test_a_shared_view_shows_each_what_they_may_see_and_only_its_owner_changes_it(inbox: Inbox, alice: User) -> None:
    view = keep_view(ViewWish("All open", "is:open", for_all=True), by=alice)
    assert b"Order 118" in inbox.bob.get(f"/views/{view.pk}").content
    assert b"Order 118" not in inbox.charlie.get(f"/views/{view.pk}").content
    page = inbox.bob.get(f"/views/{view.pk}/settings").content.decode()
    assert "Alice shares this view." in page
    assert "is:open" in page
    assert inbox.bob.post(f"/views/{view.pk}/settings", {"name": "Mine", "condition": ""}).status_code == 404
    assert inbox.bob.post(f"/views/{view.pk}/settings", {"_method": "delete"}).status_code == 404
    assert inbox.alice.post(f"/views/{view.pk}/settings", {"_method": "delete"})["Location"] == "/views"
    assert not View.objects.exists()


def test_a_view_is_shared_with_a_team_and_changed(inbox: Inbox, alice: User, bob: User) -> None:
    team = Team.objects.create(name="Workshop")
    team.members.add(bob)
    view = keep_view(ViewWish("Open", "is:open"), by=bob)
    form = {"name": "Ours", "condition": "is:closed", "sort": "oldest", "shared": f"team.{team.pk}"}
    assert inbox.bob.post(f"/views/{view.pk}/settings", form)["Location"] == f"/views/{view.pk}"
    view.refresh_from_db()
    assert (view.name, view.condition, view.team, view.for_all) == ("Ours", "is:closed", team, False)
    assert inbox.alice.get(f"/views/{view.pk}").status_code == 404
    team.members.add(alice)
    assert inbox.alice.get(f"/views/{view.pk}").status_code == 200


def test_views_are_put_in_order_on_their_page(inbox: Inbox, alice: User) -> None:
    first, second = (keep_view(ViewWish(name, ""), by=alice) for name in ("First", "Second"))
    page = inbox.alice.get("/views").content.decode()
    assert page.index("First") < page.index("Second")
    inbox.alice.post(f"/views/{second.pk}/place", {"before": str(first.pk)})
    assert [name for name, _count in _sidebar(inbox.alice.get("/views").content)] == ["Second", "First"]


def test_a_view_whose_tag_is_gone_still_opens(inbox: Inbox, alice: User) -> None:
    view = View.objects.create(name="Old", owner=alice, condition="tag:gone assignee:zoe is:nothing", sort="x")
    assert inbox.alice.get(f"/views/{view.pk}").status_code == 200
    assert inbox.alice.get("/views/counts").status_code == 200
