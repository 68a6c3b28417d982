"""A short message for one browser, as push services take it: sealed for it (RFC 8291), signed by us (RFC 8292)."""

import base64
import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

# RFC 8030 lets a push service refuse more than 4096 bytes: 86 of them are the header, 17 the tag and the padding.
LONGEST = 4096 - 86 - 17
_RECORD = 4096
_CURVE = ec.SECP256R1()
# RFC 8292: at most a day; clocks differ.
_VALID = timedelta(hours=12)


class NoSuchBrowser(Exception):
    """This is no public key of a browser, or no secret of one."""


@dataclass(frozen=True)
class Keys:
    """What a browser gives with its subscription, as URL-safe base64: an uncompressed point of P-256, and 16 bytes."""

    p256dh: str
    auth: str


def encrypt(message: bytes, *, to: Keys, salt: bytes = b"", own: ec.EllipticCurvePrivateKey | None = None) -> bytes:
    """Return the body of a push in the coding aes128gcm; NoSuchBrowser for keys that are none.

    `salt` (16 bytes) and `own` are made anew for each message; only a test of the standard's example says which.
    """
    theirs, secret = _read(to)
    salt = salt or os.urandom(16)
    own = own or ec.generate_private_key(_CURVE)
    ours = point(own)
    shared = own.exchange(ec.ECDH(), theirs)
    about = b"WebPush: info\x00" + _decoded(to.p256dh) + ours
    key = _derive(shared, salt=secret, info=about, length=32)
    content_key = _derive(key, salt=salt, info=b"Content-Encoding: aes128gcm\x00", length=16)
    nonce = _derive(key, salt=salt, info=b"Content-Encoding: nonce\x00", length=12)
    # One record, the last: 0x02 ends what is meant (RFC 8188).
    sealed = AESGCM(content_key).encrypt(nonce, message[:LONGEST] + b"\x02", None)
    return salt + _RECORD.to_bytes(4) + bytes([len(ours)]) + ours + sealed


def authorization(endpoint: str, *, private: str, contact: str, now: datetime) -> str:
    """Return the header by which a push service knows who sends; `contact` is an https: or mailto: address of ours."""
    # Only the worker needs it.
    import jwt

    parts = urlsplit(endpoint)
    key = private_key(private)
    claims = {"aud": f"{parts.scheme}://{parts.netloc}", "exp": int((now + _VALID).timestamp()), "sub": contact}
    token = jwt.encode(claims, key, algorithm="ES256")
    return f"vapid t={token}, k={encoded(point(key))}"


def new_private() -> str:
    """Return a new private key, as URL-safe base64 of its number."""
    number = ec.generate_private_key(_CURVE).private_numbers().private_value
    return encoded(number.to_bytes(32))


@lru_cache(maxsize=4)
def private_key(private: str) -> ec.EllipticCurvePrivateKey:
    """Return the key that `new_private` made."""
    return ec.derive_private_key(int.from_bytes(_decoded(private)), _CURVE)


def point(key: ec.EllipticCurvePrivateKey) -> bytes:
    """Return the public key that belongs to it, uncompressed (65 bytes)."""
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def encoded(data: bytes) -> str:
    """Return URL-safe base64 without padding, as browsers write it."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def are_good(keys: Keys) -> bool:
    """Tell whether something can be sealed for these keys."""
    try:
        _read(keys)
    except NoSuchBrowser:
        return False
    return True


def _read(keys: Keys) -> tuple[ec.EllipticCurvePublicKey, bytes]:
    try:
        secret = _decoded(keys.auth)
        theirs = ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, _decoded(keys.p256dh))
    except (ValueError, InvalidKey) as wrong:
        raise NoSuchBrowser(str(wrong)) from wrong
    if len(secret) != 16:
        raise NoSuchBrowser("The secret is not 16 bytes long.")
    return theirs, secret


def _decoded(text: str) -> bytes:
    return base64.b64decode(text.encode("ascii") + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)


def _derive(material: bytes, *, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=length, salt=salt, info=info).derive(material)
