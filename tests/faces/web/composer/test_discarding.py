"""Discarding a draft over HTTP: what goes with it, and what is asked first."""

from postroom.core.conversations.models import TRASH, Conversation, Draft
from tests.faces.web.composer.conftest import Room


def _draft(room: Room) -> str:
    saved = room.alice.post(room.url("draft"), {"html": "<p>Hello</p>", "mode": "reply"}).json()
    return room.url(f"drafts/{saved['draft']}")


def test_what_colleagues_said_of_a_draft_is_shown_before_it_goes(room: Room) -> None:
    draft = _draft(room)
    room.alice.post(f"{draft}/sharing")
    # What Alice says herself is no reason to ask.
    room.alice.post(f"{draft}/comments", {"text": "Is it too long?"})
    room.bob.post(f"{draft}/comments", {"text": "Use her <name>."})
    asked = room.alice.delete(draft)
    assert (asked.status_code, asked.json()["kind"]) == (409, "draft-commented")
    assert [(one["who"], one["said"]) for one in asked.json()["newer"]] == [("Bob", "Use her <name>.")]
    assert Draft.objects.exists()
    # It is Alice's to throw away.
    assert room.bob.delete(f"{draft}?sure=1").status_code == 404
    assert room.alice.delete(f"{draft}?sure=1").json() == {"draft": int(draft.rsplit("/", maxsplit=1)[1])}
    assert not Draft.objects.exists()
    assert room.alice.delete(f"{draft}?sure=1").status_code == 404


def test_a_first_mail_that_was_taken_back_goes_with_its_draft(room: Room) -> None:
    form = {"mailbox": room.mailbox.pk, "html": "<p>Hello</p>", "to": "eve@customers.example", "token": "t"}
    sent = room.alice.post("/new-conversation", form).json()
    room.alice.delete(f"/messages/{sent['message']}/sending")
    here = f"/conversations/{sent['conversation']}"
    answer: dict[str, str] = {}
    for emptied in ("?emptied=1", "?in=open"):
        saved = room.alice.post(f"{here}/draft", {"html": "<p>Hello</p>", "mode": "reply"}).json()
        answer = room.alice.delete(f"{here}/drafts/{saved['draft']}{emptied}").json()
        assert ("restoring" in answer) == (emptied == "?in=open")
    assert Conversation.objects.get(pk=sent["conversation"]).status == TRASH
    # The next of the list that it was opened from.
    assert answer["next"] == f"/conversations/{room.mail.conversation_id}?in=open"
    room.alice.delete(answer["restoring"])
    assert Conversation.objects.get(pk=sent["conversation"]).status == "open"
