"""Invitations are shown as such."""

import pytest

from tests.faces.web.composer.conftest import Room, file_of
from tests.faces.web.reading.mails import invitation, with_file


def _page(room: Room, name: str) -> str:
    message, _file = with_file(room, invitation(name), name="invite.ics", content_type="text/calendar")
    return room.alice.get(f"/messages/{message.pk}").content.decode()


def test_an_invitation_says_what_when_where_and_with_whom(room: Room) -> None:
    page = _page(room, "outlook")
    for words in (
        "Invitation", "Inspection of 12 bicycles", "Monday 7 December 2026", "Workshop, Rue Haute 12", "Ann Peeters",
        "Kim", "(comes)", "Every 2 weeks on Monday and Friday, until", "?download=1",
    ):  # fmt: skip
        assert words in page


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("update", "Invitation, changed"),
        ("cancelled", "Cancelled"),
        ("answer", "Ann Peeters does not come"),
        ("floating", "no time zone stated"),
    ],
)
def test_changes_cancellations_and_answers_are_told_apart(room: Room, name: str, words: str) -> None:
    assert words in _page(room, name)


def test_the_same_invitation_as_text_and_as_a_file_is_one_card(room: Room) -> None:
    one = file_of(invitation("update"), name="part-2.ics", content_type="text/calendar")
    two = file_of(invitation("update"), name="invite.ics", content_type="application/ics")
    message = room.receive(files=(one, two))
    assert room.alice.get(f"/messages/{message.pk}").content.decode().count('class="invitation ') == 1


def test_a_broken_one_stays_a_file(room: Room) -> None:
    message, _file = with_file(room, b"BEGIN:VCALENDAR nonsense", name="invite.ics", content_type="text/calendar")
    page = room.alice.get(f"/messages/{message.pk}").content.decode()
    assert 'class="invitation' not in page
    assert "invite.ics" in page


def test_a_hostile_title_is_text(room: Room) -> None:
    data = invitation("update").replace(b"SUMMARY:Handover", b"SUMMARY:<script>alert(1)</script>")
    message, _file = with_file(room, data, name="invite.ics", content_type="text/calendar")
    page = room.alice.get(f"/messages/{message.pk}").content.decode()
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page
