"""Undo a content transfer encoding, however torn."""

import binascii
import re
from dataclasses import dataclass

_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/=]+")
_PADDING = re.compile(rb"=+")
_UU = re.compile(rb"(?m)^begin[ \t]+[0-7]{3,4}[ \t]+(\S[^\r\n]*)\r?\n")
_UU_END = re.compile(rb"(?m)^(?:`\r?\n|[ \t]*\r?\n)?end[ \t]*\r?$")


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


def unbase64(data: bytes) -> bytes:
    """Return what the base64 says, passing over strangers' characters, missing padding and a truncated end."""
    clean = _NOT_BASE64.sub(b"", data)
    if b"=" not in clean.rstrip(b"="):
        return _quads(clean.rstrip(b"="))
    # Several encoded pieces glued together, each with its own padding.
    return b"".join(_quads(piece) for piece in _PADDING.split(clean) if piece)


def _quads(clean: bytes) -> bytes:
    if len(clean) % 4 == 1:  # six bits make no byte
        clean = clean[:-1]
    return binascii.a2b_base64(clean + b"=" * (-len(clean) % 4))


def uu_files(data: bytes) -> tuple[list[UuFile], bytes]:
    """Return the uuencoded files in a text and the text without them."""
    if b"begin" not in data:
        return [], data
    files: list[UuFile] = []
    rest = bytearray()
    position = 0
    while start := _UU.search(data, position):
        end = _UU_END.search(data, start.end() - 1)
        body = data[start.end() : end.start() if end else len(data)]
        lines = _uu_lines(body)
        if lines is None or len(files) >= 200:
            rest += data[position : start.end()]
            position = start.end()
            continue
        rest += data[position : start.start()]
        files.append(UuFile(name=start[1].strip(), data=lines))
        position = end.end() if end else len(data)
    return files, bytes(rest + data[position:])


def _uu_lines(body: bytes) -> bytes | None:
    """Return the file, or None when the lines are prose after all ("begin 644 ..." in a sentence)."""
    out: list[bytes] = []
    for line in body.splitlines():
        if not line.strip(b" `"):
            continue
        count = (line[0] - 32) & 63
        need = (count + 2) // 3 * 4
        if not 32 <= line[0] <= 96 or len(line) - 1 > need + 4 or len(line) - 1 < need - 4:
            return None
        try:
            out.append(binascii.a2b_uu(line[: need + 1]))
        except binascii.Error:
            return None
    return b"".join(out)
