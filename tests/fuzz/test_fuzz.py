"""A small run of the fuzzer with a fixed seed; bin/fuzz makes the long ones."""

import base64
import quopri
import random
from collections.abc import Iterator
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from postroom.channels.mail.parse import parse
from tests.fuzz.bombs import BOMBS
from tests.fuzz.checks import Outcome
from tests.fuzz.checks import check as checked
from tests.fuzz.generated import mails as generated_mails
from tests.fuzz.guided import Guided
from tests.fuzz.mutations import mutated
from tests.fuzz.seeds import ROOT, mails

# Enough to show what grows with the square of its size; bin/fuzz reads each bomb whole.
BOMB_SIZE = 200_000
FOUND = sorted((ROOT / "tests" / "mails" / "found").glob("*.eml"))


def check(raw: bytes) -> Outcome:
    """Time is bin/fuzz's to hold; here both engines' tests share the machine, and only what has no end is too slow."""
    return checked(raw, limit=8)


@pytest.mark.parametrize("name", sorted(BOMBS))
def test_no_bomb_costs_more_than_it_may(name: str) -> None:
    assert checked(BOMBS[name]()[:BOMB_SIZE], limit=3).wrong == ""


@pytest.mark.parametrize("path", FOUND, ids=lambda path: path.stem)
def test_what_was_found_stays_mended(path: Path) -> None:
    assert check(path.read_bytes()).wrong == ""


def _mutations(count: int, begin: int) -> Iterator[bytes]:
    seeds, chance = mails(with_corpora=False), random.Random(begin)
    return (mutated(chance.choice(seeds), chance, seeds) for _ in range(count))


@pytest.mark.parametrize("begin", range(10))
def test_damaged_mail_is_read(begin: int) -> None:
    wrong = {outcome.wrong: raw for raw in _mutations(60, begin) if (outcome := check(raw)).wrong}
    assert wrong == {}


def test_mail_that_reaches_new_lines_is_read() -> None:
    seeds = mails(with_corpora=False)
    guided = Guided(seeds, random.Random(1))
    wrong = {outcome.wrong: raw for _ in range(200) if (outcome := guided.run(raw := guided.mail(), check)).wrong}
    assert wrong == {}
    steps, kept = guided.reached
    assert steps > 500
    assert kept > 0


@seed(1)
@settings(
    max_examples=250,
    deadline=None,
    database=None,
    phases=[Phase.generate, Phase.shrink],
    suppress_health_check=list(HealthCheck),
)
@given(generated_mails())
def test_made_up_mail_is_read(raw: bytes) -> None:
    assert check(raw).wrong == ""


@settings(max_examples=60, deadline=None, database=None, derandomize=True)
@given(st.binary(min_size=1, max_size=3000), st.sampled_from(["base64", "quoted-printable", "8bit"]), st.randoms())
def test_files_keep_their_bytes_whatever_happens_to_the_headers(
    data: bytes, encoding: str, chance: random.Random
) -> None:
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["Subject"] = "Ann <ann@example.com>", "a file"
    mail.set_content("see the file")
    mail.add_attachment(b"placeholder", "application", "octet-stream", filename="a.bin")
    body = {"base64": _base64, "quoted-printable": _printable, "8bit": _as_it_is}[encoding](data)
    raw = mail.as_bytes().replace(
        b"Content-Transfer-Encoding: base64", f"Content-Transfer-Encoding: {encoding}".encode()
    )
    raw = raw.replace(b"cGxhY2Vob2xkZXI=\r\n", body)
    head, gap, rest = raw.partition(b"\r\n\r\n")
    lines = head.split(b"\r\n")
    chance.shuffle(lines)
    (file,) = parse(b"X-Odd: \xff\x00\r\n" + b"\r\n".join(lines) + gap + rest).attachments
    assert (file.name, file.data) == ("a.bin", data)


def _base64(data: bytes) -> bytes:
    return base64.encodebytes(data).replace(b"\n", b"\r\n").strip()


def _printable(data: bytes) -> bytes:
    return quopri.encodestring(data.replace(b"\n", b"=0A"), quotetabs=True)


def _as_it_is(data: bytes) -> bytes:
    return data
