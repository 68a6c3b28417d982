from pathlib import Path

import pytest

from postroom.channels.mail.parse import parse
from postroom.channels.mail.triage import Triage, classify

MAILS = Path(__file__).resolve().parents[2] / "mails"


def judged(name: str) -> Triage:
    return classify(parse((MAILS / f"{name}.eml").read_bytes()))


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("plain", "person"),
        ("reply_gmail", "person"),
        ("vacation", "auto"),
        ("looping", "loop"),
        ("newsletter", "bulk"),
        ("two_precedences", "bulk"),
        ("bounce", "bounce"),
    ],
)
def test_each_mail_is_of_its_kind(name: str, kind: str) -> None:
    assert judged(name).kind == kind


def test_whatever_is_no_person_has_a_reason() -> None:
    assert judged("vacation").reason == "Auto-Submitted: auto-replied"
    assert judged("plain").reason == ""


def test_a_bounce_names_the_recipient_the_status_and_the_servers_words() -> None:
    bounce = judged("bounce").bounce
    assert bounce is not None
    assert bounce.recipients == ("ann@example.com",)
    assert bounce.status == "5.1.1"
    assert bounce.permanent
    assert bounce.diagnostic == "smtp; 550 5.1.1 no such user"


def test_auto_submitted_no_is_a_person() -> None:
    assert classify(parse(b"From: a@example.com\nAuto-Submitted: no\n\nHello")).kind == "person"


def test_a_person_who_writes_about_a_delivery_is_no_bounce() -> None:
    head = b"From: Ann <ann@example.com>\nReturn-Path: <ann@example.com>\nSubject: Delivery problem with my order\n\n"
    raw = head + b"It was not delivered."
    assert classify(parse(raw)).kind == "person"
