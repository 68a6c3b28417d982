"""Read the properties of Outlook's objects (MS-OXTNEF 2.1.3.4): bounded, and never further than the bytes go."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

MAX_PROPERTIES = 2000
MAX_VALUES = 1000  # of one property
_NAMED = 0x8000
_MANY = 0x1000
_SIZES = {0x01: 0, 0x02: 4, 0x03: 4, 0x04: 4, 0x05: 8, 0x06: 8, 0x07: 8, 0x0A: 4, 0x0B: 4, 0x14: 8, 0x40: 8, 0x48: 16}
_STRING, _UNICODE, _OBJECT, _BINARY = 0x1E, 0x1F, 0x0D, 0x102


@dataclass(frozen=True, slots=True)
class Property:
    """One property: its number (the name's own for a named one, then `named`), its type, the bytes of its value."""

    number: int
    kind: int
    data: bytes
    named: bool = False

    def text(self, codec: str) -> str:
        """Return the value as text; binary values are taken in the codec."""
        data = self.data
        if self.kind == _UNICODE:
            return data[: len(data) // 2 * 2].decode("utf-16-le", "replace").partition("\0")[0]
        return data.decode(codec, "replace").partition("\0")[0]

    @property
    def whole(self) -> int:
        """The value as a number."""
        return int.from_bytes(self.data[:8], "little")


def properties(data: bytes) -> Iterator[Property]:
    """Yield the properties, as many as can be read; the first value of those that have several."""
    try:
        (count,) = struct.unpack_from("<I", data, 0)
        position = 4
        for _ in range(min(count, MAX_PROPERTIES)):
            found, position = _property(data, position)
            yield found
    except (struct.error, _Damaged):
        return


class _Damaged(Exception):
    """The bytes end, or say a length that they have not."""


def _property(data: bytes, position: int) -> tuple[Property, int]:
    kind, number = struct.unpack_from("<HH", data, position)
    position += 4
    named = number >= _NAMED
    if named:
        number, position = _name(data, position + 16)  # after the GUID of its set
    several, kind = bool(kind & _MANY), kind & ~_MANY
    size = _SIZES.get(kind)
    count = 1
    if several or size is None:
        (count,) = struct.unpack_from("<I", data, position)
        position += 4
    if count > MAX_VALUES or (size is None and kind not in (_STRING, _UNICODE, _OBJECT, _BINARY)):
        raise _Damaged
    first = b""
    for index in range(count):
        length = size
        if length is None:
            (length,) = struct.unpack_from("<I", data, position)
            position += 4
        if position + length > len(data):
            raise _Damaged
        if index == 0:
            first = data[position : position + length]
        position += length + -length % 4
    return Property(number=number, kind=kind, data=first, named=named), position


def _name(data: bytes, position: int) -> tuple[int, int]:
    """Return the number of a named property (0 when it has a word for a name) and where its value starts."""
    kind, value = struct.unpack_from("<II", data, position)
    position += 8
    if kind == 0:
        return value, position
    if position + value > len(data):
        raise _Damaged
    return 0, position + value + -value % 4
