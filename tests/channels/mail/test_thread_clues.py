"""Clues besides a quoted id, and what speaks against joining."""

from datetime import timedelta

import pytest

from postroom.channels.mail.build import build
from postroom.channels.mail.marks import reply_address
from postroom.channels.mail.parse import parse
from postroom.core.accounts.models import Mailbox, User
from postroom.core.conversations.actions.close import close
from postroom.core.conversations.actions.reply import reply
from postroom.core.conversations.actions.spam import mark_spam
from postroom.core.conversations.evidence import ANSWERS, FORWARD, FRESH, MARK, OLD, OUTLOOK, STRANGER, SUBJECT
from postroom.core.conversations.models import Message
from postroom.lib import clock
from tests.channels.mail.letters import MALLORY, filed, letter

INDEX = "AdnZ0X6rS0pQ1k2XQ5q8b0m1YdX2Bw=="
CHILD = "AdnZ0X6rS0pQ1k2XQ5q8b0m1YdX2BwAAAABA"


@pytest.fixture
def first(mailbox: Mailbox) -> Message:
    """Ann's first mail."""
    return filed(letter(), mailbox=mailbox)


@pytest.fixture
def answer(first: Message, alice: User) -> Message:
    """Alice's answer to it."""
    return reply(first.conversation, by=alice, html="<p>It left on Monday.</p>")


def _second(**headers: str) -> bytes:
    """Return another mail of Ann's, with a subject of its own."""
    return letter(**{"message_id": "<2@customers.example>", "subject": "Something else", **headers})  # type: ignore[arg-type]


def test_the_evidence_names_the_message_that_is_answered(mailbox: Mailbox, answer: Message) -> None:
    back = filed(_second(In_Reply_To=answer.rfc_id), mailbox=mailbox)
    assert (back.conversation_id, back.joined_by, back.joined_detail) == (
        answer.conversation_id,
        ANSWERS,
        str(answer.pk),
    )


def test_an_id_wrapped_over_lines_is_the_same_id(mailbox: Mailbox, answer: Message) -> None:
    left, right = answer.rfc_id.split("@")
    raw = _second().replace(
        b"To: support", f"References: <other@x.example>\n {left}@\n {right}\nTo: support".encode(), 1
    )
    assert filed(raw, mailbox=mailbox).conversation_id == answer.conversation_id


@pytest.mark.parametrize("right", ["", "@", "@eu-west-1.amazonses.com>", "@AMSPR04MB1.eurprd04.prod.outlook.com>"])
def test_half_of_our_id_is_enough_whatever_a_relay_put_behind_it(mailbox: Mailbox, answer: Message, right: str) -> None:
    back = filed(_second(In_Reply_To=answer.rfc_id.partition("@")[0] + right), mailbox=mailbox)
    assert (back.conversation_id, back.joined_by) == (answer.conversation_id, MARK)


def test_a_forged_half_is_nothing(mailbox: Mailbox, answer: Message) -> None:
    forged = f"<{answer.conversation_id}.{'0' * 32}@velo.example>"
    back = filed(_second(In_Reply_To=forged), mailbox=mailbox)
    assert (back.conversation_id != answer.conversation_id, back.offered_id) == (True, None)


def test_a_relay_that_replaces_our_id_leaves_the_references(mailbox: Mailbox, alice: User) -> None:
    first = filed(letter(message_id=""), mailbox=mailbox)
    sent = parse(build(reply(first.conversation, by=alice, html="<p>Yes.</p>")))
    assert sent.references
    quoted = " ".join(f"<{one}>" for one in (*sent.references, "0102-00@eu-west-1.amazonses.com"))
    back = filed(_second(In_Reply_To="<0102-00@eu-west-1.amazonses.com>", References=quoted), mailbox=mailbox)
    assert back.conversation_id == first.conversation_id


def test_a_signed_address_leads_to_its_conversation(mailbox: Mailbox, first: Message) -> None:
    to = reply_address(mailbox, conversation_id=first.conversation_id)
    back = filed(_second(to=to), mailbox=mailbox)
    assert (back.conversation_id, back.joined_by) == (first.conversation_id, MARK)
    assert back.to == [{"name": "", "email": mailbox.address}]
    assert not back.conversation.participants.filter(email__contains="+").exists()


def test_a_stranger_at_a_signed_address_is_offered(mailbox: Mailbox, first: Message) -> None:
    to = reply_address(mailbox, conversation_id=first.conversation_id)
    back = filed(_second(sender=MALLORY, to=to), mailbox=mailbox)
    assert (back.joined_by, back.offered_id, back.offered_by) == ("", first.conversation_id, STRANGER)


def test_a_wrongly_signed_address_leads_nowhere(mailbox: Mailbox, first: Message) -> None:
    to = f"support+c{first.conversation_id}.{'0' * 16}@velo.example"
    back = filed(_second(to=to), mailbox=mailbox)
    assert (back.conversation_id != first.conversation_id, back.offered_id) == (True, None)


def test_an_answer_carries_the_signed_address_only_where_the_mailbox_wants_it(
    mailbox: Mailbox, answer: Message
) -> None:
    assert parse(build(answer)).reply_to == ()
    mailbox.plus_address = True
    mailbox.save()
    answer.conversation.mailbox.refresh_from_db()
    (to,) = parse(build(answer)).reply_to
    assert to.email == reply_address(mailbox, conversation_id=answer.conversation_id)


def test_outlooks_thread_is_known_by_its_index_and_topic(mailbox: Mailbox) -> None:
    first = filed(letter(Thread_Index=INDEX, Thread_Topic="Order 118"), mailbox=mailbox)
    mail = _second(subject="RE: Order 118", Thread_Index=CHILD, Thread_Topic="Order 118")
    back = filed(mail, mailbox=mailbox)
    assert (back.conversation_id, back.joined_by) == (first.conversation_id, OUTLOOK)
    assert back.thread_index == first.thread_index != ""


def test_outlooks_index_with_another_topic_is_not_enough(mailbox: Mailbox) -> None:
    first = filed(letter(Thread_Index=INDEX, Thread_Topic="Order 118"), mailbox=mailbox)
    back = filed(_second(Thread_Index=CHILD, Thread_Topic="Something else"), mailbox=mailbox)
    assert back.conversation_id != first.conversation_id


def test_our_answer_keeps_outlooks_thread_and_comes_back_by_it(mailbox: Mailbox, answer: Message) -> None:
    sent = parse(build(answer))
    mail = _second(subject="AW: Order 118", Thread_Index=sent.header("Thread-Index"), Thread_Topic="Order 118")
    assert filed(mail, mailbox=mailbox).joined_by == OUTLOOK


@pytest.mark.parametrize("subject", ["Re: Order 118", "AW: order 118", "Sv: RE: Order  118", "Antw: Order 118"])
def test_an_answer_without_ids_is_known_by_sender_and_subject(mailbox: Mailbox, first: Message, subject: str) -> None:
    back = filed(_second(subject=subject), mailbox=mailbox)
    assert (back.conversation_id, back.joined_by, back.joined_detail) == (
        first.conversation_id,
        SUBJECT,
        "Order 118",
    )


def test_the_same_subject_of_another_sender_is_nothing(mailbox: Mailbox, first: Message) -> None:
    back = filed(_second(sender=MALLORY, subject="Re: Order 118"), mailbox=mailbox)
    assert (back.conversation_id != first.conversation_id, back.offered_id) == (True, None)


def test_the_same_subject_weeks_later_is_nothing(mailbox: Mailbox, first: Message) -> None:
    with clock.at(clock.now() + timedelta(days=15)):
        back = filed(_second(subject="Re: Order 118"), mailbox=mailbox)
    assert (back.conversation_id != first.conversation_id, back.offered_id) == (True, None)


def test_a_new_mail_under_the_same_subject_is_offered(mailbox: Mailbox, first: Message) -> None:
    back = filed(_second(subject="Order 118 "), mailbox=mailbox)
    assert back.conversation_id != first.conversation_id
    assert (back.offered_id, back.offered_by) == (first.conversation_id, FRESH)


def test_a_new_mail_under_a_case_number_belongs_there(mailbox: Mailbox) -> None:
    first = filed(letter(subject="Claim [#40717] wheel"), mailbox=mailbox)
    assert filed(_second(subject="Claim [#40717] wheel"), mailbox=mailbox).conversation_id == first.conversation_id


@pytest.mark.parametrize("subject", ["Question", "Bestelling", "", "Votre demande", "Hello!", "Rechnung", "Order"])
def test_subjects_that_everybody_writes_lead_nowhere(mailbox: Mailbox, subject: str) -> None:
    first = filed(letter(subject=subject), mailbox=mailbox)
    back = filed(_second(subject=subject), mailbox=mailbox)
    assert back.conversation_id != first.conversation_id


def test_a_form_that_writes_for_many_is_told_apart_by_reply_to(mailbox: Mailbox) -> None:
    form = "Form <form@velo-shop.example>"
    first = filed(letter(sender=form, subject="Re: Contact form 2023117", Reply_To="a@x.example"), mailbox=mailbox)
    mail = _second(sender=form, subject="Re: Contact form 2023117", Reply_To="b@x.example")
    assert filed(mail, mailbox=mailbox).conversation_id != first.conversation_id


def test_a_newsletters_repliers_never_meet(mailbox: Mailbox) -> None:
    letters = [
        letter(sender=f"p{n}@x.example", subject="Re: Our spring offers", message_id=f"<p{n}@x.example>",
               In_Reply_To="<issue-9@news.velo.example>", References="<issue-9@news.velo.example>")
        for n in range(4)
    ]  # fmt: skip
    assert len({filed(raw, mailbox=mailbox).conversation_id for raw in letters}) == 4
    assert not Message.objects.exclude(offered_id=None).exists()


def test_a_machines_mail_is_not_joined_by_its_subject(mailbox: Mailbox) -> None:
    shop = "Shop <noreply@shop.example>"
    first = filed(letter(sender=shop, subject="Re: Parcel [#40717]", Precedence="bulk"), mailbox=mailbox)
    back = filed(_second(sender=shop, subject="Re: Parcel [#40717]", Precedence="bulk"), mailbox=mailbox)
    assert back.conversation_id != first.conversation_id


def test_junk_is_not_found_by_its_subject(mailbox: Mailbox, first: Message, alice: User) -> None:
    mark_spam(first.conversation, by=alice)
    assert filed(_second(subject="Re: Order 118"), mailbox=mailbox).conversation_id != first.conversation_id


@pytest.mark.parametrize(
    "mark", ["Fwd", "FW", "WG", "TR", "RV", "I", "ENC", "Doorst", "VB", "VL", "PD", "İLT", "转发", "転送", "Fwd(2)"]
)
def test_a_forward_is_no_answer_even_by_somebody_who_takes_part(mailbox: Mailbox, answer: Message, mark: str) -> None:
    mail = _second(subject=f"{mark}: Order 118", In_Reply_To=answer.rfc_id, References=answer.rfc_id)
    back = filed(mail, mailbox=mailbox)
    assert back.conversation_id != answer.conversation_id
    assert (back.offered_id, back.offered_by) == (answer.conversation_id, FORWARD)


def test_a_forward_is_not_found_by_its_subject(mailbox: Mailbox, first: Message) -> None:
    back = filed(_second(subject="Fwd: Order 118"), mailbox=mailbox)
    assert (back.conversation_id != first.conversation_id, back.offered_id) == (True, None)


def test_an_answer_to_a_forward_is_an_answer(mailbox: Mailbox) -> None:
    first = filed(letter(subject="Fwd: Your parcel"), mailbox=mailbox)
    assert filed(_second(subject="Re: Fwd: Your parcel"), mailbox=mailbox).conversation_id == first.conversation_id


def test_the_finnish_mark_of_an_answer_is_the_danish_one_of_a_forward(mailbox: Mailbox, answer: Message) -> None:
    finnish = _second(subject="VS: Order 118", In_Reply_To=answer.rfc_id)
    assert filed(finnish, mailbox=mailbox).conversation_id == answer.conversation_id
    text = "Se her.\n\n---------- Videresendt meddelelse ----------\nFra: Bo <bo@x.example>\nEmne: Order 118\n\nHej\n"
    danish = letter(text, subject="VS: Order 118", message_id="<3@customers.example>", In_Reply_To=answer.rfc_id)
    assert filed(danish, mailbox=mailbox).offered_by == FORWARD


def test_thunderbird_says_that_it_forwards(mailbox: Mailbox, answer: Message) -> None:
    mail = _second(subject="Look", References=answer.rfc_id, X_Forwarded_Message_Id=answer.rfc_id)
    assert filed(mail, mailbox=mailbox).offered_by == FORWARD


def test_who_takes_an_old_mail_to_write_a_new_one_begins_a_conversation(
    mailbox: Mailbox, answer: Message, alice: User
) -> None:
    close(answer.conversation, by=alice)
    with clock.at(clock.now() + timedelta(days=400)):
        other = filed(_second(subject="Re: A new bicycle", In_Reply_To=answer.rfc_id), mailbox=mailbox)
        same = filed(
            _second(message_id="<3@customers.example>", subject="Re: Order 118", In_Reply_To=answer.rfc_id),
            mailbox=mailbox,
        )
    assert (other.conversation_id != answer.conversation_id, other.offered_by) == (True, OLD)
    assert same.conversation_id == answer.conversation_id


def test_a_stranger_is_offered_what_the_mail_quotes(mailbox: Mailbox, answer: Message) -> None:
    mail = _second(sender=MALLORY, In_Reply_To=answer.rfc_id)
    back = filed(mail, mailbox=mailbox)
    assert (back.offered_id, back.offered_by) == (answer.conversation_id, STRANGER)
    assert not answer.conversation.participants.filter(email="mallory@elsewhere.example").exists()


def test_mail_in_our_own_name_is_offered(mailbox: Mailbox, answer: Message) -> None:
    back = filed(_second(sender=mailbox.address, In_Reply_To=answer.rfc_id), mailbox=mailbox)
    assert (back.conversation_id != answer.conversation_id, back.offered_by) == (True, STRANGER)
