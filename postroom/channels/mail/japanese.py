"""ISO-2022-JP as Japanese mail really uses it: with NEC's and IBM's characters, which Python's codec refuses."""

import re

_ESCAPE = re.compile(rb"\x1b(\$[@B]|\$\([@-DOPQ]|\([BJIH])")


def decode_iso2022_jp(data: bytes) -> str:
    """Return the text; segments in JIS X 0208 are read as Windows-31J, which holds NEC row 13 and IBM's kanji."""
    pieces: list[str] = []
    mode, start = b"(B", 0
    for match in _ESCAPE.finditer(data):
        pieces.append(_segment(data[start : match.start()], mode))
        mode, start = match[1], match.end()
    pieces.append(_segment(data[start:], mode))
    return "".join(pieces)


def _segment(data: bytes, mode: bytes) -> str:
    if not data:
        return ""
    if mode in (b"$B", b"$@"):
        return _kanji(data)
    if mode == b"(I":  # half-width katakana in seven bits
        return bytes(byte | 0x80 if 0x21 <= byte <= 0x5F else byte for byte in data).decode("cp932", "replace")
    if mode.startswith(b"$("):
        return (b"\x1b" + mode + data).decode("iso2022_jp_ext", "replace")
    return data.decode("ascii") if data.isascii() else data.decode("cp932", "replace")


def _kanji(data: bytes) -> str:
    out = bytearray()
    position = 0
    while position < len(data):
        first = data[position]
        if not 0x21 <= first <= 0x7E or position + 1 >= len(data):
            out.append(first)  # a line end inside kanji: RFC 1468 forbids it, mail does it
            position += 1
            continue
        out += _to_shift_jis(first, data[position + 1])
        position += 2
    return out.decode("cp932", "replace")


def _to_shift_jis(first: int, second: int) -> bytes:
    low = second + (0x1F if second < 0x60 else 0x20) if first % 2 else second + 0x7E
    high = (first + 1) // 2 + (0x70 if first < 0x5F else 0xB0)
    return bytes((high & 0xFF, low & 0xFF))
