from pathlib import Path

import pytest

from postroom.channels.mail.forwarded import forwarded
from postroom.channels.mail.parsed import Address

MAILS = Path(__file__).resolve().parents[2] / "mails"
BOB = Address(name="Bob", email="bob@example.net")


def mail(subject: str, body: str) -> bytes:
    head = f"From: Ann <ann@example.com>\nSubject: {subject}\nContent-Type: text/plain; charset=utf-8\n\n"
    return (head + body).encode()


def test_gmails_forward_is_read() -> None:
    found = forwarded((MAILS / "forwarded_inline.eml").read_bytes())
    assert found is not None
    assert found.from_ == BOB
    assert found.subject == "lamp"
    assert found.to == (Address(name="", email="ann@example.com"),)
    assert found.body == "My lamp is broken."
    assert found.comment == "Please look at this."


def test_a_forward_as_attachment_is_read() -> None:
    found = forwarded((MAILS / "forwarded_as_attachment.eml").read_bytes())
    assert found is not None
    assert found.from_ == BOB
    assert found.body.strip() == "inner words"


@pytest.mark.parametrize(
    "body",
    [
        "> Begin forwarded message:\n>\n> From: Bob <bob@example.net>\n> Subject: lamp\n> Date: today\n>\n> words",
        "Von: Bob <bob@example.net>\nGesendet: heute\nAn: Ann\nBetreff: lamp\n\nwords",
        "-------- Weitergeleitete Nachricht --------\nBetreff: \tlamp\nVon: \tBob <bob@example.net>\n\nwords",
        "----- Перенаправлене повідомлення -----\nВід: Bob <bob@example.net>\nТема: lamp\nДата: 2.3.2026\n\nwords",
        "От: Bob <bob@example.net>\nДата: сегодня\nКому: Ann\nТема: lamp\nwords",
        " ----- Forwarded Message ----- From: Bob <bob@example.net>To: <a@b.example>Sent: 5 PMSubject: lamp\nwords",
        "差出人: Bob <bob@example.net>\n送信日時: 今日\n宛先: Ann\n件名: lamp\n\nwords",
    ],
)
def test_forwards_of_many_programs_and_languages_are_read(body: str) -> None:
    found = forwarded(mail("Fwd: lamp", body))
    assert found is not None
    assert (found.from_, found.subject, found.body.strip()) == (BOB, "lamp", "words")


@pytest.mark.parametrize(
    ("subject", "body"),
    [
        ("Lamp", "Hello,\n\nFrom: here to there it is broken.\n"),
        ("Re: lamp", "Yes.\n\nOn Mon, 2 Mar 2026 at 09:00, Bob <bob@example.net> wrote:\n> words\n"),
        ("Re: lamp", "Yes.\n\nFrom: Bob <bob@example.net>\nSent: today\nSubject: lamp\n\nwords"),
        ("Lamp", ""),
    ],
)
def test_an_ordinary_mail_forwards_nothing(subject: str, body: str) -> None:
    assert forwarded(mail(subject, body)) is None
