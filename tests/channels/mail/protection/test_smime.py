"""S/MIME as openssl makes it."""

import pytest

from tests.channels.mail.protection.conftest import Desk, made

WORDS = "The brakes are worn. Grüße, Ann"
ORDINARY = b"From: ann@customers.example\r\nSubject: Brakes\r\n\r\nThe brakes are worn.\r\n"
ENCRYPTED = ("smime_3des", "smime_aes", "smime_gcm", "smime_oaep")


@pytest.mark.parametrize(
    "name", ["smime_signed", "smime_signed_pss", "smime_signed_ec", "smime_opaque", "smime_opaque_streamed"]
)
def test_a_good_signature_of_an_authority_that_the_owner_trusts(desk: Desk, name: str) -> None:
    message = desk.given("authority.pem").got(name)
    assert message.text.strip() == WORDS
    assert message.protection["signature"] == "valid"
    assert (message.protection["name"], message.protection["address"]) == ("Ann Peeters", "ann@customers.example")
    assert message.protection["authority"] == "Velo Test CA"
    assert message.files == []


@pytest.mark.parametrize("name", ["smime_signed", "smime_opaque"])
def test_nobody_trusts_an_authority_by_itself(desk: Desk, name: str) -> None:
    message = desk.got(name)
    assert message.text.strip() == WORDS
    assert message.protection["signature"] == "unknown_authority"


@pytest.mark.parametrize(
    ("name", "verdict"),
    [
        ("smime_changed", "broken"),
        ("smime_expired", "expired"),
        ("smime_self_signed", "self_signed"),
        ("smime_unknown_authority", "unknown_authority"),
        ("smime_other_address", "other_address"),
        ("smime_sha1", "weak"),
    ],
)
def test_doubts_are_told_apart_and_the_mail_is_readable(desk: Desk, name: str, verdict: str) -> None:
    message = desk.given("authority.pem").got(name)
    assert message.protection["signature"] == verdict
    assert "The brakes are" in message.text


def test_a_certificate_that_signs_itself_is_good_once_the_owner_trusts_it(desk: Desk) -> None:
    assert desk.given("self.pem").got("smime_self_signed").protection["signature"] == "valid"


@pytest.mark.parametrize("name", ENCRYPTED)
def test_what_is_encrypted_for_the_mailbox_is_read(desk: Desk, name: str) -> None:
    message = desk.given("support.p12").got(name)
    assert message.text.strip() == WORDS
    assert message.protection == {"kind": "smime", "encrypted": "opened"}


def test_elliptic_curves_decrypt_too(desk: Desk) -> None:
    assert desk.given("support.p12", "support-ec.p12").got("smime_ec").text.strip() == WORDS


def test_signed_then_encrypted_mail_says_both(desk: Desk) -> None:
    message = desk.given("support.p12", "authority.pem").got("smime_signed_then_encrypted")
    assert message.text.strip() == WORDS
    assert (message.protection["encrypted"], message.protection["signature"]) == ("opened", "valid")


@pytest.mark.parametrize("name", ["smime_for_another", "smime_aes", "smime_ec"])
def test_without_the_key_the_mail_says_so_and_keeps_its_file(desk: Desk, name: str) -> None:
    message = desk.got(name)
    assert message.protection == {"kind": "smime", "encrypted": "no_key"}
    assert message.files == ["smime.p7m"]


def test_a_signed_part_among_others_does_not_vouch_for_them(desk: Desk) -> None:
    signed = made("smime_signed")
    head, _, rest = signed.partition(b"MIME-Version: 1.0\r\n")
    mixed = (
        head + b'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="outer"\r\n\r\n'
        b"--outer\r\n\r\nPay Mallory.\r\n--outer\r\n" + rest + b"\r\n--outer--\r\n"
    )  # fmt: skip
    desk.given("authority.pem")
    message = desk.read(mixed)
    assert "Pay Mallory." in message.text
    assert WORDS in message.text
    assert (message.protection["signature"], message.protection["partly"]) == ("valid", True)


def test_a_certificate_that_is_no_authority_vouches_for_nobody(desk: Desk) -> None:
    # The owner trusts support's certificate; it may not issue others, and has issued none here.
    assert desk.given("support.pem").got("smime_signed").protection["signature"] == "unknown_authority"


def test_ordinary_mail_has_no_verdict(desk: Desk) -> None:
    assert desk.read(ORDINARY).protection == {}
