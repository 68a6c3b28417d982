"""The keys that a mailbox holds and knows, ready to be used."""

import base64
import binascii
import json
import re

from cryptography import x509
from django.conf import settings
from django.db import IntegrityError, transaction
from pysequoia import Cert

from postroom.channels.mail.models import MailKey
from postroom.channels.mail.models.key import AUTHORITY, KNOWN, OPENPGP, OWN, SMIME
from postroom.channels.mail.parsed import Parsed
from postroom.channels.mail.protection.openpgp import Known, OwnKey, addresses_in, name_in, read_certificates
from postroom.channels.mail.protection.smime_opened import OwnCertificate, load_key
from postroom.core.accounts.models import Mailbox
from postroom.lib import clock
from postroom.lib.sealing import SealBroken, unseal

_AUTOCRYPT_KEY = re.compile(r"(?i)keydata\s*=\s*([A-Za-z0-9+/=\s]+)")
_MAX_KEY = 100_000
# Whoever sends a new key each day is not believed more for it.
_MAX_LEARNED = 5
_KEY_FILES = frozenset({"application/pgp-keys"})


def own_certificates(mailbox: Mailbox) -> list[OwnCertificate]:
    """Return the mailbox's S/MIME keys; one that was sealed with another key is left out."""
    found: list[OwnCertificate] = []
    for row in mailbox.keys.filter(kind=SMIME, role=OWN).order_by("-pk"):
        try:
            key = load_key(unseal(row.sealed_private, key=settings.POSTROOM_KEY))
        except SealBroken:
            continue
        found.append(OwnCertificate(certificate=x509.load_pem_x509_certificate(row.public.encode()), key=key))
    return found


def own_openpgp_keys(mailbox: Mailbox) -> list[OwnKey]:
    """Return the mailbox's OpenPGP keys."""
    found: list[OwnKey] = []
    for row in mailbox.keys.filter(kind=OPENPGP, role=OWN).order_by("-pk"):
        try:
            private = json.loads(unseal(row.sealed_private, key=settings.POSTROOM_KEY))
        except SealBroken:
            continue
        found.append(OwnKey(armored=private["key"], passphrase=private["passphrase"]))
    return found


def trusted_certificates(mailbox: Mailbox) -> list[x509.Certificate]:
    """Return the certificates that the owner trusts for this mailbox."""
    rows = mailbox.keys.filter(kind=SMIME, role=AUTHORITY)
    return [x509.load_pem_x509_certificate(row.public.encode()) for row in rows]


def known_certificates(mailbox: Mailbox, addresses: frozenset[str]) -> list[Known]:
    """Return the OpenPGP certificates known for these addresses, and the mailbox's own."""
    rows = list(mailbox.keys.filter(kind=OPENPGP, role=KNOWN, address__in=addresses).order_by("known_since", "pk"))
    rows += list(mailbox.keys.filter(kind=OPENPGP, role=OWN))
    first: dict[str, int] = {}
    found: list[Known] = []
    for row in rows:
        changed = row.role == KNOWN and first.setdefault(row.address, row.pk) != row.pk
        since = row.known_since.date().isoformat()
        certificates = read_certificates(row.public.encode())
        found += [Known(certificate=certificate, since=since, changed=changed) for certificate in certificates]
    return found


def learn_keys(parsed: Parsed, mailbox: Mailbox) -> None:
    """Keep the sender's OpenPGP keys that came with the mail (Autocrypt's header, RFC 3156 section 7's files).

    Only such that name the sender's address; the first one is believed until another is seen, and then the verdict
    says that it is another.
    """
    address = parsed.from_.email.lower()
    if not address or not (sent := _sent_keys(parsed)):
        return
    for certificate in sent:
        if address in addresses_in(certificate):
            _keep(certificate, address, mailbox)


def _sent_keys(parsed: Parsed) -> list[Cert]:
    found: list[Cert] = []
    for value in parsed.header_all("autocrypt")[:2]:
        stated = _AUTOCRYPT_KEY.search(value[:_MAX_KEY])
        if stated:
            try:
                found += read_certificates(base64.b64decode("".join(stated[1].split())))
            except (binascii.Error, ValueError):
                continue
    for file in parsed.attachments:
        if file.content_type in _KEY_FILES and file.size <= _MAX_KEY:
            found += read_certificates(file.data)
    return found[:_MAX_LEARNED]


def _keep(certificate: Cert, address: str, mailbox: Mailbox) -> None:
    rows = mailbox.keys.filter(kind=OPENPGP, role=KNOWN, address=address)
    have = list(rows.values_list("fingerprint", flat=True))
    if certificate.fingerprint in have:
        _renew(certificate, mailbox)
        return
    if len(have) >= _MAX_LEARNED:
        return
    try:
        with transaction.atomic():
            MailKey.objects.create(
                mailbox=mailbox,
                kind=OPENPGP,
                role=KNOWN,
                address=address,
                name=name_in(certificate),
                fingerprint=certificate.fingerprint,
                public=str(certificate),
                not_after=certificate.expiration,
                known_since=clock.now(),
            )
    except IntegrityError:
        return  # another worker has learned it this moment, or it is known under another address


def _renew(certificate: Cert, mailbox: Mailbox) -> None:
    """The same key may come with a later expiry, or revoked."""
    row = mailbox.keys.filter(role=KNOWN, fingerprint=certificate.fingerprint).first()
    if row is None:
        return
    merged = read_certificates(row.public.encode())[0].merge(certificate)
    if str(merged) != row.public:
        MailKey.objects.filter(pk=row.pk).update(public=str(merged), not_after=merged.expiration)
