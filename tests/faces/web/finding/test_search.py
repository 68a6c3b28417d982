"""The search page: what it finds, what it says of what it does not understand, and what it suggests."""

import re
from urllib.parse import quote

from postroom.core.accounts.models import User
from postroom.core.conversations.actions.close import close
from postroom.core.conversations.actions.receive import Person
from postroom.core.conversations.actions.tag import tag
from postroom.core.conversations.models import Conversation
from postroom.core.events.actor import SYSTEM
from tests.faces.web.inbox.conftest import Inbox, write
from tests.followers.search.searching import catch_up


def _found(inbox: Inbox, text: str, *, more: str = "") -> list[int]:
    content = inbox.alice.get(f"/search?q={quote(text)}{more}").content
    return [int(found) for found in re.findall(rb'id="row-(\d+)"', content)]


def _suggested(inbox: Inbox, text: str) -> list[str]:
    return [one["text"] for one in inbox.alice.get("/search/completion", {"q": text}).json()["suggestions"]]


def test_operators_find_in_every_list_and_nobody_elses(inbox: Inbox, alice: User) -> None:
    second = write(inbox.mailbox, sender=Person("Tom", "tom@customers.example"), subject="A bell")
    close(second, by=alice)
    tag(second, name="late", by=alice)
    assert _found(inbox, "is:closed") == [second.pk]
    assert _found(inbox, "tag:late OR is:open") == [second.pk, inbox.conversation.pk]
    assert _found(inbox, f"#{inbox.conversation.pk}") == [inbox.conversation.pk]
    assert b"row-" not in inbox.charlie.get("/search?q=is:any").content
    assert inbox.anonymous.get("/search?q=is:any").status_code == 302


def test_a_conversation_is_opened_beside_what_was_found(inbox: Inbox) -> None:
    page = inbox.alice.get("/search?q=is%3Aopen%20-tag%3Anone%20OR%20is%3Aopen").content.decode()
    address = re.search(r'href="(/conversations/\d+\?in=find\.[\w.-]+)"', page)
    assert address
    opened = inbox.alice.get(address[1]).content.decode()
    assert 'id="conversation-head"' in opened
    assert f'id="row-{inbox.conversation.pk}"' in opened
    assert 'value="is:open -tag:none OR is:open"' in opened
    # A key that nobody wrote leads to the usual list.
    for key in ("find.rank.$$$", "find.x.aQ", "find.", "find.rank.gA", "view.1", "view.x"):
        assert inbox.alice.get(f"/conversations/{inbox.conversation.pk}?in={key}").status_code == 200


def test_what_is_not_understood_is_said_with_its_place(inbox: Inbox) -> None:
    page = inbox.alice.get("/search?q=order%20is:opne").content.decode()
    assert "Did you mean is:open?" in page
    assert '<mark class="search-wrong">is:opne</mark>' in page
    assert "row-" not in page
    hostile = inbox.alice.get("/search", {"q": '<script>alert(1)</script> "'}).content.decode()
    assert "<script>alert" not in hostile
    assert "not closed" in hostile


def test_an_empty_search_shows_what_can_be_written(inbox: Inbox) -> None:
    page = inbox.alice.get("/search").content.decode()
    assert "from:ann@example.org" in page
    assert "row-" not in page


def test_a_long_search_is_walked_to_its_end(inbox: Inbox) -> None:
    for number in range(60):
        write(inbox.mailbox, sender=Person("Ann", f"ann{number}@customers.example"))
    seen: list[bytes] = []
    address = "/search?q=is%3Aopen%20has%3Atag%20OR%20is%3Aopen&sort=oldest"
    while address:
        content = inbox.alice.get(address).content
        seen += re.findall(rb'id="row-(\d+)"', content)
        more = re.search(rb'id="rows-more" hx-get="([^"]+)"', content)
        address = more[1].decode().replace("&amp;", "&") if more else ""
    assert len(seen) == len(set(seen)) == 61
    assert sorted(map(int, seen)) == list(map(int, seen))
    assert inbox.alice.get("/search/rows?q=is:open&before=nonsense").status_code == 404


_SUGGESTED = {
    "sub": ["subject:"],
    "-ta": ["-tag:"],
    "own": ["assignee:"],
    "order is:sn": ["is:snoozed "],
    "(is:unr": ["is:unread "],
    "tag:la": ["tag:late "],
    "tag:two": ['tag:"two words" '],
    'tag:"two w': ['tag:"two words" '],
    "assignee:bo": ["assignee:bob@team.example "],
    "assignee:m": ["assignee:me "],
    "mailbox:supp": ["mailbox:support@velo.example "],
    "from:ann@": ["from:ann@customers.example "],
    "before:t": ["before:today "],
    "is:open": [],
    "plain words": [],
    "https:x": [],
    "": [],
}


def test_suggestions_fit_what_is_being_typed(inbox: Inbox, bob: User) -> None:
    tag(inbox.conversation, name="late", by=bob)
    tag(inbox.conversation, name="two words", by=bob)
    assert {text: _suggested(inbox, text) for text in _SUGGESTED} == _SUGGESTED


def test_suggestions_take_the_place_of_the_word_at_the_cursor(inbox: Inbox) -> None:
    answer = inbox.alice.get("/search/completion", {"q": "a is:clo b", "at": "8"}).json()
    assert (answer["from"], answer["to"]) == (2, 8)
    assert inbox.alice.get("/search/completion", {"q": "is:o", "at": "99999"}).status_code == 200


def test_nothing_is_suggested_of_what_one_may_not_see(inbox: Inbox) -> None:
    tag(inbox.conversation, name="secret", by=SYSTEM)
    for text in ("tag:se", "from:ann@", "contact:ann", "mailbox:sup", "assignee:ali"):
        assert inbox.charlie.get("/search/completion", {"q": text}).json()["suggestions"] == []


def test_after_closing_the_next_of_the_search_is_opened(inbox: Inbox) -> None:
    older = inbox.conversation
    newer = write(inbox.mailbox, sender=Person("Tom", "tom@customers.example"))
    page = inbox.alice.get("/search?q=is:open").content.decode()
    key = re.search(r"in=(find\.[\w.-]+)", page)
    assert key
    answer = inbox.alice.post(f"/conversations/{newer.pk}/closure", {"in": key[1], "leave": "1"})
    assert answer["Location"] == f"/conversations/{older.pk}?in={key[1]}"
    assert Conversation.objects.get(pk=newer.pk).status == "closed"


def test_what_matched_is_marked_and_in_sight(inbox: Inbox) -> None:
    text = "We have had a long winter and the shop was closed for most of it, but now the derailleur is bent."
    write(inbox.mailbox, sender=Person("Tom", "tom@customers.example"), subject="Gears grind", text=text)
    catch_up()
    page = inbox.alice.get("/search?q=derail").content.decode()
    snippet = page.split('line-snippet clip">')[1].split("</span>")[0]
    assert "<mark>derailleur</mark> is bent." in snippet
    assert len(snippet.split("<mark>")[0]) < 40
    subject = inbox.alice.get("/search?q=grind&sort=newest").content.decode()
    assert "Gears <mark>grind</mark>" in subject
    # Of any order, and with operators beside the words.
    for more in ("is:open derail", "derail subject:gears -bell", "from:tom derail"):
        for sort in ("rank", "newest", "oldest", "waiting", "priority"):
            assert len(_found(inbox, more, more=f"&sort={sort}")) == 1, (more, sort)
