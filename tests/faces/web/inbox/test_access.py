"""Each address of the inbox, for each of the cast."""

import pytest

from postroom.core.conversations.models import Message
from tests.faces.web.inbox.conftest import Inbox

FOLDERS = ("mine", "unassigned", "open", "pending", "closed", "spam")
PAGES = ("", "/head", "/messages", "/messages?after=0&since=0")
VERBS = ("closure", "pending", "spam", "assignment", "tags", "tags/old", "priority", "reading")


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_folder_is_everybodys_but_shows_each_only_what_they_may_see(inbox: Inbox, folder: str) -> None:
    for client in (inbox.alice, inbox.bob, inbox.charlie):
        for address in (f"/folders/{folder}", f"/folders/{folder}/rows"):
            page = client.get(address)
            assert page.status_code == 200
            shown = b"Order 118" in page.content
            assert shown == (client is not inbox.charlie and folder in ("unassigned", "open"))
    assert inbox.anonymous.get(f"/folders/{folder}").status_code == 302


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_mailboxs_folder_is_there_only_for_its_people(inbox: Inbox, folder: str) -> None:
    address = f"/mailboxes/{inbox.mailbox.pk}/{folder}"
    for end in ("", "/rows"):
        assert inbox.alice.get(address + end).status_code == 200
        assert inbox.bob.get(address + end).status_code == 200
        assert inbox.charlie.get(address + end).status_code == 404
        assert inbox.anonymous.get(address + end).status_code == 302


@pytest.mark.parametrize("page", PAGES)
def test_a_conversation_is_there_only_for_the_mailboxs_people(inbox: Inbox, page: str) -> None:
    address = inbox.url() + page
    assert inbox.alice.get(address).status_code == 200
    assert inbox.bob.get(address).status_code == 200
    assert inbox.charlie.get(address).status_code == 404
    assert inbox.anonymous.get(address).status_code == 302


def test_a_message_is_there_only_for_the_mailboxs_people(inbox: Inbox) -> None:
    address = f"/messages/{Message.objects.get().pk}"
    assert inbox.bob.get(address).status_code == 200
    assert inbox.charlie.get(address).status_code == 404
    assert inbox.anonymous.get(address).status_code == 302


@pytest.mark.parametrize("noun", VERBS)
def test_nobody_without_access_can_change_a_conversation(inbox: Inbox, noun: str) -> None:
    before = inbox.now().__dict__ | {"_state": None}
    for method in ("post", "delete"):
        assert getattr(inbox.charlie, method)(inbox.url(noun)).status_code == 404
        assert getattr(inbox.anonymous, method)(inbox.url(noun)).status_code == 302
    assert inbox.now().__dict__ | {"_state": None} == before


@pytest.mark.parametrize("noun", VERBS)
def test_a_verb_is_never_done_by_looking(inbox: Inbox, noun: str) -> None:
    assert inbox.alice.get(inbox.url(noun)).status_code == 405


def test_a_fragment_asked_for_without_a_session_sends_the_whole_page_to_the_sign_in(inbox: Inbox) -> None:
    answer = inbox.anonymous.get("/folders/open/rows", headers={"HX-Request": "true"})
    assert answer.status_code == 401
    assert answer["HX-Redirect"] == "/sign-in"


def test_somebody_taken_out_of_the_mailbox_sees_nothing_of_it_any_more(inbox: Inbox) -> None:
    inbox.mailbox.members.clear()
    assert inbox.bob.get(inbox.url()).status_code == 404
    assert b"Order 118" not in inbox.bob.get("/folders/open").content
