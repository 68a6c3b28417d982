"""The lists: what they show, how they go on, and what they cost."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from postroom.core.accounts.models import Team, User
from postroom.core.conversations.actions.assign import assign
from postroom.core.conversations.actions.read import mark_read
from postroom.core.conversations.actions.receive import Person
from postroom.core.conversations.actions.tag import tag
from postroom.core.events.actor import SYSTEM
from postroom.lib import clock
from tests.faces.web.inbox.conftest import Inbox, write

START = datetime(2026, 3, 2, 9, tzinfo=UTC)


def _ids(content: bytes) -> list[int]:
    return [int(found) for found in re.findall(rb'id="row-(\d+)"', content)]


def test_home_goes_where_work_waits(inbox: Inbox, alice: User) -> None:
    assert inbox.alice.get("/")["Location"] == "/folders/unassigned"
    assign(inbox.conversation, to=alice, by=alice)
    assert inbox.alice.get("/")["Location"] == "/folders/mine"
    assert inbox.bob.get("/")["Location"] == "/folders/open"


def test_a_row_says_who_wrote_and_what_waits(inbox: Inbox, alice: User) -> None:
    tag(inbox.conversation, name="delivery", by=alice)
    row = inbox.alice.get("/folders/open/rows").content.decode()
    assert "Ann Peeters" in row
    assert "Where is my bicycle?" in row
    assert "delivery" in row
    assert 'aria-label="waits"' in row
    assert "is-unread" in row


def test_what_was_read_is_no_longer_bold_for_this_person_only(inbox: Inbox) -> None:
    assert inbox.post("reading").status_code == 302
    assert b"is-unread" not in inbox.alice.get("/folders/open/rows").content
    assert b"is-unread" in inbox.bob.get("/folders/open/rows").content


def test_a_long_list_is_walked_to_its_end_without_a_row_missing_or_twice(inbox: Inbox) -> None:
    for minute in range(120):
        # Several arrive in the same instant: the cursor has to keep them apart.
        with clock.at(START + timedelta(minutes=minute // 4)):
            write(inbox.mailbox, sender=Person("Ann", f"ann{minute}@customers.example"), subject=f"Number {minute}")
    seen: list[int] = []
    address = "/folders/open/rows"
    while address:
        content = inbox.alice.get(address).content
        seen += _ids(content)
        more = re.search(rb'id="rows-more" hx-get="([^"]+)"', content)
        address = more[1].decode() if more else ""
    assert len(seen) == len(set(seen)) == 121


def test_a_refetch_brings_as_many_rows_as_are_on_the_screen(inbox: Inbox) -> None:
    for number in range(70):
        write(inbox.mailbox, sender=Person("Ann", f"ann{number}@customers.example"))
    assert len(_ids(inbox.alice.get("/folders/open/rows").content)) == 50
    assert len(_ids(inbox.alice.get("/folders/open/rows?count=71").content)) == 71
    assert len(_ids(inbox.alice.get("/folders/open/rows?count=999999").content)) == 71


def test_a_teams_list_is_its_members(inbox: Inbox, alice: User) -> None:
    team = Team.objects.create(name="Workshop")
    team.members.add(alice)
    assign(inbox.conversation, to=team, by=alice)
    assert b"Order 118" in inbox.alice.get(f"/folders/team.{team.pk}").content
    assert inbox.bob.get(f"/folders/team.{team.pk}").status_code == 404


def test_an_empty_folder_says_what_would_be_here(inbox: Inbox) -> None:
    assert "Nobody keeps us waiting" in inbox.alice.get("/folders/pending").content.decode()


@pytest.mark.parametrize(
    ("target", "has_list", "has_shell"), [("", True, True), ("panes", True, False), ("conversation", False, False)]
)
def test_htmx_gets_only_what_it_replaces(inbox: Inbox, target: str, has_list: bool, has_shell: bool) -> None:
    headers = {"HX-Request": "true", "HX-Target": target} if target else {}
    content = inbox.alice.get("/folders/open", headers=headers).content
    assert (b'id="list"' in content) == has_list
    assert (b"<html" in content) == has_shell
    assert b'id="conversation"' in content


def test_the_back_button_gets_a_whole_page(inbox: Inbox) -> None:
    headers = {"HX-Request": "true", "HX-Target": "panes", "HX-History-Restore-Request": "true"}
    assert b"<html" in inbox.alice.get("/folders/open", headers=headers).content


def test_a_page_of_the_list_costs_the_same_however_many_rows_it_has(inbox: Inbox, alice: User) -> None:
    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert inbox.alice.get("/folders/open").status_code == 200
        return len(queries)

    few = cost()
    for number in range(40):
        conversation = write(inbox.mailbox, sender=Person("Ann", f"ann{number}@customers.example"))
        tag(conversation, name=f"tag {number}", by=SYSTEM)
        assign(conversation, to=alice, by=SYSTEM)
        mark_read(conversation, by=alice, message_id=conversation.last_message_id or 0)
    assert cost() == few
    assert few <= 20
