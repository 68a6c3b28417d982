"""Small mails that unpack to gigabytes, and those that never end, cost the worker a process and nothing else."""

import base64
import resource
import sys
import zlib

import pytest
from asn1crypto import cms

from postroom.channels.mail.models import MailKey
from postroom.channels.mail.parse import parse
from postroom.channels.mail.protection.opening import open_mail
from postroom.channels.mail.protection.packets import packets
from tests.channels.mail.letters import filed
from tests.channels.mail.protection.conftest import Desk, key_file, made

_GIGABYTE = 1 << 30
_FROM = b"From: ann@customers.example\r\nTo: support@velo.example\r\nSubject: Brakes\r\n"


def _raw_deflate(start: bytes, size: int) -> bytes:
    """Return a deflated stream of so many zeros: one full flush of a megabyte, again and again."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    head = packer.compress(start) + packer.flush(zlib.Z_FULL_FLUSH)
    piece = packer.compress(bytes(1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
    return head + piece * (size >> 20) + packer.flush()


def _packet(size: int) -> bytes:
    """Return a compressed packet with a literal of that size (RFC 9580 section 5.6)."""
    packed = b"\x01" + _raw_deflate(b"\xafb\0\0\0\0\0", size)
    return b"\xc8\xff" + len(packed).to_bytes(4, "big") + packed


def _armored(size: int, kind: bytes) -> bytes:
    coded = base64.encodebytes(_packet(size)).replace(b"\n", b"\r\n")
    return b"-----BEGIN PGP " + kind + b"-----\r\n\r\n" + coded + b"-----END PGP " + kind + b"-----\r\n"


def _message_of(name: str) -> bytes:
    raw = made(name)
    start, end = raw.index(b"-----BEGIN PGP MESSAGE"), raw.index(b"-----END PGP MESSAGE-----")
    return raw[start:end] + b"-----END PGP MESSAGE-----\r\n"


def _signed_with(signature: bytes) -> bytes:
    return (
        _FROM + b'Content-Type: multipart/signed; protocol="application/pgp-signature"; boundary="b"\r\n\r\n--b\r\n'
        b"Content-Type: text/plain\r\n\r\nThe brakes are worn.\r\n--b\r\nContent-Type: application/pgp-signature\r\n"
        b"\r\n" + signature + b"\r\n--b--\r\n"
    )  # fmt: skip


def _clear_signed() -> bytes:
    return (
        _FROM + b"\r\n-----BEGIN PGP SIGNED MESSAGE-----\r\nHash: SHA256\r\n\r\nThe brakes are worn.\r\n"
        + _armored(_GIGABYTE, b"SIGNATURE")
    )  # fmt: skip


def _smime() -> bytes:
    packed = {"version": "v0", "compression_algorithm": {"algorithm": "zlib"}}
    content = {"content_type": "data", "content": zlib.compress(bytes(_GIGABYTE // 4), 9)}
    data = cms.CompressedData(packed | {"encap_content_info": content})
    der = cms.ContentInfo({"content_type": "compressed_data", "content": data}).dump()
    head = b"Content-Type: application/pkcs7-mime; smime-type=compressed-data; name=smime.p7z\r\n"
    return _FROM + head + b"Content-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(der)


@pytest.fixture
def full_desk(desk: Desk) -> Desk:
    return desk.given("support.p12", "support.asc", "ann.asc")


@pytest.fixture
def no_more_memory() -> "Memory":
    return Memory()


class Memory:
    """How much this process, and the largest one that it had started, have taken at most, in kilobytes."""

    def __init__(self) -> None:
        self._before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    def grown(self) -> int:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - self._before


def test_an_encrypted_bomb_is_filed_closed_and_says_why(full_desk: Desk, no_more_memory: Memory) -> None:
    raw = made("pgp_bomb")
    assert len(raw) < 5000
    message = filed(raw, mailbox=full_desk.mailbox)
    assert message.protection == {"kind": "openpgp", "encrypted": "beyond_limits"}
    assert "encrypted.asc" in [file.name for file in message.attachments.all()]
    assert no_more_memory.grown() < 100_000


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        (_FROM + b"\r\n" + _message_of("pgp_bomb"), "openpgp"),
        (_smime(), "smime"),
    ],
    ids=["inline", "smime"],
)
def test_every_door_for_packed_bytes_is_watched(full_desk: Desk, raw: bytes, kind: str, no_more_memory: Memory) -> None:
    message = full_desk.read(raw)
    assert message.subject == "Brakes"
    assert message.protection == {"kind": kind, "encrypted": "beyond_limits"}
    assert no_more_memory.grown() < 100_000


@pytest.mark.parametrize(
    "raw", [_signed_with(_armored(_GIGABYTE, b"SIGNATURE")), _clear_signed()], ids=["detached", "inline"]
)
def test_a_bomb_in_the_place_of_a_signature_proves_nothing(full_desk: Desk, raw: bytes, no_more_memory: Memory) -> None:
    message = full_desk.read(raw)
    assert "The brakes are worn." in message.text
    assert message.protection.get("signature") != "valid"
    assert no_more_memory.grown() < 100_000


def test_one_that_takes_minutes_is_ended(full_desk: Desk) -> None:
    # Twenty thousand session keys for this mailbox, each tried with its key and none of them true.
    armored = _message_of("pgp_encrypted").replace(b"\r\n", b"\n")
    message = base64.b64decode(armored.partition(b"\n\n")[2].partition(b"\n=")[0])
    _tag, body = next(packets(message))
    wrong = b"\xc1\xff" + len(body).to_bytes(4, "big") + body[:-9] + b"\x55" * 9
    coded = base64.encodebytes(wrong * 20_000 + message).replace(b"\n", b"\r\n")
    hostile = b"-----BEGIN PGP MESSAGE-----\r\n\r\n" + coded + b"-----END PGP MESSAGE-----\r\n"
    raw = made("pgp_encrypted").replace(_message_of("pgp_encrypted"), hostile)
    got = full_desk.read(raw)
    assert got.sender == "ann@customers.example"
    assert got.protection == {"kind": "openpgp", "encrypted": "beyond_limits"}


def test_a_bomb_in_the_place_of_a_key_is_not_learned(desk: Desk, no_more_memory: Memory) -> None:
    key = base64.b64encode(_packet(_GIGABYTE)[:70_000])
    raw = b"Autocrypt: addr=ann@customers.example; keydata=" + key + b"\r\n" + _FROM + b"\r\nThe brakes are worn.\r\n"
    assert desk.read(raw).text.strip() == "The brakes are worn."
    assert not MailKey.objects.exists()
    assert no_more_memory.grown() < 100_000


def test_ordinary_mail_and_a_key_seen_before_start_no_process(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    keydata = b"".join(key_file("ann.asc").split(b"\n\n", 1)[1].split(b"\n=", 1)[0].split())
    raw = (
        b"Autocrypt: addr=ann@customers.example; keydata=" + keydata + b"\r\n" + _FROM + b"\r\nThe brakes are worn.\r\n"
    )
    desk.read(raw)
    assert MailKey.objects.get().address == "ann@customers.example"
    monkeypatch.setattr(sys, "executable", "/no/such/program")
    desk.read(raw)
    signed = made("pgp_signed")
    with pytest.raises(OSError, match="no/such/program"):  # this machine's fault: the mail is tried again
        open_mail(signed, parse(signed), mailbox=desk.mailbox)
