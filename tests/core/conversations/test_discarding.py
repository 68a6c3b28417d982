"""A draft is thrown away, and with it a conversation that is nothing but it."""

import pytest

from postroom.core.accounts.models import SEEING
from postroom.core.conversations.actions.begin import FirstMail, begin
from postroom.core.conversations.actions.drafts import Words, discard_draft, save_draft
from postroom.core.conversations.actions.note import add_note
from postroom.core.conversations.actions.trash import restore
from postroom.core.conversations.actions.unsend import unsend
from postroom.core.conversations.models import OPEN, TRASH, Conversation, Draft
from postroom.core.events.models import Event
from tests.core.conftest import Desk
from tests.people import put_on

pytestmark = pytest.mark.django_db


def _words() -> Words:
    return Words("reply", "<p>Hello</p>")


def _blank(desk: Desk) -> tuple[Conversation, Draft]:
    """Alice's first mail to Eve, taken back, with its text in the composer again."""
    mail = begin(desk.mailbox, FirstMail("Hello", "<p>Hello</p>", ["eve@customers.example"]), by=desk.alice)
    unsend(mail, by=desk.alice)
    return mail.conversation, save_draft(mail.conversation, by=desk.alice, words=_words())


def _status(conversation: Conversation) -> str:
    return Conversation.objects.values_list("status", flat=True).get(pk=conversation.pk)


def test_a_conversation_that_is_only_its_draft_goes_to_the_trash_with_it(desk: Desk) -> None:
    blank, draft = _blank(desk)
    assert discard_draft(draft, by=desk.alice, with_blank=True)
    assert _status(blank) == TRASH
    assert Event.objects.filter(kind="conversation.trashed").count() == 1
    assert not discard_draft(draft, by=desk.alice, with_blank=True)
    restore(blank, by=desk.alice)
    assert _status(blank) == OPEN


def test_a_text_that_is_emptied_leaves_its_conversation(desk: Desk) -> None:
    blank, draft = _blank(desk)
    assert discard_draft(draft, by=desk.alice)
    assert _status(blank) == OPEN


def test_a_conversation_stays_in_which_somebody_wrote_or_writes(desk: Desk) -> None:
    asked = desk.conversation()
    noted, second = _blank(desk)
    add_note(noted, by=desk.bob, html="<p>Wait for June</p>")
    written, third = _blank(desk)
    save_draft(written, by=desk.bob, words=_words())
    first = save_draft(asked, by=desk.alice, words=_words())
    for conversation, draft in ((asked, first), (noted, second), (written, third)):
        assert discard_draft(draft, by=desk.alice, with_blank=True)
        assert _status(conversation) == OPEN


def test_who_may_answer_no_more_throws_away_only_the_draft(desk: Desk) -> None:
    blank, draft = _blank(desk)
    put_on(desk.mailbox, desk.alice, level=SEEING)
    assert discard_draft(draft, by=desk.alice, with_blank=True)
    assert _status(blank) == OPEN
