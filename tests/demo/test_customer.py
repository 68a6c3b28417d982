from datetime import UTC, datetime

import pytest

from postroom.channels.mail.parse import parse
from postroom.core.accounts.models import Mailbox
from postroom.demo.customer import Enclosure, NotAnAddress, write_as_customer
from postroom.demo.letters import Letter, build

SUPPORT = Mailbox(name="Support", address="support@cycles-senne.example", from_name="Cycles Senne")


def test_what_a_customer_writes_is_what_arrives() -> None:
    raw = write_as_customer(
        from_name="Zoë Peeters",
        from_email="zoe@post.example",
        to_mailbox=SUPPORT,
        subject="Où est mon vélo ?",
        text="Bonjour,\n\nIl pleut.",
        attachments=[Enclosure("vélo.jpg", "image/jpeg", b"\xff\xd8\xff\xe0")],
    )
    mail = parse(raw)
    assert (mail.from_.name, mail.from_.email) == ("Zoë Peeters", "zoe@post.example")
    assert mail.to[0].email == SUPPORT.address
    assert mail.subject == "Où est mon vélo ?"
    assert mail.text.strip() == "Bonjour,\n\nIl pleut."
    assert [(file.name, file.data) for file in mail.attachments] == [("vélo.jpg", b"\xff\xd8\xff\xe0")]
    assert mail.message_id
    assert mail.date is not None


def test_an_answer_names_the_reply_it_answers() -> None:
    mail = parse(
        write_as_customer(
            from_name="Ann",
            from_email="ann@post.example",
            to_mailbox=SUPPORT,
            subject="Re: Bell",
            text="Thanks",
            in_reply_to="<2@cycles-senne.example>",
            references=["<1@post.example>"],
        )
    )
    assert mail.in_reply_to == ("2@cycles-senne.example",)
    assert mail.references == ("1@post.example", "2@cycles-senne.example")


def test_a_line_break_in_a_header_field_does_not_begin_another_header() -> None:
    mail = parse(
        write_as_customer(
            from_name="Mallory\nBcc: all@post.example",
            from_email="mallory@post.example",
            to_mailbox=SUPPORT,
            subject="Hi\r\nX-Evil: yes",
            text="",
        )
    )
    assert mail.subject == "Hi X-Evil: yes"
    assert {name.lower() for name, _value in mail.headers}.isdisjoint({"bcc", "x-evil"})


@pytest.mark.parametrize(
    "email", ["", "ann", "ann@post.example\nBcc: x@post.example", "änn@post.example", "a b@c.example"]
)
def test_what_is_no_address_is_refused_with_a_sentence(email: str) -> None:
    with pytest.raises(NotAnAddress, match="not a mail address"):
        write_as_customer(from_name="Ann", from_email=email, to_mailbox=SUPPORT, subject="x", text="y")


def test_the_same_letter_always_makes_the_same_bytes() -> None:
    letter = Letter(
        from_name="Ann",
        from_email="ann@post.example",
        to=[("Cycles Senne", SUPPORT.address)],
        subject="Wheel",
        text="See the picture.",
        html='<p>See the picture.</p><img src="cid:a@post.example">',
        moment=datetime(2026, 9, 1, 8, 0, tzinfo=UTC),
        enclosures=[Enclosure("a.png", "image/png", b"\x89PNG", content_id="a@post.example")],
    )
    assert build(letter) == build(letter)
    picture = parse(build(letter)).attachments[0]
    assert picture.inline
    assert picture.content_id == "a@post.example"
