"""Damaged and hostile wrappings raise nothing, and no ordinary mail is touched."""

import base64
import re
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from postroom.channels.mail.parse import parse
from postroom.channels.mail.protection.keys import keys_for
from postroom.channels.mail.protection.layers import opened
from postroom.channels.mail.protection.opening import open_mail
from postroom.channels.mail.protection.questions import OpenMail
from tests.channels.mail.protection.conftest import MAILS, Desk

_NAMES = sorted(path.stem for path in MAILS.glob("*.eml") if "bomb" not in path.stem)
_CODED = re.compile(rb"(?:[A-Za-z0-9+/=]{40,}\n)+")


@cache
def _raw(name: str) -> bytes:
    return (MAILS / f"{name}.eml").read_bytes()


def _damaged(raw: bytes, *, at: int, put: bytes) -> bytes:
    """Change bytes inside of what is coded, so that the damage is in the structure and not in the coding."""
    blocks = list(_CODED.finditer(raw))
    if not blocks:
        return raw
    block = blocks[at % len(blocks)]
    try:
        inner = bytearray(base64.b64decode(block[0], validate=False))
    except ValueError:
        return raw
    place = at % max(1, len(inner))
    inner[place : place + len(put)] = put
    return raw[: block.start()] + base64.encodebytes(bytes(inner)) + raw[block.end() :]


@pytest.fixture
def full_desk(desk: Desk) -> Desk:
    return desk.given("support.p12", "support-ec.p12", "support.asc", "authority.pem", "ann.asc")


def _open_here(raw: bytes, desk: Desk) -> None:
    """Open it in this process: in its own, an error would be taken for a bomb."""
    sender = frozenset({"ann@customers.example"})
    keys = keys_for(desk.mailbox, sender)
    opened(OpenMail(raw=raw, addresses=sender, at=datetime.now(UTC), keys=keys, most=1_000_000))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.sampled_from(_NAMES), at=st.integers(0, 6000), put=st.binary(min_size=1, max_size=3))
def test_damage_inside_a_wrapping_raises_nothing(full_desk: Desk, name: str, at: int, put: bytes) -> None:
    _open_here(_damaged(_raw(name), at=at, put=put), full_desk)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.sampled_from(_NAMES), at=st.integers(0, 6000), cut=st.integers(0, 300), put=st.binary(max_size=5))
def test_damage_anywhere_raises_nothing(full_desk: Desk, name: str, at: int, cut: int, put: bytes) -> None:
    raw = _raw(name)
    _open_here(raw[:at] + put + raw[at + cut :], full_desk)


@pytest.mark.parametrize("path", sorted(MAILS.parent.glob("*.eml")), ids=lambda path: path.stem)
def test_ordinary_mail_is_left_as_it_was_parsed(desk: Desk, path: Path) -> None:
    raw = path.read_bytes()
    parsed = parse(raw)
    read = open_mail(raw, parsed, mailbox=desk.mailbox)
    assert read.parsed is parsed
    assert read.verdict.as_json() == {}


def test_a_thousand_signatures_inside_each_other_are_not_all_opened(desk: Desk) -> None:
    body = b"Content-Type: text/plain\n\nwords\n"
    for number in range(1000):
        mark = b"b%d" % number
        head = b'Content-Type: multipart/signed; boundary="' + mark + b'"\n\n--' + mark + b"\n"
        tail = b"\n--" + mark + b"\nContent-Type: application/pgp-signature\n\nx\n--" + mark + b"--\n"
        body = head + body + tail
    raw = b"From: ann@customers.example\n" + body
    read = open_mail(raw, parse(raw), mailbox=desk.mailbox)
    assert read.verdict.signature == "broken"


def test_an_encryption_that_is_cut_off_anywhere_raises_nothing(full_desk: Desk) -> None:
    raw = _raw("pgp_encrypted")
    end = raw.index(b"-----END PGP")
    for at in range(raw.index(b"-----BEGIN PGP") + 700, end, 190):
        _open_here(raw[:at] + b"\n" + raw[end:], full_desk)
