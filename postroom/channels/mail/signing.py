"""Sign what leaves with the key of its sender's domain (DKIM, RFC 6376)."""

import base64

import dkim
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from django.conf import settings

from postroom.channels.mail.models import DkimKey
from postroom.channels.mail.wire import wire_domain
from postroom.core.accounts.models import Mailbox
from postroom.lib.addresses import domain
from postroom.lib.sealing import SealBroken, seal, unseal

# What every receiver checks; longer keys do not fit everybody's DNS, and Ed25519 is checked by few.
_BITS = 2048


def key_of(mailbox: Mailbox) -> DkimKey | None:
    """Return the key of the mailbox's domain, in use or not."""
    return DkimKey.objects.filter(domain=wire_domain(domain(mailbox.address))).first()


def make_key(*, for_domain: str, selector: str) -> DkimKey:
    """Return a new key, not stored yet and not in use."""
    made = rsa.generate_private_key(public_exponent=65537, key_size=_BITS)
    # The library reads PKCS #1 only.
    private = made.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()).decode()
    public = made.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return DkimKey(
        domain=for_domain,
        selector=selector,
        sealed_key=seal(private, key=settings.POSTROOM_KEY),
        public_key=base64.b64encode(public).decode(),
    )


def record_name(key: DkimKey) -> str:
    """Return under which name the record stands in DNS."""
    return f"{key.selector}._domainkey.{key.domain}"


def record_text(key: DkimKey) -> str:
    """Return what the TXT record says (RFC 6376 3.6.1)."""
    return f"v=DKIM1; k=rsa; p={key.public_key}"


def signed(raw: bytes, *, mailbox: Mailbox) -> bytes:
    """Return the mail with its signature in front; as it was when the domain has no key in use.

    SealBroken when the key cannot be opened: unsigned mail of a domain that signs would be taken for a forgery.
    """
    key = key_of(mailbox)
    if key is None or not key.active:
        return raw
    private = unseal(key.sealed_key, key=settings.POSTROOM_KEY).encode()
    header: bytes = dkim.sign(
        raw, key.selector.encode(), key.domain.encode(), private, canonicalize=(b"relaxed", b"relaxed")
    )
    return header + raw


__all__ = ["SealBroken", "key_of", "make_key", "record_name", "record_text", "signed"]
