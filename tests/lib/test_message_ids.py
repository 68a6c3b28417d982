"""The proof in our Message-IDs, and Outlook's Thread-Index."""

import base64
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from postroom.lib import message_ids, thread_index

KEY, OTHER = b"k" * 32, b"o" * 32
NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)


def test_an_id_leads_to_its_conversation_and_no_two_are_the_same() -> None:
    made = {message_ids.make(12, domain="velo.example", key=KEY) for _ in range(50)}
    assert len(made) == 50
    assert {message_ids.conversation_of(one, key=KEY) for one in made} == {12}


def test_the_left_half_is_enough_in_either_case() -> None:
    left = message_ids.make(12, domain="velo.example", key=KEY).partition("@")[0]
    for one in (left, left.upper(), f"{left}>", f"{left}@relay.example>", left.strip("<")):
        assert message_ids.conversation_of(one, key=KEY) == 12


def test_a_proof_is_of_one_conversation_and_one_key() -> None:
    made = message_ids.make(12, domain="velo.example", key=KEY)
    assert message_ids.conversation_of(made, key=OTHER) is None
    assert message_ids.conversation_of(made.replace("<12.", "<13."), key=KEY) is None
    assert message_ids.conversation_of(made.replace("@", "0@"), key=KEY) is None


def test_the_id_of_a_whole_conversation_is_always_the_same() -> None:
    assert message_ids.root(12, domain="a.example", key=KEY) == message_ids.root(12, domain="a.example", key=KEY)
    assert message_ids.conversation_of(message_ids.root(12, domain="a.example", key=KEY), key=KEY) == 12


@given(some.text(max_size=200))
def test_any_text_is_read_without_a_fault(text: str) -> None:
    assert message_ids.conversation_of(text, key=KEY) is None
    assert len(thread_index.read(text)) in (0, 44)


def test_an_answer_stays_in_outlooks_thread_and_adds_a_block() -> None:
    head = thread_index.begin(12, at=NOON, key=KEY)
    header = thread_index.answer(head, at=NOON + timedelta(hours=3))
    assert thread_index.read(header) == head
    data = base64.b64decode(header)
    assert (len(data), data[0]) == (27, 1)
    # MS-OXOMSG 2.2.1.3: what lies between, in steps of 2^18 times 100 nanoseconds.
    assert int.from_bytes(data[22:26], "big") * 2**18 / 10_000_000 == pytest.approx(3 * 3600, abs=0.1)


@pytest.mark.parametrize("header", ["", "x", "====", "AAAA", "AdnZ" + "A" * 28, "é" * 30, "A" * 100_000])
def test_what_is_no_index_is_nothing(header: str) -> None:
    assert thread_index.read(header) == ""
