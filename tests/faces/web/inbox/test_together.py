"""Drafts, hand-over and absence over HTTP: what a page sends, and what somebody else's page is answered."""

from datetime import timedelta

import pytest

from postroom.core.accounts.models import User
from postroom.core.audit.models import AuditEntry
from postroom.core.conversations.models import Draft, Message
from postroom.core.events.models import Event
from postroom.lib import clock
from tests.faces.web.inbox.conftest import Inbox

pytestmark = pytest.mark.django_db
PEOPLE = (
    '{"to": [{"name": "Ann", "email": "ann@customers"}, "carl@x", 3, null], "cc": "x", "odd": [], "dropped": ["eve@x"]}'
)


def test_a_draft_is_kept_word_for_word_and_given_to_the_next_page(inbox: Inbox) -> None:
    saved = inbox.post("draft", html="<div>Half a <b>sent</b></div>", mode="reply", people=PEOPLE, seen="1", state="x")
    assert saved.status_code == 201
    assert saved.json() == {"draft": Draft.objects.get().pk, "version": 1, "shared": False}
    draft = Draft.objects.get()
    assert draft.people["to"][:2] == [{"name": "Ann", "email": "ann@customers"}, {"name": "", "email": "carl@x"}]
    assert set(draft.people) == {"to", "dropped"}
    assert inbox.alice.get(inbox.url(f"drafts/{draft.pk}")).json()["dropped"] == ["eve@x"]
    page = inbox.alice.get(inbox.url()).content.decode()
    assert "Half a \\u003cb\\u003esent" in page
    assert "Half a" not in inbox.bob.get(inbox.url()).content.decode()
    row = inbox.alice.get("/folders/open").content.decode()
    assert "You have a draft here" in row
    assert "draft here" not in inbox.bob.get("/folders/open").content.decode()
    assert inbox.bob.get(inbox.url(f"drafts/{draft.pk}")).status_code == 404
    assert inbox.bob.delete(inbox.url(f"drafts/{draft.pk}")).status_code == 404
    late = inbox.post("draft", html="<div>Other</div>", mode="reply")
    assert late.status_code == 409
    told = late.json()
    assert (told["kind"], told["now"]["version"], told["keep"]) == ("draft-moved", 1, "Keep this one")
    assert inbox.alice.delete(inbox.url(f"drafts/{draft.pk}")).status_code == 200
    gone = inbox.post("draft", html="<div>Other</div>", draft=str(draft.pk), version="1").json()
    assert (gone["kind"], gone["now"]) == ("draft-moved", None)


def test_a_shared_draft_is_shown_and_its_html_runs_nowhere(inbox: Inbox) -> None:
    inbox.post("draft", html='<div>Dear<script>alert(1)</script> <img src=x onerror="alert(1)">Ann</div>', mode="reply")
    draft = Draft.objects.get()
    one = f"drafts/{draft.pk}"
    assert inbox.post(f"{one}/sharing", by=inbox.bob).status_code == 404
    assert inbox.post(f"{one}/sharing").json()["shared"]
    strip = inbox.bob.get(inbox.url("drafts")).content.decode()
    assert "Draft of Alice" in strip
    assert "onerror" not in strip
    assert "<script" not in strip
    assert "Alice shares a draft" in inbox.bob.get("/folders/open").content.decode()
    said = inbox.post(f"{one}/comments", by=inbox.bob, text="<b>Shorter</b>").content.decode()
    assert "&lt;b&gt;Shorter" in said
    assert inbox.post(f"{one}/sharing", by=inbox.bob).status_code == 409
    taken = inbox.post(f"{one}/holder", by=inbox.bob).json()
    assert (taken["mine"], taken["version"]) == (True, 2)
    over = inbox.post("draft", html="<div>Mine</div>", draft=str(draft.pk), version="1").json()
    assert over["sentence"].startswith("Bob took this draft over.")
    assert over["other"] == "Leave it to Bob"
    stopped = inbox.post("replies", html="<div>Mine</div>", draft=str(draft.pk))
    assert stopped.json()["kind"] == "draft-moved"
    assert inbox.post("replies", by=inbox.bob, html="<div>Dear Ann</div>", draft=str(draft.pk)).status_code == 201
    assert not Draft.objects.exists()


def test_work_is_given_with_a_note_and_taken_back(inbox: Inbox, alice: User, bob: User) -> None:
    given = inbox.alice.post(
        inbox.url("assignment"),
        {"to": f"user-{bob.pk}", "note": "She called.\n<b>Urgent</b>"},
        headers={"HX-Request": "true"},
    )
    assert inbox.now().assignee == bob
    assert Message.objects.get(kind="note").text == "She called.\n<b>Urgent</b>"
    assert "Given to Bob." in given.headers["HX-Trigger"]
    assert "?to=nobody" in given.headers["HX-Trigger"]
    inbox.alice.post(inbox.url("assignment") + f"?to=user-{alice.pk}")
    assert inbox.now().assignee == alice
    inbox.alice.post(inbox.url("assignment") + "?to=nobody")
    assert inbox.now().assignee is None


def test_who_is_away_and_who_covers_is_shown_where_work_is_given(inbox: Inbox, bob: User, charlie: User) -> None:
    today = clock.now().date()
    form = {"absence-since": f"{today - timedelta(days=1)}", "absence-cover": f"{charlie.pk}", "absence-words": "Sun"}
    wrong = inbox.bob.post("/settings/absence", {**form, "absence-until": f"{today - timedelta(days=9)}"})
    assert wrong.status_code == 422
    assert "before the first day" in wrong.content.decode()
    self_cover = inbox.bob.post("/settings/absence", {**form, "absence-cover": f"{bob.pk}"})
    assert self_cover.status_code == 422
    assert inbox.bob.post("/settings/absence", {**form, "absence-until": "2999-12-24"}).status_code == 302
    head = inbox.alice.get(inbox.url("head")).content.decode()
    assert "Away until 24 Dec 2999 · Charlie covers" in head
    given = inbox.alice.post(inbox.url("assignment"), {"to": f"user-{bob.pk}"}, headers={"HX-Request": "true"})
    assert "Given to Bob, who is away until 24 Dec 2999. Charlie covers." in given.headers["HX-Trigger"]
    assert "Away until 24 Dec 2999" in inbox.bob.get("/settings/profile").content.decode()
    assert inbox.bob.post("/settings/absence", {"_method": "delete"}).status_code == 302
    assert "Away until" not in inbox.alice.get(inbox.url("head")).content.decode()
    kinds = ["person.away", "person.back"]
    assert list(Event.objects.filter(kind__in=kinds).order_by("pk").values_list("kind", flat=True)) == kinds
    assert list(AuditEntry.objects.filter(action__in=kinds).order_by("pk").values_list("action", flat=True)) == kinds


def test_an_absence_that_has_not_begun_or_is_over_is_none(inbox: Inbox, bob: User) -> None:
    now = clock.now()
    for since, until in ((now + timedelta(days=1), None), (now - timedelta(days=3), now - timedelta(days=1))):
        User.objects.filter(pk=bob.pk).update(away_from=since, away_until=until)
        assert 'class="away"' not in inbox.alice.get(inbox.url("head")).content.decode()
