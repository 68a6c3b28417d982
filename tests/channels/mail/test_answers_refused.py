"""Answers to Postroom's letters of which nothing is made, and what their writers are told."""

from datetime import timedelta
from typing import Any

import pytest

from postroom.channels.mail import reasons
from postroom.channels.mail.answers import take_answer
from postroom.channels.mail.models import PARKED, IncomingMail
from postroom.channels.mail.reading import read
from postroom.core.accounts.models import SEEING, Grant, Letter, Mailbox, Membership, SecurityPolicy, User
from postroom.core.conversations.actions.assign import assign
from postroom.core.conversations.actions.merge import merge
from postroom.core.conversations.actions.sensitive import mark_sensitive
from postroom.core.conversations.actions.trash import trash
from postroom.core.conversations.models import AnswerableLetter, Attachment, Conversation, Draft, Message
from postroom.core.conversations.models.message import NOTE, OUT
from postroom.lib import clock
from tests.channels.mail.answering import (
    again,
    ann_answers,
    answer,
    letters_to,
    news,
    shaped,
    take,
    words,
)
from tests.channels.mail.letters import MALLORY, filed, letter, take_in
from tests.people import put_on

pytestmark = pytest.mark.django_db(transaction=True)


def _ours(conversation: Conversation) -> list[Message]:
    return list(Message.objects.filter(conversation=conversation, kind=OUT).order_by("pk"))


def _outcome(mail: IncomingMail) -> tuple[str, str]:
    return mail.state, mail.reason


def test_mallory_and_strangers_send_nothing(mailbox: Mailbox, conversation: Conversation, alice: User) -> None:
    told = news(mailbox, alice)
    proven = str(told["Reply-To"])
    forged = proven.replace(proven.partition(".")[2][:4], "0000")
    fails = {"Authentication_Results": "mx.velo.example; dmarc=fail header.from=team.example"}
    other_letter = proven.replace("+a", "+c")
    cases = {
        # Mallory has the address or the id from somewhere.
        reasons.ANSWER_STRANGER: [
            answer("Pay here.", to=told, sender=MALLORY, number=1),
            # Alice's name beside her own address, and two senders at once.
            answer("Pay here.", to=told, sender="alice <mallory@elsewhere.example>", number=3),
            answer("Pay here.", to=told, sender="alice@team.example, mallory@elsewhere.example", number=4),
            answer("Pay here.", to=told, sender="Charlie <charlie@team.example>", number=5),
        ],
        reasons.ANSWER_UNPROVEN: [answer("Pay here.", to=told, number=6, **fails)],
        reasons.ANSWER_FORGED: [letter("Pay here.", sender="alice@team.example", to=forged)],
    }
    for reason, mails in cases.items():
        for raw in mails:
            assert _outcome(take(raw, mailbox)) == (PARKED, reason)
    # The proof of a letter opens no conversation, and a conversation's address no letter.
    take(letter("Hm?", sender=MALLORY, to=other_letter, message_id="<c@elsewhere.example>"), mailbox)
    take(letter("Hm?", sender="alice@team.example", to=other_letter, message_id="<d@team.example>"), mailbox)
    assert not Message.objects.filter(kind__in=(OUT, NOTE)).exists()
    assert not Draft.objects.exists()
    assert Letter.objects.count() == 1
    assert conversation.messages.count() == 2


def test_out_of_office_to_a_letter_makes_nothing(mailbox: Mailbox, conversation: Conversation, alice: User) -> None:
    told = news(mailbox, alice)
    raw = shaped("away", to=told)
    assert _outcome(take(raw, mailbox)) == (PARKED, reasons.LETTER_ANSWERED)
    # One that quotes nothing, and one that only its words betray.
    without = raw.replace(b"In-Reply-To", b"X-Was").replace(b"away-1", b"away-2")
    assert _outcome(take(without, mailbox)) == (PARKED, reasons.LETTER_ANSWERED)
    quiet = b"\n".join(
        line for line in without.split(b"\n") if not line.startswith((b"Auto-Submitted", b"X-Auto"))
    ).replace(b"away-2", b"away-3")
    assert _outcome(take(quiet, mailbox)) == (PARKED, reasons.LETTER_ANSWERED)
    assert _ours(conversation) == []
    assert (Letter.objects.count(), Conversation.objects.count(), Draft.objects.count()) == (1, 1, 0)


def test_a_copy_that_a_customer_answers_is_their_mail(
    mailbox: Mailbox, conversation: Conversation, alice: User
) -> None:
    told = news(mailbox, alice)
    above, below = "<forward@team.example>", f"{told['Message-ID']} <forward@team.example>"
    raw = letter("I see.", message_id="<9@customers.example>", In_Reply_To=above, References=below)
    assert filed(raw, mailbox=mailbox).from_email == "ann@customers.example"
    # And Alice's second thought about her own mail is no customer's.
    raw = letter("Oh.", sender="alice@team.example", message_id="<x@team.example>", In_Reply_To=above, References=below)
    again(mailbox, "Hello?\n", number=10)
    assert take(raw, mailbox).reason == reasons.ANSWER_STOPPED


def test_charlie_who_lost_his_access_learns_nothing_and_keeps_his_words(
    mailbox: Mailbox, alice: User, charlie: User
) -> None:
    put_on(mailbox, charlie)
    conversation = ann_answers(mailbox, owner=charlie, by=alice)
    told = news(mailbox, charlie)
    Membership.objects.filter(user=charlie).delete()
    Grant.objects.filter(user=charlie).delete()
    again(mailbox, "A secret.\n", number=3)
    mail = take(answer("I am on it.", to=told, sender="charlie@team.example"), mailbox)
    assert _outcome(mail) == (PARKED, reasons.ANSWER_REFUSED)
    back = list(letters_to(charlie, mailbox))[-1]
    assert "You do not see that conversation any more." in words(back)
    assert "I am on it." in words(back)
    assert "secret" not in words(back)
    assert back["Reply-To"] is None
    assert _ours(conversation) == []
    # Nor when he is with us no more.
    User.objects.filter(pk=charlie.pk).update(is_active=False)
    mail = take(answer("Hello?", to=told, sender="charlie@team.example", number=2), mailbox)
    assert _outcome(mail) == (PARKED, reasons.ANSWER_LEFT)


def test_other_refusals_come_back_as_a_sentence(
    mailbox: Mailbox, conversation: Conversation, alice: User, bob: User
) -> None:
    told = news(mailbox, alice)

    def said(text: str, number: int) -> str:
        assert take(answer(text, to=told, number=number), mailbox).reason == reasons.ANSWER_REFUSED
        return words(list(letters_to(alice, mailbox))[-1])

    assert "There were no words above the letter." in said("", 1)
    assert not Draft.objects.exists()
    with clock.at(clock.now() + timedelta(days=31)):
        assert "more than 30 days old" in said("Late.", 2)
    SecurityPolicy.objects.update_or_create(pk=1, defaults={"answers_by_mail": False})
    back = said("Off.", 3)
    assert "switched off here" in back
    assert "Write your answer above" not in back
    SecurityPolicy.objects.update(answers_by_mail=True)
    trash(conversation, by=alice)
    assert "thrown away" in said("Gone?", 4)
    other = filed(letter("Another.", message_id="<20@customers.example>"), mailbox=mailbox).conversation
    news(mailbox, alice)
    third = ann_answers_else(mailbox, alice, bob)
    told = news(mailbox, alice)
    merge(third, into=other, by=bob)
    assert f"joined to #{other.pk}" in said("Where am I?", 5)
    assert Draft.objects.get(conversation=other).author == alice
    assert not Message.objects.filter(kind=OUT).exists()


def ann_answers_else(mailbox: Mailbox, owner: User, by: User) -> Conversation:
    """Return a third conversation, given to its owner."""
    third = filed(letter("A third.", subject="Bell 7", message_id="<30@customers.example>"), mailbox=mailbox)
    assign(third.conversation, to=owner, by=by)
    return third.conversation


def test_letters_that_cannot_be_answered_say_so_when_they_are(
    mailbox: Mailbox, conversation: Conversation, alice: User, bob: User
) -> None:
    ann_answers_else(mailbox, alice, bob)
    several = news(mailbox, alice)
    assert several["Reply-To"] is None
    assert "bicycle" not in words(several)
    assert _outcome(take(answer("To whom?", to=several), mailbox)) == (PARKED, reasons.ANSWER_REFUSED)
    assert "This letter cannot be answered by mail." in words(list(letters_to(alice, mailbox))[-1])
    assert not Message.objects.filter(kind=OUT).exists()


def test_sensitive_words_and_words_that_owners_forbid_stay_out_of_letters(
    mailbox: Mailbox, conversation: Conversation, alice: User
) -> None:
    SecurityPolicy.objects.create(pk=1, words_in_letters=False)
    told = news(mailbox, alice)
    assert told["Reply-To"] is not None
    assert "bicycle" not in words(told)
    SecurityPolicy.objects.update(words_in_letters=True)
    again(mailbox, "My doctor says so.\n", number=3)
    mark_sensitive(conversation, people=[alice], by=alice)
    told = news(mailbox, alice)
    assert told["Reply-To"] is None
    assert "doctor" not in words(told)
    assert "Order 118" not in words(told)


def test_old_mail_that_is_brought_in_again_sends_nothing(
    mailbox: Mailbox, conversation: Conversation, alice: User
) -> None:
    told = news(mailbox, alice)
    mail = take_in(answer("Long ago.", to=told), mailbox=mailbox, quiet=True)
    assert _outcome(mail) == (PARKED, reasons.ANSWER_OF_OLD)
    assert _ours(conversation) == []


def test_letters_back_end_when_they_come_too_fast(mailbox: Mailbox, conversation: Conversation, alice: User) -> None:
    told = news(mailbox, alice)
    for number in range(14):
        take(answer("", to=told, number=number), mailbox)
    assert AnswerableLetter.objects.filter(back=True).count() == 10
    assert IncomingMail.objects.filter(reason=reasons.ANSWER_REFUSED).count() == 14


def test_what_is_too_large_is_said_and_the_rest_is_kept(
    mailbox: Mailbox, conversation: Conversation, alice: User, settings: object
) -> None:
    settings.POSTROOM_MAX_UPLOAD_BYTES = 1000  # type: ignore[attr-defined]
    told = news(mailbox, alice)
    raw = letter(
        "Two files.",
        sender="alice@team.example",
        to=str(told["Reply-To"]),
        files=(("small.txt", b"a" * 10), ("film.mp4", b"a" * 2000)),
    )
    assert _outcome(take(raw, mailbox)) == (PARKED, reasons.ANSWER_REFUSED)
    assert "film.mp4 is larger than" in words(list(letters_to(alice, mailbox))[-1])
    draft = Draft.objects.get()
    assert [file.name for file in Attachment.objects.filter(pk__in=draft.files)] == ["small.txt"]
    assert _ours(conversation) == []


def test_who_may_only_read_by_now_is_told_and_their_note_is_taken(
    mailbox: Mailbox, conversation: Conversation, alice: User
) -> None:
    told = news(mailbox, alice)
    put_on(mailbox, alice, level=SEEING)
    assert _outcome(take(answer("Yes.", to=told), mailbox)) == (PARKED, reasons.ANSWER_REFUSED)
    back = list(letters_to(alice, mailbox))[-1]
    assert "You may read this mailbox, not answer" in words(back)
    assert back["Reply-To"] is None
    assert take(answer("#note Yes, say I.", to=told, number=2), mailbox).reason == reasons.ANSWER_NOTED
    assert conversation.messages.get(kind=NOTE).text == "Yes, say I."
    assert _ours(conversation) == []


def test_an_ordinary_mail_is_asked_nothing(mailbox: Mailbox, django_assert_num_queries: Any) -> None:
    mail = IncomingMail(mailbox=mailbox, transport="lmtp", envelope_to="support+news@velo.example")
    reading = read(mail, raw=letter("Hello.", References="<a@b.example> <c@d.example>"))
    with django_assert_num_queries(0):
        assert take_answer(mail, reading=reading) is None
