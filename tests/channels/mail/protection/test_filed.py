"""The whole way: taken in, opened, filed, and the original kept as it came."""

from postroom.channels.mail.models import MailKey
from postroom.core.storage import blobs
from tests.channels.mail.letters import filed
from tests.channels.mail.protection.conftest import Desk, made


def test_an_encrypted_mail_is_filed_with_its_words_and_its_original_stays_encrypted(desk: Desk) -> None:
    desk.given("support.asc", "ann.asc")
    raw = made("pgp_encrypted")
    message = filed(raw, mailbox=desk.mailbox)
    assert message.text.strip() == "The brakes are worn. Grüße, Ann"
    assert message.subject == "About my brakes"
    assert message.conversation.snippet.startswith("The brakes are worn.")
    assert message.protection["encrypted"] == "opened"
    assert blobs().get(message.raw_digest) == raw
    assert b"brakes" not in raw.lower()


def test_a_signed_mail_is_filed_with_its_verdict(desk: Desk) -> None:
    message = filed(made("smime_signed"), mailbox=desk.given("authority.pem").mailbox)
    assert message.protection["signature"] == "valid"
    assert not message.attachments.exists()


def test_an_encrypted_mail_without_its_key_is_filed_with_its_file(desk: Desk) -> None:
    message = filed(made("smime_aes"), mailbox=desk.mailbox)
    assert message.protection["encrypted"] == "no_key"
    assert [file.name for file in message.attachments.all()] == ["smime.p7m"]


def test_private_keys_are_sealed(desk: Desk) -> None:
    desk.given("support.asc", "support.p12")
    kept = "".join(key.sealed_private + key.public for key in MailKey.objects.all())
    assert "PRIVATE KEY" not in kept
