"""A side thread: a third party's answers come back into it, and nothing of it ever reaches the customer."""

import pytest

from postroom.channels.mail.build import build, recipients
from postroom.channels.mail.marks import reply_address
from postroom.channels.mail.parse import parse
from postroom.channels.mail.parsed import Parsed
from postroom.core.accounts.models import Mailbox, User
from postroom.core.conversations.actions.addressing import everybody
from postroom.core.conversations.actions.close import close
from postroom.core.conversations.actions.forward import Parcel, forward, write_beside
from postroom.core.conversations.actions.join import join
from postroom.core.conversations.actions.merge import merge, unmerge
from postroom.core.conversations.actions.moving import Beside
from postroom.core.conversations.actions.note import add_note
from postroom.core.conversations.actions.refusals import EmptyReply, IsOurselves, IsTheCustomer
from postroom.core.conversations.actions.reply import reply
from postroom.core.conversations.actions.take_out import take_out
from postroom.core.conversations.actions.unsend import unsend
from postroom.core.conversations.models import CLOSED, OPEN, Conversation, Delivery, Message, Participant, SideThread
from postroom.core.conversations.models.delivery import TAKEN
from postroom.core.events.models import Event
from postroom.lib import clock
from tests.channels.mail.letters import ANN, MALLORY, filed, letter
from tests.channels.mail.machines import group, report

SAM = "Sam <sam@supplier.example>"
SECRET = "The frame costs us 40 euros"


@pytest.fixture
def asked(mailbox: Mailbox) -> Message:
    """Ann's question, with a file and a colleague in Cc."""
    files = (("broken.jpg", b"\xff\xd8 a photo"),)
    return filed(letter(files=files, Cc="Ben <ben@customers.example>"), mailbox=mailbox)


@pytest.fixture
def passed(asked: Message, alice: User) -> Message:
    """Alice passes it on to Sam."""
    return forward(asked, Parcel(f"<p>{SECRET}?</p>", to=[SAM]), by=alice)


def _answer(passed: Message, text: str = "Yes.", **headers: str) -> bytes:
    fields = {"In_Reply_To": passed.rfc_id, "subject": "Re: Fwd: Order 118", "sender": SAM, **headers}
    rfc_id = f"<{fields.pop('number', '1')}@supplier.example>"
    return letter(f"{text}\n\n> {SECRET}?\n", message_id=rfc_id, **fields)  # type: ignore[arg-type]


def _mail(message: Message) -> Parsed:
    return parse(build(Message.objects.get(pk=message.pk)))


def _side(message: Message) -> SideThread:
    assert message.side_thread is not None
    return message.side_thread


def _row(message: Message) -> Conversation:
    return Conversation.objects.get(pk=message.conversation_id)


def test_a_mail_is_passed_on_whole(asked: Message, passed: Message) -> None:
    mail = _mail(passed)
    assert recipients(passed) == ["sam@supplier.example"]
    assert mail.subject == "Fwd: Order 118"
    for line in (SECRET, "---------- Forwarded message ---------", "From: Ann Peeters <ann@customers.example>"):
        assert line in mail.text
    assert "Cc: Ben <ben@customers.example>" in mail.text
    assert "Where is my bicycle?" in mail.text
    assert "Where is my bicycle?" in mail.html
    assert [(file.name, file.data) for file in mail.attachments] == [("broken.jpg", b"\xff\xd8 a photo")]
    # Nothing in its head leads to what the customer has.
    assert mail.in_reply_to == ()
    assert asked.rfc_id not in build(passed).decode()
    assert asked.thread_index != passed.thread_index
    side = passed.side_thread
    assert side is not None
    assert (side.subject, side.people) == ("Fwd: Order 118", [{"name": "Sam", "email": "sam@supplier.example"}])


def test_pictures_in_the_text_go_along_and_files_may_be_left_out(mailbox: Mailbox, alice: User) -> None:
    raw = (
        b"From: ann@customers.example\r\nSubject: x\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/related; boundary="b"\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n'
        b'<p>Look</p><img src="cid:shot@ann"><script>x()</script>\r\n--b\r\nContent-Type: image/png\r\n'
        b"Content-ID: <shot@ann>\r\nContent-Disposition: inline; filename=shot.png\r\n\r\npng\r\n--b--\r\n"
    )
    mail = _mail(forward(filed(raw, mailbox=mailbox), Parcel("", to=[SAM]), by=alice, only=()))
    assert 'src="cid:shot@ann"' in mail.html
    assert "<script" not in mail.html
    assert [file.content_id for file in mail.attachments] == ["shot@ann"]
    other = filed(letter(message_id="<o@x.example>", files=(("a.txt", b"a"), ("b.txt", b"b"))), mailbox=mailbox)
    only = [other.attachments.get(name="b.txt").pk]
    sent = forward(other, Parcel("", to=[SAM]), by=alice, only=only)
    assert [file.name for file in sent.attachments.all()] == ["b.txt"]


def test_an_answer_comes_back_into_the_side_thread_and_is_nothing_the_customer_said(
    mailbox: Mailbox, passed: Message, alice: User, bob: User
) -> None:
    before = _row(passed)
    assert before.waiting_since is not None
    close(before, by=alice)
    back = filed(_answer(passed), mailbox=mailbox)
    assert (back.conversation_id, back.side_thread_id) == (passed.conversation_id, passed.side_thread_id)
    after = _row(passed)
    assert after.status == OPEN
    assert (after.snippet, after.last_from) == (before.snippet, before.last_from)
    assert after.waiting_since is None
    assert after.last_message_id == back.pk
    assert Event.objects.filter(kind="message.received").count() == 1
    assert Event.objects.get(kind="side.answered").data["reopened"] is True
    assert not Participant.objects.filter(email="sam@supplier.example").exists()


def test_it_neither_starts_nor_stops_the_customers_clock(mailbox: Mailbox, passed: Message, alice: User) -> None:
    waiting = _row(passed).waiting_since
    write_beside(_side(passed), Parcel("<p>And?</p>", to=[SAM]), by=alice)
    filed(_answer(passed), mailbox=mailbox)
    assert _row(passed).waiting_since == waiting
    reply(passed.conversation, by=alice, html="<p>Soon.</p>")
    filed(_answer(passed, number="2"), mailbox=mailbox)
    assert _row(passed).waiting_since is None


def test_nothing_of_it_reaches_the_customer(mailbox: Mailbox, passed: Message, alice: User) -> None:
    note = add_note(passed.conversation, by=alice, html="<p>Our margin is thin</p>")
    back = filed(_answer(passed, Cc="Eve <eve@supplier.example>"), mailbox=mailbox)
    beside = write_beside(_side(passed), Parcel("<p>Deal</p>", to=[SAM]), by=alice)
    conversation = _row(passed)
    found = everybody(conversation)
    assert [one["email"] for one in (*found.to, *found.cc)] == ["ann@customers.example", "ben@customers.example"]
    seen = conversation.messages.filter(side_thread=None).exclude(kind="note").last()
    answer = reply(conversation, by=alice, html="<p>It comes on Monday.</p>", seen=seen.pk if seen else None)
    raw = build(answer).decode()
    mail = parse(raw.encode())
    assert recipients(answer) == ["ann@customers.example"]
    assert "Where is my bicycle?" in mail.text
    for secret in (SECRET, "Deal", "supplier.example", "thin", passed.rfc_id, back.rfc_id, beside.rfc_id):
        assert secret not in raw + mail.text + mail.html
    assert note.pk
    # Nor does a later one, after the customer has answered.
    filed(letter("Thanks", message_id="<9@customers.example>", In_Reply_To=answer.rfc_id), mailbox=mailbox)
    later = _mail(reply(conversation, by=alice, html="<p>Welcome</p>"))
    assert "Thanks" in later.text
    assert SECRET not in later.text + later.html


def test_the_third_party_is_quoted_to_themselves_and_sees_nothing_new_of_the_customer(
    mailbox: Mailbox, passed: Message, alice: User
) -> None:
    back = filed(_answer(passed, "In stock."), mailbox=mailbox)
    filed(
        letter("My card number is 4711", message_id="<2@customers.example>", References="<1@customers.example>"),
        mailbox=mailbox,
    )
    next_one = write_beside(_side(passed), Parcel("<p>Send it</p>", to=[SAM]), by=alice)
    mail = _mail(next_one)
    assert mail.subject == "Re: Order 118"
    assert mail.in_reply_to == (back.rfc_id.strip("<>"),)
    assert "In stock." in mail.text
    assert "4711" not in build(next_one).decode() + mail.text


@pytest.mark.parametrize("way", ["root", "address", "subject", "outlook"])
def test_an_answer_is_known_without_our_message_id(mailbox: Mailbox, passed: Message, way: str) -> None:
    mailbox.plus_address = True
    mailbox.save()
    sent = _mail(passed)
    headers = {"In_Reply_To": "<relay@elsewhere.example>"}
    if way == "root":
        headers["References"] = " ".join(f"<{one}>" for one in sent.references)
    elif way == "address":
        headers["to"] = reply_address(mailbox, conversation_id=passed.conversation_id, side=passed.side_thread_id)
        assert sent.reply_to[0].email == headers["to"]
    elif way == "outlook":
        headers |= {"Thread_Index": sent.header("Thread-Index"), "Thread_Topic": sent.header("Thread-Topic")}
    else:
        Delivery.objects.create(message=passed, email="sam@supplier.example", state=TAKEN, at=clock.now())
    back = filed(_answer(passed, **headers), mailbox=mailbox)
    assert (back.conversation_id, back.side_thread_id) == (passed.conversation_id, passed.side_thread_id)


def test_a_stranger_who_quotes_it_is_offered_and_joins_the_side_thread_alone(
    mailbox: Mailbox, passed: Message, alice: User
) -> None:
    strange = filed(_answer(passed, sender=MALLORY), mailbox=mailbox)
    assert strange.conversation_id != passed.conversation_id
    assert strange.offered_id == passed.conversation_id
    there = strange.conversation
    join(strange, into=passed.conversation, by=alice)
    strange.refresh_from_db()
    assert (strange.conversation_id, strange.side_thread_id) == (passed.conversation_id, passed.side_thread_id)
    assert [one["email"] for one in everybody(_row(passed)).to] == ["ann@customers.example"]
    unmerge(Conversation.objects.get(pk=there.pk), by=alice)
    assert SideThread.objects.get(pk=_side(passed).pk).conversation_id == passed.conversation_id


def test_a_colleague_whom_the_third_party_brought_in_takes_part(mailbox: Mailbox, passed: Message) -> None:
    filed(_answer(passed, Cc="Eve <eve@supplier.example>"), mailbox=mailbox)
    eves = filed(_answer(passed, number="2", sender="Eve <eve@supplier.example>"), mailbox=mailbox)
    assert eves.side_thread_id == passed.side_thread_id


def test_what_the_customer_writes_into_it_is_said_by_the_customer(
    mailbox: Mailbox, passed: Message, alice: User
) -> None:
    """Sam answers to all, with Ann among them; Ann answers Sam's mail."""
    back = filed(_answer(passed, Cc=ANN), mailbox=mailbox)
    raw = letter("What is this?", message_id="<7@customers.example>", In_Reply_To=back.rfc_id, References=passed.rfc_id)
    anns = filed(raw, mailbox=mailbox)
    assert (anns.conversation_id, anns.side_thread_id) == (passed.conversation_id, None)
    assert _row(anns).waiting_since is not None
    mail = _mail(reply(_row(anns), by=alice, html="<p>Sorry.</p>"))
    assert "What is this?" in mail.text
    assert not {passed.rfc_id.strip("<>"), back.rfc_id.strip("<>")} & set(mail.references)
    # It stays said by her when the conversation goes elsewhere and comes back.
    other = filed(letter(message_id="<o@elsewhere.example>", sender=MALLORY, subject="Frames"), mailbox=mailbox)
    merge(_row(anns), into=other.conversation, by=alice)
    anns.refresh_from_db()
    assert (anns.conversation_id, anns.side_thread_id) == (other.conversation_id, None)
    unmerge(passed.conversation, by=alice)
    anns.refresh_from_db()
    assert (anns.conversation_id, anns.side_thread_id) == (passed.conversation_id, None)


@pytest.mark.parametrize(
    ("to", "why"), [("Ann@Customers.example", IsTheCustomer), ("support@velo.example", IsOurselves)]
)
def test_it_is_not_sent_to_the_customer_or_to_ourselves(
    asked: Message, passed: Message, alice: User, to: str, why: type[Exception]
) -> None:
    parcels = (Parcel("x", to=[to]), Parcel("x", to=[SAM], cc=[to]), Parcel("x", to=[SAM], bcc=[to]))
    for parcel in parcels:
        with pytest.raises(why):
            forward(asked, parcel, by=alice)
        with pytest.raises(why):
            write_beside(_side(passed), parcel, by=alice)
    assert Message.objects.filter(kind="out").count() == 1


def test_a_note_is_not_passed_on_and_a_second_click_finds_the_first(asked: Message, alice: User) -> None:
    note = add_note(asked.conversation, by=alice, html="<p>careful</p>")
    with pytest.raises(EmptyReply):
        forward(note, Parcel("<p>x</p>", to=[SAM]), by=alice)
    parcel = Parcel("<p>x</p>", to=[SAM], client_token="t1")
    assert forward(asked, parcel, by=alice) == forward(asked, parcel, by=alice)
    assert SideThread.objects.count() == 1


def test_taking_it_back_changes_nothing_for_the_customer(asked: Message, passed: Message, alice: User) -> None:
    unsend(passed, by=alice)
    row = _row(asked)
    assert (row.last_from, row.snippet, row.last_message_id) == ("Ann Peeters", "Where is my bicycle?", asked.pk)
    assert row.waiting_since == asked.created_at


def test_a_report_about_it_is_filed_beside(mailbox: Mailbox, passed: Message, alice: User) -> None:
    Message.objects.filter(pk=passed.pk).update(delivery="sent", sent_at=clock.now())
    close(passed.conversation, by=alice)
    told = filed(report(group("sam@supplier.example"), about=passed), mailbox=mailbox)
    assert told.side_thread_id == passed.side_thread_id
    assert _row(passed).waiting_since is None
    assert passed.deliveries.get().state == "bounced"


def test_an_absence_in_it_wakes_nobody(mailbox: Mailbox, passed: Message, alice: User) -> None:
    close(passed.conversation, by=alice)
    away = filed(_answer(passed, Auto_Submitted="auto-replied", subject="Away: Fwd: Order 118"), mailbox=mailbox)
    assert away.side_thread_id == passed.side_thread_id
    assert _row(passed).status == CLOSED


def test_it_goes_where_its_conversation_goes_and_leaves_it_by_no_other_way(
    mailbox: Mailbox, passed: Message, alice: User
) -> None:
    back = filed(_answer(passed), mailbox=mailbox)
    other = filed(letter(message_id="<o@customers.example>", subject="Something else"), mailbox=mailbox).conversation
    with pytest.raises(Beside):
        join(back, into=other, by=alice)
    with pytest.raises(Beside):
        take_out(back, by=alice)
    merge(passed.conversation, into=other, by=alice)
    assert SideThread.objects.get().conversation_id == other.pk
    again = filed(_answer(passed, number="2", In_Reply_To=back.rfc_id), mailbox=mailbox)
    assert (again.conversation_id, again.side_thread_id) == (other.pk, passed.side_thread_id)
    unmerge(passed.conversation, by=alice)
    assert SideThread.objects.get(pk=_side(passed).pk).conversation_id == passed.conversation_id
    # What came since the merge stays where it came, beside the talk there.
    again.refresh_from_db()
    assert again.conversation_id == other.pk
    assert again.side_thread is not None
    assert again.side_thread.conversation_id == other.pk
