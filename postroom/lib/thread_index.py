"""Outlook's Thread-Index (MS-OXOMSG 2.2.1.3): Outlook and Exchange group mail by it and not by References.

22 bytes are the same for a whole thread: six of its time (the upper ones of a FILETIME) and a GUID. Each answer adds
five.
"""

import base64
import binascii
import hashlib
import hmac
import struct
from datetime import UTC, datetime

_HEAD = 22
_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)


def read(header: str) -> str:
    """Return the thread's part of a header in hex (44 characters), empty for what is none."""
    text = "".join(header.split())[:4000]
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError):
        return ""
    head = data[:_HEAD]
    # A GUID of zeros comes from programs that fill the header in without meaning it.
    return head.hex() if len(head) == _HEAD and any(head[6:]) else ""


def begin(conversation_id: int, *, at: datetime, key: bytes, side: int | None = None) -> str:
    """Return the thread's part (hex) for a conversation whose customer sent none; nobody else can guess it.

    A side thread (`side`) has one of its own: in it nothing may lead to what the customer got.
    """
    place = str(conversation_id) if side is None else f"{conversation_id}s{side}"
    guid = hmac.new(key, f"thread-index\n{place}".encode(), hashlib.sha256).digest()[:16]
    return (struct.pack(">Q", _ticks(at))[:6] + guid).hex()


def answer(head: str, *, at: datetime) -> str:
    """Return the header of an answer in that thread: its part and one child block of five bytes."""
    data = bytes.fromhex(head)
    begun = int.from_bytes(data[:6], "big") << 16
    # 31 bits of the distance in units of 2^18 ticks (26 ms), for threads below 1.7 years; then a byte that differs.
    distance = (max(0, _ticks(at) - begun) >> 18) & 0x7FFFFFFF
    return base64.b64encode(data + struct.pack(">IB", distance, at.microsecond & 0xFF)).decode()


def _ticks(at: datetime) -> int:
    """Return the 100-nanosecond steps since 1601 (FILETIME)."""
    since = at - _EPOCH
    return (since.days * 86400 + since.seconds) * 10_000_000 + since.microseconds * 10
