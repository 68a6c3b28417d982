"""Give a mailbox a key, a correspondent's or an authority's certificate, and take it away again."""

import json
from datetime import UTC, datetime

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from pysequoia import Cert, Tsk, decrypt, encrypt

from postroom.channels.mail.models import MailKey
from postroom.channels.mail.models.key import AUTHORITY, KNOWN, OPENPGP, OWN, SMIME
from postroom.channels.mail.noted import note_mailbox
from postroom.channels.mail.protection.authorities import fingerprint_of
from postroom.channels.mail.protection.certificates import addresses_of, name_of
from postroom.channels.mail.protection.openpgp import addresses_in, has_private_key, name_in, read_certificates
from postroom.core.accounts.models import Mailbox
from postroom.core.audit.differences import Told
from postroom.core.events.actor import Actor
from postroom.core.events.kinds import MailboxChanged
from postroom.core.events.record import record
from postroom.lib import clock
from postroom.lib.sealing import seal

MAX_SIZE = 200_000


class KeyRefused(Exception):
    """The file cannot be used; the sentence says why and what to do."""


def add_key(mailbox: Mailbox, *, data: bytes, passphrase: str, by: Actor) -> MailKey:
    """Keep a key or certificate and return it; the same file again changes nothing but the passphrase.

    Takes PKCS#12 (.p12, .pfx) and PEM for S/MIME, OpenPGP armored or binary. A private key is the mailbox's own and
    opens its mail; a certificate alone is trusted to sign (S/MIME), a public key is a correspondent's (OpenPGP).
    """
    if len(data) > MAX_SIZE:
        raise KeyRefused(_("This file is too large for a key. Nothing was stored."))
    row = _openpgp(data, passphrase) or _smime(data, passphrase)
    if row is None:
        raise KeyRefused(
            _(
                "This is no key that Postroom understands. Upload a PKCS#12 file (.p12 or .pfx), a PEM certificate "
                "or an OpenPGP key."
            )
        )
    row.mailbox = mailbox
    with transaction.atomic():
        mailbox.keys.filter(role=row.role, fingerprint=row.fingerprint).delete()
        row.save()
        told: dict[str, Told] = {"kind": row.kind, "role": row.role, "fingerprint": row.fingerprint}
        told["private"] = bool(row.sealed_private)
        note_mailbox("mail_key.added", mailbox, by=by, after=told, about=row.name or row.address)
        record(MailboxChanged(address=mailbox.address), by=by, mailbox_id=mailbox.pk)
    return row


def remove_key(key: MailKey, *, by: Actor) -> None:
    """Forget a key. What it has opened stays readable; mail that it would open does not get read any more."""
    with transaction.atomic():
        deleted, _rows = MailKey.objects.filter(pk=key.pk).delete()
        if deleted:
            gone: dict[str, Told] = {"kind": key.kind, "role": key.role, "fingerprint": key.fingerprint}
            note_mailbox("mail_key.removed", key.mailbox, by=by, before=gone, about=key.name or key.address)
            record(MailboxChanged(address=key.mailbox.address), by=by, mailbox_id=key.mailbox_id)


def _openpgp(data: bytes, passphrase: str) -> MailKey | None:
    private = has_private_key(data)
    found = [Tsk.from_bytes(data).extract_certificate()] if private else read_certificates(data)
    if not found:
        return None
    certificate = found[0]
    row = MailKey(
        kind=OPENPGP,
        role=OWN if private else KNOWN,
        address=next(iter(addresses_in(certificate)), "")[:254],
        name=name_in(certificate),
        fingerprint=certificate.fingerprint,
        public=str(certificate),
        not_after=certificate.expiration,
        known_since=clock.now(),
    )
    if private:
        armored = _opening(data, certificate, passphrase)
        kept = json.dumps({"key": armored, "passphrase": passphrase})
        row.sealed_private = seal(kept, key=settings.POSTROOM_KEY)
    return row


def _opening(data: bytes, certificate: Cert, passphrase: str) -> str:
    """Return the key, armored, once it has opened something: a wrong passphrase shows now, not with the first mail."""
    key = Tsk.from_bytes(data)
    try:
        sample = encrypt(b"Postroom", recipients=[certificate])
    except (RuntimeError, ValueError):
        raise KeyRefused(_("This OpenPGP key cannot decrypt: it has no valid part for encryption.")) from None
    try:
        decrypt(sample, key.decryptor(passphrase or None))
    except (RuntimeError, ValueError):
        raise KeyRefused(_wrong_passphrase(passphrase)) from None
    return str(key)


def _wrong_passphrase(passphrase: str) -> str:
    if passphrase:
        return _("The passphrase does not open this key. Nothing was stored. Type it again.")
    return _("This key is locked with a passphrase. Nothing was stored. Type the passphrase, too.")


def _smime(data: bytes, passphrase: str) -> MailKey | None:
    if b"-----BEGIN CERTIFICATE-----" in data:
        return _from_pem(data, passphrase)
    try:
        key, certificate, _others = pkcs12.load_key_and_certificates(data, passphrase.encode() or None)
    except ValueError as wrong:
        if "password" in str(wrong).lower():
            raise KeyRefused(_wrong_passphrase(passphrase)) from None
        return _from_der(data)
    if certificate is None:
        return None
    return _certificate_row(certificate, key)


def _from_pem(data: bytes, passphrase: str) -> MailKey | None:
    try:
        certificate = x509.load_pem_x509_certificate(data)
        key = (
            serialization.load_pem_private_key(data, passphrase.encode() or None)
            if b"PRIVATE KEY-----" in data
            else None
        )
    except TypeError:
        raise KeyRefused(_wrong_passphrase("")) from None
    except ValueError:
        raise KeyRefused(_wrong_passphrase(passphrase)) from None
    return _certificate_row(certificate, key)


def _from_der(data: bytes) -> MailKey | None:
    try:
        return _certificate_row(x509.load_der_x509_certificate(data), None)
    except ValueError:
        return None


def _certificate_row(certificate: x509.Certificate, key: object) -> MailKey:
    row = MailKey(
        kind=SMIME,
        role=AUTHORITY,
        address=next(iter(addresses_of(certificate)), ""),
        name=name_of(certificate),
        fingerprint=fingerprint_of(certificate),
        public=certificate.public_bytes(serialization.Encoding.PEM).decode(),
        not_after=_utc(certificate.not_valid_after_utc),
        known_since=clock.now(),
    )
    if key is None:
        return row
    if not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise KeyRefused(_("This kind of key cannot open mail. S/MIME needs an RSA or an elliptic-curve key."))
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
    row.role = OWN
    row.sealed_private = seal(pem, key=settings.POSTROOM_KEY)
    return row


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)
