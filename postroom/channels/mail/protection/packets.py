"""The packets of an OpenPGP message (RFC 9580 section 4), without looking into them."""

from collections.abc import Iterator


def packets(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield each packet's type and body; ValueError where the bytes are none."""
    at = 0
    while at < len(data):
        first = data[at]
        if not first & 0x80:
            raise ValueError("not a packet")
        body, at = _new_body(data, at + 1) if first & 0x40 else _old_body(data, at + 1, first & 3)
        yield (first & 0x3F if first & 0x40 else first >> 2 & 0x0F), body


def _old_body(data: bytes, at: int, kind: int) -> tuple[bytes, int]:
    if kind == 3:
        return data[at:], len(data)  # as far as there is something
    start = at + (1 << kind)
    return _taken(data, start, int.from_bytes(data[at:start], "big"))


def _new_body(data: bytes, at: int) -> tuple[bytes, int]:
    pieces: list[bytes] = []
    while True:
        length, at, partial = _new_length(data, at)
        piece, at = _taken(data, at, length)
        pieces.append(piece)
        if not partial:
            return b"".join(pieces), at


def _new_length(data: bytes, at: int) -> tuple[int, int, bool]:
    """Return a length, where the body begins, and whether another length follows the body."""
    first = (data[at : at + 1] or b"\0")[0]
    if first < 192:
        return first, at + 1, False
    if first < 224:
        return (first - 192 << 8) + int.from_bytes(data[at + 1 : at + 2], "big") + 192, at + 2, False
    if first == 255:
        return int.from_bytes(data[at + 1 : at + 5], "big"), at + 5, False
    return 1 << (first & 0x1F), at + 1, True


def _taken(data: bytes, start: int, length: int) -> tuple[bytes, int]:
    if start + length > len(data):
        raise ValueError("cut off")
    return data[start : start + length], start + length
