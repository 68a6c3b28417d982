"""Decrypt an OpenPGP message down to its packets, which Sequoia's door to Python does not hand out.

GnuPG compresses between signing and encrypting, and pysequoia 0.1 refuses to check a signature in that order. So what
it has decrypted is decrypted here again, unpacked, and given back to it as a signed message. Only for what GnuPG makes
by itself: RSA and Curve25519, AES, RFC 9580 section 5.13.1; anything else raises CannotUnpack.
"""

import hashlib
import zlib
from collections.abc import Iterator

from cryptography.hazmat.decrepit.ciphers.modes import CFB
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap
from pysequoia import Tsk
from pysequoia.packet import PacketPile, Tag

from postroom.channels.mail.protection.packets import packets
from postroom.channels.mail.protection.private_keys import EcdhKey, private_key_of
from postroom.channels.mail.protection.questions import OwnKey
from postroom.channels.mail.protection.verdict import TooLarge

_KEY_LENGTHS = {7: 16, 8: 24, 9: 32}  # AES, RFC 9580 section 9.3
_HASHES = {8: "sha256", 9: "sha384", 10: "sha512"}
_COMPRESSED = 8
_MAX_RECIPIENTS = 20


class CannotUnpack(Exception):
    """It is encrypted or packed in another way."""


def unpacked(data: bytes, key: OwnKey, *, most: int) -> bytes:
    """Return the packets inside of an encrypted message, decompressed; TooLarge when they are more than `most`."""
    pile = list(PacketPile.from_bytes(data))  # Sequoia has opened the message before: there is no bomb outside
    sealed = next((packet.body for packet in pile if packet.tag == Tag.SEIP), b"")
    if sealed[:1] != b"\x01":
        raise CannotUnpack
    wanted = [packet.body for packet in pile if packet.tag == Tag.PKESK][:_MAX_RECIPIENTS]
    for session_key in _session_keys(wanted, key):
        inner = _opened(sealed[1:], session_key)
        if inner is not None:
            return _decompressed(inner, most=most)
    raise CannotUnpack


def _session_keys(wanted: list[bytes], own: OwnKey) -> Iterator[bytes]:
    for packet in PacketPile.from_bytes(bytes(Tsk.from_bytes(own.armored.encode()))):
        if packet.tag not in (Tag.SecretKey, Tag.SecretSubkey) or not packet.key_id:
            continue
        ids = (bytes.fromhex(packet.key_id), bytes(8))
        for body in wanted:
            if len(body) < 12 or body[:1] != b"\x03" or body[1:9] not in ids:
                continue
            key = private_key_of(packet.body, passphrase=own.passphrase)
            found = None if key is None else _session_key(body[9:], key)
            if found is not None:
                yield found


def _session_key(body: bytes, key: rsa.RSAPrivateKey | EcdhKey) -> bytes | None:
    """Return the key of AES that a PKESK packet holds, after its key id; None when it holds none for this key."""
    algorithm, size = body[0], int.from_bytes(body[1:3], "big") + 7 >> 3
    first, rest = body[3 : 3 + size], body[3 + size :]
    try:
        if isinstance(key, EcdhKey):
            plain = _agreed(first, rest, key) if algorithm == 18 else b""
        else:
            whole = first.rjust(key.key_size // 8, b"\0")
            plain = key.decrypt(whole, padding.PKCS1v15()) if algorithm in (1, 2) else b""
    except (ValueError, InvalidUnwrap, KeyError, IndexError):
        return None
    length = _KEY_LENGTHS.get(plain[0], 0) if plain else 0
    found, check = plain[1 : 1 + length], plain[1 + length : 3 + length]
    return found if length and sum(found) % 65536 == int.from_bytes(check, "big") else None


def _agreed(point: bytes, rest: bytes, key: EcdhKey) -> bytes:
    """RFC 9580 section 11.4, with Curve25519's points that begin with 0x40."""
    shared = X25519PrivateKey.from_private_bytes(key.secret).exchange(X25519PublicKey.from_public_bytes(point[1:]))
    hashed = hashlib.new(_HASHES[key.kdf_hash], b"\0\0\0\1" + shared + key.kdf_parameter).digest()
    plain = aes_key_unwrap(hashed[: _KEY_LENGTHS[key.kdf_cipher]], rest[1 : 1 + rest[0]])
    return plain[: len(plain) - plain[-1]]


def _opened(sealed: bytes, key: bytes) -> bytes | None:
    """Return the plaintext of an encrypted packet, None when its seal against changes does not fit."""
    decryptor = Cipher(AES(key), CFB(bytes(16))).decryptor()
    plain = decryptor.update(sealed) + decryptor.finalize()
    covered, seal = plain[:-20], plain[-20:]
    if covered[-2:] != b"\xd3\x14" or hashlib.sha1(covered, usedforsecurity=False).digest() != seal:
        return None
    return covered[18:-2]


def _decompressed(inner: bytes, *, most: int) -> bytes:
    tag, body = next(packets(inner), (0, b""))
    if tag != _COMPRESSED:
        return inner
    if body[:1] not in (b"\x01", b"\x02"):
        raise CannotUnpack  # Sequoia has not unpacked it either
    unpacker = zlib.decompressobj(-15 if body[:1] == b"\x01" else 15)
    try:
        found = unpacker.decompress(body[1:], most + 1)
    except zlib.error:
        raise CannotUnpack from None
    if len(found) > most:
        raise TooLarge("a compressed packet is larger than any mail")
    return found
