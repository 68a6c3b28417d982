from datetime import UTC, datetime

import pytest

from postroom.channels.mail.build import build, recipients
from postroom.channels.mail.parse import parse
from postroom.channels.mail.parsed import Parsed
from postroom.core.accounts.models import Mailbox, User
from postroom.core.conversations.actions.reply import reply
from postroom.core.conversations.actions.upload import attach
from postroom.core.conversations.models import Conversation, Message
from postroom.lib import clock
from tests.channels.mail.letters import filed, letter

HTML = "<p>Good news: <b>it left</b>.</p><ul><li>Frame</li><li>Saddle</li></ul>"


@pytest.fixture
def conversation(mailbox: Mailbox) -> Conversation:
    """Ann asked something."""
    return filed(letter(subject="Re: AW: Order 118"), mailbox=mailbox).conversation


def _sent(message: Message) -> Parsed:
    """Build it, look at what every mail of ours must be, and read it again."""
    raw = build(message)
    assert raw.isascii()
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    assert b"\n" not in raw.replace(b"\r\n", b"")
    parsed = parse(raw)
    assert not parsed.problems
    return parsed


def test_a_reply_says_who_writes_for_whom_and_what_it_answers(
    mailbox: Mailbox, conversation: Conversation, alice: User
) -> None:
    mailbox.from_name = "Velo Nord"
    mailbox.save()
    message = reply(conversation, by=alice, html=HTML)
    parsed = _sent(message)
    assert (parsed.from_.name, parsed.from_.email) == ("Alice at Velo Nord", mailbox.address)
    assert [str(one) for one in parsed.to] == ["ann@customers.example"]
    assert parsed.subject == "Re: Order 118"
    assert f"<{parsed.message_id}>" == message.rfc_id
    assert parsed.in_reply_to == parsed.references == ("1@customers.example",)
    assert parsed.header("X-Postroom-Loop").startswith(mailbox.address)


def test_both_bodies_hold_the_answer_the_signature_and_the_quote(
    mailbox: Mailbox, conversation: Conversation, alice: User
) -> None:
    mailbox.signature = "Velo Nord\n12 rue <du Port>"
    mailbox.save()
    parsed = _sent(reply(conversation, by=alice, html=HTML))
    assert "it left" in parsed.text
    assert "Frame" in parsed.text
    assert "\n-- \nVelo Nord\n12 rue <du Port>\n" in parsed.text
    assert "Ann Peeters wrote:\n> Where is my bicycle?" in parsed.text
    assert "<b>it left</b>" in parsed.html
    assert "12 rue &lt;du Port&gt;" in parsed.html
    assert "<blockquote" in parsed.html
    assert parsed.html.index("it left") < parsed.html.index("Velo Nord") < parsed.html.index("Where is my bicycle?")


def test_the_quote_speaks_the_writers_language(mailbox: Mailbox, conversation: Conversation, alice: User) -> None:
    alice.language = "fr"
    alice.save()
    with clock.at(datetime(2026, 3, 2, 10, 30, tzinfo=UTC)):
        filed(letter(message_id="<2@customers.example>", References="<1@customers.example>"), mailbox=mailbox)
    assert "2 mars 2026" in _sent(reply(conversation, by=alice, html="<p>Oui</p>")).text


def test_a_customers_html_is_quoted_without_what_is_active(mailbox: Mailbox, alice: User) -> None:
    raw = (
        b"From: mallory@elsewhere.example\r\nSubject: x\r\nContent-Type: text/html\r\n\r\n"
        b"<p onclick=x()>Hello</p><script>alert(1)</script><img src='cid:own@x'>"
    )
    html = _sent(reply(filed(raw, mailbox=mailbox).conversation, by=alice, html="<p>Hi</p>")).html
    assert "Hello" in html
    assert not any(word in html for word in ("script", "onclick", "cid:"))


def test_hidden_copies_are_on_the_envelope_only(conversation: Conversation, alice: User) -> None:
    message = reply(conversation, by=alice, html=HTML, cc=["Tom <tom@x.example>"], bcc=["chef@velo.example"])
    assert recipients(message) == ["ann@customers.example", "tom@x.example", "chef@velo.example"]
    assert b"chef@" not in build(message)
    assert [str(one) for one in _sent(message).cc] == ["Tom <tom@x.example>"]


def test_files_arrive_under_their_names_and_images_inside_the_html(conversation: Conversation, alice: User) -> None:
    name = "Übersicht, „final“ " + "sehr " * 15 + "groß.pdf"
    file = attach(conversation, by=alice, name=name, content_type="application/pdf", data=b"%PDF" * 99)
    image = attach(conversation, by=alice, name="a.png", content_type="image/png", data=b"\x89PNG" * 9, inline=True)
    mail = attach(conversation, by=alice, name="old.eml", content_type="message/rfc822", data=letter())
    html = f'<p>See:</p><img src="/attachments/{image.pk}">'
    parsed = _sent(reply(conversation, by=alice, html=html, attachments=[file, mail]))
    by_name = {one.name: one for one in parsed.attachments}
    assert set(by_name) == {file.name, "a.png", "old.eml"}
    assert by_name[file.name].data == b"%PDF" * 99
    assert by_name["old.eml"].data.startswith(b"From: Ann")
    assert by_name["a.png"].inline
    assert f"cid:{by_name['a.png'].content_id}" in parsed.html


def test_nothing_that_people_type_becomes_a_header(mailbox: Mailbox, conversation: Conversation, alice: User) -> None:
    evil = "x\r\nBcc: mallory@elsewhere.example\r\n\r\nbody"
    message = reply(conversation, by=alice, html=HTML)
    message.subject, message.in_reply_to, message.references = evil, f"<a@b>{evil}", f"<c@d> {evil}"
    message.to = [{"name": evil, "email": "ann@customers.example"}]
    mailbox.from_name = message.conversation.mailbox.from_name = evil
    mailbox.save()
    parsed = _sent(message)
    assert not parsed.header("Bcc")
    assert parsed.references == ("c@d",)


@pytest.mark.parametrize(
    "subject", ["", "é" * 500, "a" * 500, "=?utf-8?q?fake?=", 'quoted " and \\ and ; and ,', "日本語 " * 60, "x " * 240]
)
def test_any_subject_arrives_as_it_was(conversation: Conversation, alice: User, subject: str) -> None:
    message = reply(conversation, by=alice, html=HTML)
    message.subject = subject
    assert _sent(message).subject == f"Re: {subject}".strip()[:500].strip()


@pytest.mark.parametrize(
    "name", ["Müller, Jörg", 'Anna "die" <Böse>', "a" * 200, "é" * 200, "=?utf-8?q?x?=", "x, y; z"]
)
def test_any_name_arrives_as_one_address(conversation: Conversation, alice: User, name: str) -> None:
    message = reply(conversation, by=alice, html=HTML)
    message.to = [{"name": name, "email": "ann@customers.example"}] * 2
    assert [one.email for one in _sent(message).to] == ["ann@customers.example"] * 2


def test_a_long_thread_keeps_its_first_and_last_references(conversation: Conversation, alice: User) -> None:
    message = reply(conversation, by=alice, html=HTML)
    message.references = " ".join(f"<{number}@customers.example>" for number in range(500))
    parsed = _sent(message)
    assert len(parsed.references) == 20
    assert (parsed.references[0], parsed.references[-1]) == ("0@customers.example", "499@customers.example")
