"""Alice answers Postroom's letters by mail, under the rules of the page."""

import pytest

from postroom.channels.mail import reasons
from postroom.channels.mail.actions.file_by_hand import filed_by_hand
from postroom.channels.mail.models import DUPLICATE, FILED, PARKED, IncomingMail
from postroom.core.accounts.models import Letter, Mailbox, User
from postroom.core.conversations.actions.close import close
from postroom.core.conversations.actions.drafts import Words, save_draft
from postroom.core.conversations.actions.reply import reply
from postroom.core.conversations.models import CLOSED, AnswerableLetter, Conversation, Draft, Message
from postroom.core.conversations.models.message import NOTE, OUT
from tests.channels.mail.answering import (
    QUESTION,
    again,
    answer,
    letters_to,
    news,
    shaped,
    take,
    words,
)
from tests.channels.mail.letters import letter

pytestmark = pytest.mark.django_db(transaction=True)

SAID = "It left the workshop this morning.\n\nKind regards\nAlice"


def _ours(conversation: Conversation) -> list[Message]:
    return list(Message.objects.filter(conversation=conversation, kind=OUT).order_by("pk"))


def _outcome(mail: IncomingMail) -> tuple[str, str]:
    return mail.state, mail.reason


def test_a_letter_says_what_the_customer_wrote_and_how_to_answer(
    mailbox: Mailbox, conversation: Conversation, alice: User, settings: object
) -> None:
    settings.POSTROOM_BASE_URL = "https://post.velo.example"  # type: ignore[attr-defined]
    told = news(mailbox, alice)
    row = AnswerableLetter.objects.get()
    assert (row.conversation, row.seen) == (conversation, conversation.last_message_id)
    assert str(told["Reply-To"]).startswith(f"Postroom <support+a{row.letter_id}.")
    assert told["Auto-Submitted"] == "auto-generated"
    assert words(told).startswith("##- Write your answer above this line -##\n\nHello Alice,")
    assert f"Ann Peeters wrote:\n\n{QUESTION.strip()}\n\nAnswer this mail" in words(told)
    assert f"https://post.velo.example/conversations/{conversation.pk}" in words(told)


@pytest.mark.parametrize("program", ["gmail", "outlook", "apple", "unknown_program"])
@pytest.mark.parametrize("plus", [True, False])
def test_the_words_above_the_letter_are_a_reply(
    mailbox: Mailbox, conversation: Conversation, alice: User, program: str, *, plus: bool
) -> None:
    Mailbox.objects.update(plus_address=plus)
    raw = shaped(program, to=news(mailbox, alice))
    mail = take(raw, mailbox)
    [sent] = _ours(conversation)
    assert (sent.text, sent.author, sent.from_email) == (SAID, alice, "support@velo.example")
    assert [person["email"] for person in sent.to] == ["ann@customers.example"]
    assert sent.send_after is not None
    assert sent.in_reply_to == "<2@customers.example>"
    assert (*_outcome(mail), mail.message_id) == (FILED, reasons.ANSWER_SENT, sent.pk)
    assert not filed_by_hand(mail)
    assert not Draft.objects.exists()
    # The same bytes from another server, and the same mail with another head.
    assert take(raw, mailbox).state == DUPLICATE
    assert _outcome(take(b"Received: by mx2.velo.example\n" + raw, mailbox)) == (DUPLICATE, reasons.ANSWER_AGAIN)
    assert _ours(conversation) == [sent]
    assert Conversation.objects.count() == 1
    assert Letter.objects.count() == 1


def test_answers_between_the_lines_keep_the_customers_lines_and_none_of_the_letters(
    mailbox: Mailbox, conversation: Conversation, alice: User
) -> None:
    take(shaped("between_the_lines", to=news(mailbox, alice)), mailbox)
    [sent] = _ours(conversation)
    assert sent.text == "> Where is my bicycle?\n\nIt left this morning.\n\n> And the bell?\n\nIt is on it."


def test_files_go_along_and_our_own_address_goes_to_nobody(
    mailbox: Mailbox, conversation: Conversation, alice: User
) -> None:
    told = news(mailbox, alice)
    raw = letter(
        f"See the file. Or ask {told['Reply-To']}\n",
        sender="alice@team.example",
        to=str(told["Reply-To"]),
        files=(("offer.pdf", b"%PDF-1.4 our offer"),),
    )
    take(raw, mailbox)
    [sent] = _ours(conversation)
    assert sent.text.endswith("Postroom <support@velo.example>")
    assert [(file.name, file.uploaded_by) for file in sent.attachments.all()] == [("offer.pdf", alice)]


def test_the_first_line_makes_a_note_or_closes(mailbox: Mailbox, conversation: Conversation, alice: User) -> None:
    told = news(mailbox, alice)
    mail = take(answer("#Note\nAsk the workshop first.", to=told), mailbox)
    note = Message.objects.get(conversation=conversation, kind=NOTE)
    assert (note.text, note.author, *_outcome(mail)) == ("Ask the workshop first.", alice, FILED, reasons.ANSWER_NOTED)
    assert _ours(conversation) == []
    # A slip of the finger is not sent to the customer.
    assert take(answer("#notes\nA rude word.", to=told, number=2), mailbox).reason == reasons.ANSWER_REFUSED
    assert _ours(conversation) == []
    assert "#notes is no command" in words(list(letters_to(alice, mailbox))[-1])
    take(answer("#close\nIt is on its way.", to=told, number=3), mailbox)
    assert [sent.text for sent in _ours(conversation)] == ["It is on its way."]
    assert Conversation.objects.get(pk=conversation.pk).status == CLOSED
    # Closing alone needs no words.
    again(mailbox, "Thanks!\n", number=3)
    mail = take(answer("#close", to=news(mailbox, alice), number=4), mailbox)
    assert _outcome(mail) == (PARKED, reasons.ANSWER_CLOSED)
    assert Conversation.objects.get(pk=conversation.pk).status == CLOSED
    assert len(_ours(conversation)) == 1


def test_an_answer_that_bob_was_quicker_with_is_stopped_kept_and_told(
    mailbox: Mailbox, conversation: Conversation, alice: User, bob: User
) -> None:
    told = news(mailbox, alice)
    reply(conversation, by=bob, html="<p>It will be there at four.</p>")
    close(conversation, by=bob)
    mail = take(answer(SAID, to=told), mailbox)
    assert _outcome(mail) == (PARKED, reasons.ANSWER_STOPPED)
    assert mail.conversation_id == conversation.pk
    assert [sent.author for sent in _ours(conversation)] == [bob]
    draft = Draft.objects.get()
    assert (draft.author, draft.conversation, draft.shared, draft.mode) == (alice, conversation, False, "reply")
    assert "It left the workshop this morning." in draft.untrusted_html
    # What the page compares with when the draft is sent from there.
    row = AnswerableLetter.objects.order_by("pk").first()
    assert row is not None
    assert (draft.seen_message_id, draft.seen_state) == (row.seen, {"state": row.state})
    back = list(letters_to(alice, mailbox))[-1]
    assert back["Subject"] == f"Not sent: Order 118 #{conversation.pk}"
    for said in ("Bob wrote:\nIt will be there at four.", "Bob closed this conversation.", "kept as your draft", SAID):
        assert said in words(back)
    # The same mail again does nothing more, and the answer to the new letter is sent.
    assert take(b"Received: by mx2\n" + answer(SAID, to=told), mailbox).reason == reasons.ANSWER_AGAIN
    assert len(list(letters_to(alice, mailbox))) == 2
    assert take(answer(SAID, to=back, number=2), mailbox).reason == reasons.ANSWER_SENT
    assert [sent.author for sent in _ours(conversation)] == [bob, alice]
    # The draft said the same: it is over.
    assert not Draft.objects.exists()


def test_what_is_kept_is_added_to_ones_own_draft_and_nobody_elses(
    mailbox: Mailbox, conversation: Conversation, alice: User, bob: User
) -> None:
    told = news(mailbox, alice)
    save_draft(conversation, by=alice, words=Words("note", "<p>Begun on the page.</p>"))
    save_draft(conversation, by=bob, words=Words("reply", "<p>Mine.</p>"))
    again(mailbox, "Are you there?\n", number=3)
    assert take(answer("I am.", to=told), mailbox).reason == reasons.ANSWER_STOPPED
    mine, other = Draft.objects.get(author=alice), Draft.objects.get(author=bob)
    assert "Begun on the page." in mine.untrusted_html
    assert "I am." in mine.untrusted_html
    # Words for colleagues are in it, so that it stays a note.
    assert (mine.mode, mine.version) == ("note", 2)
    assert (other.untrusted_html, other.version) == ("<p>Mine.</p>", 1)
    assert "Ann Peeters wrote:\nAre you there?" in words(list(letters_to(alice, mailbox))[-1])
