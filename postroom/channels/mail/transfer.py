"""Undo a content transfer encoding, however torn."""

import binascii
import re
from dataclasses import dataclass

_LINE_OF_BASE64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=\r\n"
_NOT_BASE64 = bytes(set(range(256)) - set(_LINE_OF_BASE64)) + b"\r\n"
_UNPADDED = re.compile(rb"[^=]+")
_UU = re.compile(rb"(?m)^begin[ \t]+[0-7]{3,4}[ \t]+(\S[^\r\n]*)\r?\n")
MAX_UU_FILES = 200


@dataclass(frozen=True, slots=True)
class UuFile:
    """A uuencoded file found in running text."""

    name: bytes
    data: bytes


def decoded(data: bytes, encoding: str) -> bytes:
    """Return the bytes behind a Content-Transfer-Encoding; an unknown one is taken as 8bit."""
    match encoding:
        case "base64" | "b":
            return unbase64(data)
        case "quoted-printable" | "q":
            return binascii.a2b_qp(data)
        case "x-uuencode" | "uuencode" | "uue" | "x-uue":
            files, rest = uu_files(data)
            return files[0].data if files else rest
        case _:
            return data


def is_base64(data: bytes, *, strangers: float) -> bool:
    """Tell whether data said to be base64 can be it: at most that share of its characters are no base64."""
    sample = data.strip()
    return len(sample.translate(None, _LINE_OF_BASE64)) <= len(sample) * strangers


def unbase64(data: bytes) -> bytes:
    """Return what the base64 says, passing over strangers' characters, missing padding and a truncated end."""
    clean = data.translate(None, _NOT_BASE64)
    if b"=" not in clean.rstrip(b"="):
        return _quads(clean.rstrip(b"="))
    # Several encoded pieces glued together, each with its own padding.
    out = bytearray()
    for match in _UNPADDED.finditer(clean):
        out += _quads(match[0])
    return bytes(out)


def _quads(clean: bytes) -> bytes:
    if len(clean) % 4 == 1:  # six bits make no byte
        clean = clean[:-1]
    return binascii.a2b_base64(clean + b"=" * (-len(clean) % 4))


def uu_files(data: bytes) -> tuple[list[UuFile], bytes]:
    """Return the uuencoded files in a text and the text without them."""
    if b"begin" not in data:
        return [], data
    files: list[UuFile] = []
    rest: list[bytes] = []
    kept = position = 0
    while (start := _UU.search(data, position)) and len(files) < MAX_UU_FILES:
        position = start.end()
        found = _uu_body(data, position)
        if found is None:
            continue
        content, position = found
        rest.append(data[kept : start.start()])
        kept = position
        files.append(UuFile(name=start[1].strip(), data=content))
    return files, b"".join([*rest, data[kept:]])


def _uu_body(data: bytes, position: int) -> tuple[bytes, int] | None:
    """Return the file and where it ends, None when the lines are prose after all ("begin 644 ..." in a sentence)."""
    out: list[bytes] = []
    while position < len(data):
        end = data.find(b"\n", position) + 1 or len(data)
        line = data[position:end].rstrip(b"\r\n")
        position = end
        if line.strip() == b"end":
            return b"".join(out), position
        if line.strip(b" `"):
            decoded_line = _uu_line(line)
            if decoded_line is None:
                return None
            out.append(decoded_line)
    return (b"".join(out), position) if out else None


def _uu_line(line: bytes) -> bytes | None:
    need = ((line[0] - 32 & 63) + 2) // 3 * 4
    if not 32 <= line[0] <= 96 or abs(len(line) - 1 - need) > 4:
        return None
    try:
        return binascii.a2b_uu(line[: need + 1])
    except binascii.Error:
        return None
