"""What a signature or an encryption came to stands above the message; keys are the owner's business."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from postroom.channels.mail.models import MailKey
from postroom.channels.mail.protection import verdict as codes
from tests.faces.web.composer.conftest import Room
from tests.faces.web.reading.mails import MAILS

KEYS = MAILS / "protected"
SIGNATURES = [
    codes.BROKEN, codes.WEAK, codes.EXPIRED, codes.REVOKED, codes.UNKNOWN_SIGNER, codes.UNCHECKED, codes.SELF_SIGNED,
    codes.UNKNOWN_AUTHORITY, codes.OTHER_ADDRESS, codes.VALID,
]  # fmt: skip


def _page(room: Room, **protection: object) -> str:
    room.mail.protection = protection
    room.mail.save()
    return room.alice.get(f"/messages/{room.mail.pk}").content.decode()


@pytest.mark.parametrize("code", SIGNATURES)
def test_each_signature_has_its_own_sentence(room: Room, code: str) -> None:
    page = _page(room, kind="smime", signature=code, name="Ann Peeters", address="ann@customers.example")
    assert page.count('class="protection ') == 1
    assert "This mail is signed." not in page
    assert ("protection-good" in page) == (code == codes.VALID)


def test_mail_that_cannot_be_opened_says_so(room: Room) -> None:
    page = _page(room, kind="smime", encrypted="no_key")
    assert "This mail is encrypted for a key that this mailbox does not hold." in page


def test_mail_that_unpacks_to_too_much_says_so(room: Room) -> None:
    page = _page(room, kind="openpgp", encrypted="beyond_limits")
    assert "unpacked, it is larger than is allowed, or takes too long." in page
    assert "protection-good" not in page


def test_a_new_key_for_a_known_address_is_no_good_news(room: Room) -> None:
    page = _page(room, kind="openpgp", signature="valid", name="Ann", changed=True, since="2026-11-22")
    assert "It is another key than the first one known for this address." in page
    assert "protection-good" not in page


def test_ordinary_mail_says_nothing(room: Room) -> None:
    assert 'class="protection' not in _page(room)


def _upload(room: Room, name: str, *, passphrase: str = "velo", by: Client | None = None) -> int:
    file = SimpleUploadedFile(name, (KEYS / name).read_bytes()) if name else b""
    form = {"key": file, "passphrase": passphrase} if name else {"passphrase": ""}
    answer = (by or room.alice).post(f"/settings/mailboxes/{room.mailbox.pk}/keys", form)
    return answer.status_code


@pytest.mark.parametrize(
    ("name", "role"),
    [("support.p12", "own"), ("support.asc", "own"), ("authority.pem", "authority"), ("ann.asc", "known")],
)
def test_the_owner_gives_a_mailbox_keys_and_takes_them_away(room: Room, name: str, role: str) -> None:
    assert _upload(room, name) == 302
    key = MailKey.objects.get()
    assert key.role == role
    assert ("PRIVATE" in key.sealed_private) is False
    page = room.alice.get(f"/settings/mailboxes/{room.mailbox.pk}").content.decode()
    assert key.fingerprint[-16:] in page
    assert room.alice.post(f"/settings/mailboxes/{room.mailbox.pk}/keys/{key.pk}").status_code == 302
    assert not MailKey.objects.exists()


@pytest.mark.parametrize(
    ("name", "passphrase"),
    [
        ("support.p12", "wrong"),
        ("support.p12", ""),
        ("support.asc", "wrong"),
        ("support.asc", ""),
        ("make.sh", ""),
        ("", ""),
    ],
)
def test_what_cannot_be_used_is_refused_with_a_sentence(room: Room, name: str, passphrase: str) -> None:
    assert _upload(room, name, passphrase=passphrase) == 422
    assert not MailKey.objects.exists()


def test_keys_are_the_owners_business(room: Room) -> None:
    assert _upload(room, "support.p12", by=room.bob) == 404
    assert _upload(room, "support.p12", by=Client()) == 302
    assert not MailKey.objects.exists()
    assert _upload(room, "support.p12") == 302
    address = f"/settings/mailboxes/{room.mailbox.pk}/keys/{MailKey.objects.get().pk}"
    assert room.bob.post(address).status_code == 404
    assert room.alice.get(address).status_code == 405
    assert MailKey.objects.exists()
