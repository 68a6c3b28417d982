"""Private OpenPGP keys as numbers (RFC 9580 sections 5.5.3 and 3.7), as GnuPG exports them."""

import hashlib
from dataclasses import dataclass

from cryptography.hazmat.decrepit.ciphers.modes import CFB
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES

_KEY_LENGTHS = {7: 16, 8: 24, 9: 32}
_HASHES = {2: "sha1", 8: "sha256", 9: "sha384", 10: "sha512"}
_CURVE25519 = bytes.fromhex("2b060104019755010501")
_ANONYMOUS = b"Anonymous Sender    "


@dataclass(frozen=True, slots=True)
class EcdhKey:
    """A key of Curve25519, and how keys are made from what it agrees on."""

    secret: bytes
    kdf_hash: int
    kdf_cipher: int
    kdf_parameter: bytes


def private_key_of(body: bytes, *, passphrase: str) -> rsa.RSAPrivateKey | EcdhKey | None:
    """Return the key in the body of a secret key packet; None for other kinds and a wrong passphrase."""
    if body[:1] != b"\x04":
        return None
    try:
        return _rsa(body, passphrase) if body[5] in (1, 2) else _ecdh(body, passphrase) if body[5] == 18 else None
    except (ValueError, KeyError, IndexError):
        return None


def _rsa(body: bytes, passphrase: str) -> rsa.RSAPrivateKey | None:
    modulus, at = _number(body, 6)
    exponent, at = _number(body, at)
    secret = _unlocked(body[at:], passphrase)
    if secret is None:
        return None
    d, at = _number(secret, 0)
    p, at = _number(secret, at)
    q, at = _number(secret, at)
    numbers = rsa.RSAPrivateNumbers(
        p=p, q=q, d=d, dmp1=rsa.rsa_crt_dmp1(d, p), dmq1=rsa.rsa_crt_dmq1(d, q), iqmp=rsa.rsa_crt_iqmp(p, q),
        public_numbers=rsa.RSAPublicNumbers(exponent, modulus),
    )  # fmt: skip
    return numbers.private_key()


def _ecdh(body: bytes, passphrase: str) -> EcdhKey | None:
    curve = body[7 : 7 + body[6]]
    _point, at = _number(body, 7 + body[6])
    kdf = body[at : at + 4]  # 3, 1, hash, cipher
    at += 4
    secret = _unlocked(body[at:], passphrase)
    if curve != _CURVE25519 or kdf[:2] != b"\x03\x01" or secret is None:
        return None
    scalar, _end = _number(secret, 0)
    fingerprint = hashlib.sha1(b"\x99" + at.to_bytes(2, "big") + body[:at], usedforsecurity=False).digest()
    return EcdhKey(
        secret=scalar.to_bytes(32, "little"),
        kdf_hash=kdf[2],
        kdf_cipher=kdf[3],
        kdf_parameter=bytes([len(curve)]) + curve + b"\x12" + kdf + _ANONYMOUS + fingerprint,
    )


def _unlocked(locked: bytes, passphrase: str) -> bytes | None:
    """Return the secret numbers, None when the passphrase does not fit."""
    if locked[0] == 0:
        return locked[1:]
    if locked[0] != 254 or locked[2] not in (0, 1, 3):
        return None
    length = _KEY_LENGTHS[locked[1]]
    kind, hashed, at = locked[2], _HASHES[locked[3]], 4
    salt, count = b"", 0
    if kind:
        salt, at = locked[4:12], 12
    if kind == 3:
        count, at = (16 + (locked[12] & 15)) << ((locked[12] >> 4) + 6), 13
    key = _stretched(salt + passphrase.encode(), hashed, count=count, length=length)
    decryptor = Cipher(AES(key), CFB(locked[at : at + 16])).decryptor()
    plain = decryptor.update(locked[at + 16 :]) + decryptor.finalize()
    secret, check = plain[:-20], plain[-20:]
    return secret if hashlib.sha1(secret, usedforsecurity=False).digest() == check else None


def _stretched(salted: bytes, hashed: str, *, count: int, length: int) -> bytes:
    count = max(count, len(salted))
    found, zeros = b"", b""
    while len(found) < length:
        digest = hashlib.new(hashed, zeros, usedforsecurity=False)
        whole, rest = divmod(count, len(salted))
        many = salted * (65536 // len(salted) or 1)
        rounds, left = divmod(whole * len(salted), len(many))
        for _ in range(rounds):
            digest.update(many)
        digest.update(many[:left] + salted[:rest])
        found += digest.digest()
        zeros += b"\0"
    return found[:length]


def _number(data: bytes, at: int) -> tuple[int, int]:
    """Return the number that begins here (its length in bits first), and where it ends."""
    end = at + 2 + (int.from_bytes(data[at : at + 2], "big") + 7 >> 3)
    return int.from_bytes(data[at + 2 : end], "big"), end
