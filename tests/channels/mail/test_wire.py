"""Whatever people type, and whatever strangers are called: no header begins where we did not begin one."""

import email
import email.policy
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postroom.channels.mail.wire import address_header, id_header, text_header, wire_address, wire_domain

# What ends a line for somebody: SMTP, Python, Unicode, old terminals.
ENDS = "\r\n\x00\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"
nasty = st.text(st.one_of(st.sampled_from(ENDS + ' :;,<>@"\\()=?'), st.characters()), max_size=300)


def _is_one_header(raw: str, name: str) -> None:
    data = raw.encode()
    assert data.isascii() or "@" in raw
    assert data.startswith(f"{name}: ".encode())
    assert data.endswith(b"\r\n")
    assert b"\n" not in data.replace(b"\r\n", b"")
    assert b"\r" not in data.replace(b"\r\n", b"")
    assert not re.search(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", data)
    lines = data[:-2].split(b"\r\n")
    assert all(line.startswith((b" ", b"\t")) and line.strip() for line in lines[1:])
    assert max(map(len, lines)) <= 998
    parsed = email.message_from_bytes(data + b"\r\nbody\r\n", policy=email.policy.compat32)
    assert parsed.keys() == [name]
    assert parsed.get_payload() == "body\r\n"


@given(nasty)
def test_no_subject_is_more_than_one_header(text: str) -> None:
    _is_one_header(text_header("Subject", f"x{text}"), "Subject")


@given(st.lists(st.tuples(nasty, nasty), min_size=1, max_size=4))
def test_no_name_and_no_address_is_more_than_one_header(people: list[tuple[str, str]]) -> None:
    pairs = [(name, f"a{address}@x.example") for name, address in people]
    _is_one_header(address_header("To", pairs), "To")


@given(st.lists(nasty, max_size=5))
def test_no_id_is_more_than_one_header(ids: list[str]) -> None:
    raw = id_header("References", ["<first@x.example>", *ids, *(f"<{one}@x>" for one in ids)])
    _is_one_header(raw, "References")


@given(nasty)
def test_no_address_ends_the_command_it_stands_in(text: str) -> None:
    assert not set(wire_address(text)) & {*ENDS, " ", "\t"}


def test_a_hundred_recipients_are_folded() -> None:
    people = [(f"Person Número {number}", f"person.{number}@customers.example") for number in range(100)]
    raw = address_header("To", people)
    _is_one_header(raw, "To")
    assert max(map(len, raw.split("\r\n"))) <= 78


@pytest.mark.parametrize(
    ("typed", "wire"),
    [
        ("bücher.example", "xn--bcher-kva.example"),
        ("faß.example", "xn--fa-hia.example"),
        ("BÜCHER.example", "xn--bcher-kva.example"),
        ("日本語.example", "xn--wgv71a119e.example"),
        ("xn--bcher-kva.example", "xn--bcher-kva.example"),
        ("Plain.Example", "plain.example"),
    ],
)
def test_a_domain_is_written_by_the_rules_in_force(typed: str, wire: str) -> None:
    assert wire_domain(typed) == wire


def test_the_part_before_the_at_keeps_its_letters() -> None:
    assert wire_address("Jörg.Müller@Bücher.example") == "Jörg.Müller@xn--bcher-kva.example"
