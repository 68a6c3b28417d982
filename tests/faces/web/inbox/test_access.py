"""What the inbox shows of others' mail; who gets which answer at each address is tests/house/access_table.py."""

import pytest

from tests.faces.web.inbox.conftest import Inbox

FOLDERS = ("mine", "unassigned", "open", "pending", "snoozed", "closed", "spam", "trash")


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_folder_is_everybodys_but_shows_each_only_what_they_may_see(inbox: Inbox, folder: str) -> None:
    for client in (inbox.alice, inbox.bob, inbox.charlie):
        for address in (f"/folders/{folder}", f"/folders/{folder}/rows"):
            page = client.get(address)
            assert page.status_code == 200
            shown = b"Order 118" in page.content
            assert shown == (client is not inbox.charlie and folder in ("unassigned", "open"))
    assert inbox.anonymous.get(f"/folders/{folder}").status_code == 302


def test_a_fragment_asked_for_without_a_session_sends_the_whole_page_to_the_sign_in(inbox: Inbox) -> None:
    answer = inbox.anonymous.get("/folders/open/rows", headers={"HX-Request": "true"})
    assert answer.status_code == 401
    assert answer["HX-Redirect"] == "/sign-in"


def test_somebody_taken_out_of_the_mailbox_sees_nothing_of_it_any_more(inbox: Inbox) -> None:
    inbox.mailbox.members.clear()
    assert inbox.bob.get(inbox.url()).status_code == 404
    assert b"Order 118" not in inbox.bob.get("/folders/open").content
