"""OpenPGP as gpg makes it."""

import base64

import pytest

from postroom.channels.mail.models import MailKey
from tests.channels.mail.protection.conftest import Desk, key_file, made

WORDS = "The brakes are worn. Grüße, Ann"


def test_a_good_signature_by_a_known_key(desk: Desk) -> None:
    message = desk.given("ann.asc").got("pgp_signed")
    assert message.text.strip() == WORDS
    assert message.protection["signature"] == "valid"
    assert (message.protection["name"], message.protection["address"]) == ("Ann Peeters", "ann@customers.example")
    assert message.protection["since"]
    assert message.files == []


@pytest.mark.parametrize(
    ("keys", "name", "verdict"),
    [
        ((), "pgp_signed", "unknown_signer"),
        (("mallory.asc",), "pgp_signed", "unknown_signer"),
        (("ann.asc",), "pgp_changed", "broken"),
        (("old.asc",), "pgp_expired", "expired"),
        (("ann.asc",), "pgp_other_address", "unknown_signer"),
    ],
)
def test_doubts_are_told_apart_and_the_mail_is_readable(
    desk: Desk, keys: tuple[str, ...], name: str, verdict: str
) -> None:
    message = desk.given(*keys).got(name)
    assert message.protection["signature"] == verdict
    assert "The brakes are" in message.text


def test_text_that_is_signed_inline_is_shown_without_its_armour(desk: Desk) -> None:
    message = desk.given("ann.asc").got("pgp_inline")
    assert message.text.strip() == "The brakes are worn.\n- the front one\nFrom Ann, Grüße"
    assert message.protection["signature"] == "valid"
    assert "partly" not in message.protection


def test_words_beside_an_inline_signature_are_not_vouched_for(desk: Desk) -> None:
    message = desk.given("ann.asc").got("pgp_inline_partly")
    assert "Please pay to another account." in message.text
    assert message.protection["partly"] is True


def test_a_text_whose_inline_signature_cannot_be_checked_stays_as_it_came(desk: Desk) -> None:
    message = desk.got("pgp_inline")
    assert "-----BEGIN PGP SIGNED MESSAGE-----" in message.text
    assert message.protection["signature"] == "unknown_signer"


def test_encrypted_mail_is_read_with_its_subject_and_its_signature(desk: Desk) -> None:
    message = desk.given("support.asc", "ann.asc").got("pgp_encrypted")
    assert message.text.strip() == WORDS
    assert message.subject == "About my brakes"
    assert message.sender == "ann@customers.example"
    assert (message.protection["encrypted"], message.protection["signature"]) == ("opened", "valid")


@pytest.mark.parametrize(
    ("keys", "name"),
    [
        (("support.asc", "ann.asc"), "pgp_encrypted_packed"),
        (("support-25519.asc", "ann-25519.asc"), "pgp_encrypted_packed_25519"),
    ],
)
def test_a_signature_that_gpg_has_compressed_with_its_text_is_checked(
    desk: Desk, keys: tuple[str, ...], name: str
) -> None:
    message = desk.given(*keys).got(name)
    assert message.text.strip() == WORDS
    assert (message.protection["encrypted"], message.protection["signature"]) == ("opened", "valid")
    assert message.protection["name"] == "Ann Peeters"


def test_a_compressed_signature_of_somebody_unknown_stays_unknown(desk: Desk) -> None:
    message = desk.given("support.asc", "mallory.asc").got("pgp_encrypted_packed")
    assert message.text.strip() == WORDS
    assert message.protection["signature"] == "unknown_signer"


def test_encrypted_mail_without_a_signature(desk: Desk) -> None:
    message = desk.given("support.asc", "ann.asc").got("pgp_encrypted_unsigned")
    assert message.text.strip() == WORDS
    assert message.protection == {"kind": "openpgp", "encrypted": "opened"}


def test_text_that_is_encrypted_inline_is_read(desk: Desk) -> None:
    assert desk.given("support.asc").got("pgp_inline_encrypted").text.strip() == "The brakes are worn. Grüße"


@pytest.mark.parametrize("name", ["pgp_for_another", "pgp_encrypted"])
def test_without_the_key_the_mail_says_so_and_keeps_its_file(desk: Desk, name: str) -> None:
    message = desk.got(name)
    assert message.protection == {"kind": "openpgp", "encrypted": "no_key"}
    assert "encrypted.asc" in message.files


def _with_autocrypt(name: str, key: str) -> bytes:
    certificate = b"".join(key_file(key).split(b"\n\n", 1)[1].split(b"\n=", 1)[0].split())
    assert base64.b64decode(certificate)
    return b"Autocrypt: addr=ann@customers.example; keydata=" + certificate + b"\r\n" + made(name)


def test_a_key_that_comes_along_is_remembered(desk: Desk) -> None:
    message = desk.read(_with_autocrypt("pgp_signed", "ann.asc"))
    assert message.protection["signature"] == "valid"
    assert MailKey.objects.get().address == "ann@customers.example"


def test_a_key_for_another_address_is_not_remembered(desk: Desk) -> None:
    desk.read(_with_autocrypt("pgp_signed", "mallory.asc"))
    assert not MailKey.objects.exists()
