"""What machines send is told apart, filed where it belongs or parked with the reason, and never dropped."""

from datetime import timedelta
from itertools import count

import pytest
from pytest_django import DjangoAssertNumQueries

from postroom.channels.mail import reasons
from postroom.channels.mail.build import build
from postroom.channels.mail.fate import FILE, decide
from postroom.channels.mail.judging import judge
from postroom.channels.mail.loops import may_answer_automatically
from postroom.channels.mail.models import FILED, PARKED, IncomingMail, Loop
from postroom.channels.mail.parse import parse
from postroom.core.accounts.models import Mailbox, User
from postroom.core.conversations.actions.close import close
from postroom.core.conversations.automatic import AUTOREPLY, AWAY, CHALLENGE, GENERATED, LIST, NEWSLETTER
from postroom.core.conversations.evidence import RECIPIENT
from postroom.core.conversations.models import CLOSED, OPEN, Conversation, Message
from postroom.core.events.models import Event
from postroom.lib import clock
from tests.channels.mail.letters import filed, letter, take_in
from tests.channels.mail.machines import group, report, sent

_NUMBERS = count(100)


def with_headers(**words: str) -> bytes:
    """Return a letter whose options come from a table of texts."""
    return letter(**words)  # type: ignore[arg-type]


def machine(
    text: str = "I am out of the office until Monday.\n", *, subject: str = "Out of office: Order 118", **headers: str
) -> bytes:
    """Return a mail of Ann's that her program wrote."""
    return with_headers(text=text, subject=subject, message_id=f"<auto{next(_NUMBERS)}@customers.example>", **headers)


@pytest.fixture
def conversation(mailbox: Mailbox) -> Conversation:
    return filed(letter(), mailbox=mailbox).conversation


@pytest.fixture
def answer(conversation: Conversation, alice: User) -> Message:
    return sent(conversation, by=alice)


@pytest.mark.parametrize(
    ("headers", "automatic"),
    [
        ({"Auto_Submitted": "auto-replied"}, AWAY),
        ({"Auto_Submitted": "auto-generated"}, AWAY),
        ({"X_Autoreply": "yes"}, AWAY),
        ({"Precedence": "auto_reply"}, AWAY),
        ({"Return_Path": "<>"}, AWAY),
        ({"X_Auto_Response_Suppress": "DR, OOF, AutoReply"}, AWAY),
        ({"Auto_Submitted": "auto-replied", "subject": "Re: Order 118", "text": "We got your mail."}, AUTOREPLY),
        ({"Auto_Submitted": "auto-generated", "subject": "New order 7", "text": "3 lamps"}, GENERATED),
        ({"X_Boxtrapper": "x", "subject": "Your mail", "text": "Please confirm your message."}, CHALLENGE),
        ({"Auto_Submitted": "auto-replied", "subject": "Hello", "text": "Click the link to be delivered."}, CHALLENGE),
        ({"List_Id": "<cats.lists.example>", "List_Post": "<mailto:cats@lists.example>", "subject": "Cats"}, LIST),
        ({"List_Unsubscribe": "<https://shop.example/bye>", "subject": "Sale"}, NEWSLETTER),
        ({"Precedence": "bulk", "subject": "Sale", "text": "Lamps"}, NEWSLETTER),
    ],
)
def test_machines_are_told_apart(mailbox: Mailbox, headers: dict[str, str], automatic: str) -> None:
    triage = judge(parse(machine(**headers)), mailbox=mailbox)
    assert triage.automatic == automatic
    assert triage.reason
    assert triage.sure


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Out of office chairs?", "Do you still have them?"),
        ("Vacation in May", "Which bicycles can we rent?"),
        ("Automatic reply form is broken", "I get an error."),
        ("Re: Abwesenheit von Alice", "Wann kommt das Rad?"),
    ],
)
def test_a_subject_alone_makes_no_machine(mailbox: Mailbox, subject: str, text: str) -> None:
    assert judge(parse(machine(text, subject=subject)), mailbox=mailbox).kind == "person"


def test_words_alone_name_a_mail_and_park_nothing(mailbox: Mailbox) -> None:
    mail = take_in(machine(), mailbox=mailbox)
    assert mail.state == FILED
    assert Message.objects.get().automatic == AWAY


def test_an_absence_is_filed_where_it_answers_and_wakes_nobody(mailbox: Mailbox, answer: Message, alice: User) -> None:
    close(answer.conversation, by=alice)
    message = filed(machine(Auto_Submitted="auto-replied", In_Reply_To=answer.rfc_id), mailbox=mailbox)
    assert (message.conversation_id, message.automatic) == (answer.conversation_id, AWAY)
    assert message.automatic_by == "Auto-Submitted: auto-replied"
    assert Conversation.objects.get(pk=answer.conversation_id).status == CLOSED


def test_an_absence_that_quotes_nothing_belongs_to_the_only_late_reply(mailbox: Mailbox, answer: Message) -> None:
    message = filed(machine(Auto_Submitted="auto-replied", subject="Away"), mailbox=mailbox)
    assert (message.conversation_id, message.joined_by) == (answer.conversation_id, RECIPIENT)


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        ({"subject": "Automatic reply: Lamps"}, reasons.AWAY_UNKNOWN),
        ({"subject": "Thank you", "text": "Number 7."}, reasons.AUTOREPLY_UNKNOWN),
        ({"subject": "Hello", "text": "Please verify that you are human."}, reasons.CHALLENGE_UNKNOWN),
    ],
)
def test_automatic_answers_to_nothing_are_parked(mailbox: Mailbox, headers: dict[str, str], reason: str) -> None:
    mail = take_in(machine(Auto_Submitted="auto-replied", **headers), mailbox=mailbox)
    assert (mail.state, mail.reason, mail.conversation_id) == (PARKED, reason, None)
    assert reasons.sentence(reason) != reason


@pytest.mark.parametrize(
    "headers",
    [
        {"List_Unsubscribe": "<https://shop.example/bye>", "subject": "Sale"},
        {"Auto_Submitted": "auto-generated", "subject": "Contact form", "text": "Ann asks: where is my bicycle?"},
        {"Precedence": "bulk", "subject": "Order 7"},
    ],
)
def test_newsletters_and_forms_are_somebodys_work(mailbox: Mailbox, headers: dict[str, str]) -> None:
    mail = take_in(machine(**headers), mailbox=mailbox)
    assert mail.state == FILED
    assert Conversation.objects.get().status == OPEN


def test_a_customer_who_writes_through_the_mailboxs_own_list_is_a_person(
    mailbox: Mailbox, answer: Message, alice: User
) -> None:
    """A Google group as the team's address puts a list's headers on everybody's mail."""
    close(answer.conversation, by=alice)
    group = {"List_Id": "<support.velo.example>", "Precedence": "list", "List_Post": "<mailto:support@velo.example>"}
    message = filed(
        with_headers(message_id="<2@customers.example>", In_Reply_To=answer.rfc_id, **group), mailbox=mailbox
    )
    assert message.automatic == ""
    assert Conversation.objects.get(pk=answer.conversation_id).status == OPEN
    assert judge(parse(with_headers(**group)), mailbox=mailbox).kind == "person"


def test_our_own_mail_that_comes_back_is_parked(mailbox: Mailbox, answer: Message) -> None:
    mail = take_in(build(answer), mailbox=mailbox)
    assert (mail.state, mail.reason) == (PARKED, reasons.OWN_COPY)


def test_a_machine_that_copies_our_mark_is_parked_and_a_person_is_not(mailbox: Mailbox, answer: Message) -> None:
    mark = build(answer).decode().partition("X-Postroom-Loop: ")[2].partition("\r\n")[0]
    robot = take_in(machine(Auto_Submitted="auto-replied", X_Postroom_Loop=mark), mailbox=mailbox)
    assert (robot.state, robot.reason) == (PARKED, reasons.LOOP_MARK)
    person = take_in(letter(message_id="<9@customers.example>", X_Postroom_Loop=mark), mailbox=mailbox)
    assert person.state == FILED


def test_a_person_costs_no_question(mailbox: Mailbox, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    parsed = parse(letter(In_Reply_To="<7@customers.example>"))
    with django_assert_num_queries(0):
        assert decide(parsed, judge(parsed, mailbox=mailbox), mailbox=mailbox) == FILE


def _rain(answer: Message, mailbox: Mailbox, *, mails: int, every: timedelta, automatic: bool = True) -> list[str]:
    """Let a program (or a person) answer so often; return the states."""
    states, begin = [], clock.now()
    for number in range(mails):
        extra = {"Auto_Submitted": "auto-replied"} if automatic else {}
        raw = machine(f"Number {number}\n", subject="Re: Order 118", In_Reply_To=answer.rfc_id, **extra)
        with clock.at(begin + every * number):
            states.append(take_in(raw, mailbox=mailbox).state)
    return states


@pytest.mark.parametrize(("every", "most"), [(timedelta(seconds=20), 10), (timedelta(minutes=2), 20)])
def test_a_loop_without_any_mark_is_stopped_by_its_speed(
    mailbox: Mailbox, answer: Message, every: timedelta, most: int
) -> None:
    states = _rain(answer, mailbox, mails=most + 5, every=every)
    assert states == [FILED] * most + [PARKED] * 5
    assert set(IncomingMail.objects.filter(state=PARKED).values_list("reason", flat=True)) == {reasons.LOOP_RATE}
    loop = Loop.objects.get(conversation=answer.conversation)
    assert loop.parked == 5
    assert Event.objects.filter(kind="conversation.loop", conversation_id=answer.conversation_id).count() == 1


def test_a_loop_is_over_after_an_hour_of_silence(mailbox: Mailbox, answer: Message) -> None:
    _rain(answer, mailbox, mails=12, every=timedelta(seconds=1))
    with clock.at(clock.now() + timedelta(hours=1, minutes=1)):
        assert _rain(answer, mailbox, mails=1, every=timedelta(0)) == [FILED]


def test_slow_automatic_answers_are_no_loop(mailbox: Mailbox, answer: Message) -> None:
    assert set(_rain(answer, mailbox, mails=25, every=timedelta(minutes=4))) == {FILED}


def test_people_are_never_parked_for_their_speed(mailbox: Mailbox, answer: Message) -> None:
    assert set(_rain(answer, mailbox, mails=30, every=timedelta(seconds=1), automatic=False)) == {FILED}
    assert not Loop.objects.exists()


def test_many_notifications_that_answer_nothing_are_no_loop(mailbox: Mailbox) -> None:
    raws = [machine(f"Order {n}", subject=f"New order {n}", Auto_Submitted="auto-generated") for n in range(25)]
    assert {take_in(raw, mailbox=mailbox).state for raw in raws} == {FILED}


def _may(mailbox: Mailbox, raw: bytes) -> bool:
    parsed = parse(raw)
    return may_answer_automatically(mailbox, email=parsed.from_.email, parsed=parsed)


def test_a_person_may_be_answered_by_a_program(mailbox: Mailbox) -> None:
    assert _may(mailbox, letter())


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-generated"},
        {"Precedence": "bulk"},
        {"List_Id": "<x.lists.example>"},
        {"X_Auto_Response_Suppress": "All"},
        {"Return_Path": "<>"},
        {"X_Postroom_Loop": "support@velo.example 00000000000000000000000000000000"},
        {"sender": "MAILER-DAEMON@customers.example"},
        {"sender": "No reply <no-reply@shop.example>"},
        {"sender": "Support <support@velo.example>"},
        {"sender": ""},
    ],
)
def test_no_program_answers_a_machine_or_ourselves(mailbox: Mailbox, headers: dict[str, str]) -> None:
    assert not _may(mailbox, with_headers(**headers))


def test_two_ticket_systems_without_marks_stop_answering_each_other(mailbox: Mailbox) -> None:
    """Each of their mails looks like a person's and begins a conversation of its own: only the speed tells."""
    answered = 0
    for number in range(40):
        raw = letter(f"Ticket {number}", subject=f"[#{number}] Received", message_id=f"<t{number}@desk.example>")
        answered += _may(mailbox, raw)
        assert take_in(raw, mailbox=mailbox).state == FILED
    assert answered == 10


def test_a_report_flood_on_one_reply_ends_in_the_ledger(mailbox: Mailbox, answer: Message) -> None:
    """A hundred reports on a reply to a hundred people are right; what comes beyond them is not."""
    mails = [
        take_in(report(group("ann@customers.example"), about=answer, number=number), mailbox=mailbox)
        for number in range(102)
    ]
    assert [mail.state for mail in mails] == [FILED] * 100 + [PARKED] * 2
