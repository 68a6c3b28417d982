"""Decompress Outlook's rich text (MS-OXRTFCP)."""

import struct

MAX_RTF = 5_000_000
_FIRST_WORDS = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript "
    b"\\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par "
    b"\\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)
_WINDOW = 4096


def decompressed(data: bytes) -> bytes:
    """Return the rich text, b'' when there is none to be had."""
    if len(data) < 16:
        return b""
    kind = data[8:12]
    if kind == b"MELA":
        return data[16:]
    (size,) = struct.unpack_from("<I", data, 4)
    return _unpacked(data[16:], min(size, MAX_RTF)) if kind == b"LZFu" else b""


def _unpacked(data: bytes, size: int) -> bytes:
    window = bytearray(_FIRST_WORDS.ljust(_WINDOW, b"\0"))
    write, position = len(_FIRST_WORDS), 0
    out = bytearray()
    while position < len(data) and len(out) < size:
        control = data[position]
        position += 1
        for bit in range(8):
            if control >> bit & 1:
                token = int.from_bytes(data[position : position + 2], "big")
                start, length = token >> 4, (token & 0xF) + 2
                position += 2
                if start == write % _WINDOW or position > len(data):
                    return bytes(out[:size])
                piece = bytearray()
                for step in range(length):
                    byte = window[(start + step) % _WINDOW]
                    window[write % _WINDOW] = byte
                    write += 1
                    piece.append(byte)
                out += piece
            else:
                if position >= len(data):
                    break
                window[write % _WINDOW] = data[position]
                out.append(data[position])
                write += 1
                position += 1
    return bytes(out[:size])
