"""Real mail, damaged as senders, gateways and attackers damage it."""

import itertools
import random
import re
from collections.abc import Callable, Sequence

MAX_SIZE = 300_000
_CHARSETS = [
    b"us-ascii", b"utf-8", b"utf-7", b"utf-16", b"utf-16le", b"iso-8859-1", b"windows-1252", b"koi8-r", b"gb2312",
    b"gb18030", b"big5", b"hz-gb-2312", b"shift_jis", b"iso-2022-jp", b"iso-2022-kr", b"euc-kr", b"ks_c_5601-1987",
    b"x-unknown", b"unicode-escape", b"zlib", b"", b"\xff", b"utf-8*en", b'"utf-8', b"cp037",
]  # fmt: skip
_ENCODINGS = [b"7bit", b"8bit", b"base64", b"quoted-printable", b"x-uuencode", b"binary", b"rot13", b"", b'"base64']
_TYPES = [
    b"text/plain", b"text/html", b"text/plain; format=flowed; delsp=yes", b"text/calendar", b"multipart/mixed",
    b"multipart/alternative", b"multipart/related", b"multipart/digest", b"multipart/report; report-type=x",
    b"multipart/signed", b"message/rfc822", b"message/delivery-status", b"application/ms-tnef", b"application/pdf",
    b"text/enriched", b"image/png", b"text", b"/", b"multipart/mixed; boundary=\"\"", b"text/html; charset=\xe4",
]  # fmt: skip
_NASTY = [
    b"\x00", b"\xff\xfe", b"\xed\xa0\x80", b"\r", b"\n", b"\r\n\r\n", b"\x1b$B", b"\x1b$)C\x0e", b"=?utf-8?b?", b"?=",
    b"=?x?q?=00?=", b"<", b">", b"<!--", b"<![CDATA[", b"<script>", b"<style>", b"&#0;", b"&#xD800;", b"\xe2\x80\xae",
    b"begin 644 a\n", b"=ybegin line=128 size=1 name=a\n", b"--", b"-- \n", b"> ", b"On Mon, Ann wrote:\n", b"%00",
    b"'", b'"', b"\\", b"(", b";", b"filename*0*=utf-8''%E4", b"\xa0", b"\xe3\x80\x80", b"\t", b" " * 200, b"=\n",
    b"From - x\n", b"@", b"\x85", b"\xe2\x80\xa8", b"A" * 1000,
]  # fmt: skip
_BOUNDARY_LINE = re.compile(rb"(?m)^--[^\r\n]{1,200}$")
_HEADER_END = re.compile(rb"\r?\n\r?\n")
_CHARSET = re.compile(rb"(?i)(charset\s*=\s*)(\"[^\"]*\"|[^\s;]*)")
_WORD_CHARSET = re.compile(rb"=\?[^?\s]*\?")
_ENCODING = re.compile(rb"(?i)(content-transfer-encoding:[ \t]*)([^\r\n]*)")
_TYPE = re.compile(rb"(?i)(content-type:[ \t]*)([^;\r\n]*)")

Mutation = Callable[[bytes, random.Random, Sequence[bytes]], bytes]


def mutated(raw: bytes, chance: random.Random, others: Sequence[bytes]) -> bytes:
    """Return the mail with one to four things wrong with it; `others` are mails to splice it with."""
    for _ in range(chance.randint(1, 4)):
        raw = chance.choice(MUTATIONS)(raw, chance, others)[:MAX_SIZE]
    return raw


def _parts(raw: bytes) -> list[bytes]:
    """Cut before each line that may be a boundary; joined they are the mail again."""
    cuts = [0, *(match.start() for match in _BOUNDARY_LINE.finditer(raw)), len(raw)]
    return [raw[start:end] for start, end in itertools.pairwise(cuts)]


def _in_parts(raw: bytes, chance: random.Random, _others: Sequence[bytes]) -> bytes:
    return b"".join(_shuffled(_parts(raw), chance))


def _in_headers(raw: bytes, chance: random.Random, _others: Sequence[bytes]) -> bytes:
    end = _HEADER_END.search(raw)
    head, rest = (raw[: end.start()], raw[end.start() :]) if end else (raw, b"")
    return b"".join(_shuffled(re.split(rb"(?m)^(?=[!-9;-~]+:)", head), chance)) + rest


def _shuffled(pieces: list[bytes], chance: random.Random) -> list[bytes]:
    """Delete, double or swap pieces, or put one into another."""
    if not pieces:
        return pieces
    one, other = chance.randrange(len(pieces)), chance.randrange(len(pieces))
    match chance.randrange(5):
        case 0:
            del pieces[one]
        case 1:
            pieces.insert(other, pieces[one])
        case 2:
            pieces[one], pieces[other] = pieces[other], pieces[one]
        case 3:
            pieces[one:one] = [pieces[other]] * chance.choice((2, 5, 50))
        case _:
            at = chance.randint(0, len(pieces[one]))
            pieces[one] = pieces[one][:at] + pieces[other] + pieces[one][at:]
    return pieces


def _lie(pattern: re.Pattern[bytes], values: Sequence[bytes], before: bytes = b"", after: bytes = b"") -> Mutation:
    """Return a mutation that puts another value where the pattern matches."""

    def lied(raw: bytes, chance: random.Random, _others: Sequence[bytes]) -> bytes:
        found = list(pattern.finditer(raw))
        if not found:
            return raw
        match = chance.choice(found)
        kept = match[1] if pattern.groups else before
        return raw[: match.start()] + kept + chance.choice(values) + after + raw[match.end() :]

    return lied


def _truncated(raw: bytes, chance: random.Random, _others: Sequence[bytes]) -> bytes:
    return raw[: chance.randint(0, len(raw))]


def _beheaded(raw: bytes, chance: random.Random, _others: Sequence[bytes]) -> bytes:
    return raw[chance.randint(0, min(len(raw), 2000)) :]


def _flipped(raw: bytes, chance: random.Random, _others: Sequence[bytes]) -> bytes:
    data = bytearray(raw)
    for _ in range(chance.choice((1, 3, 20)) if data else 0):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    return bytes(data)


def _poisoned(raw: bytes, chance: random.Random, _others: Sequence[bytes]) -> bytes:
    for _ in range(chance.choice((1, 4, 30))):
        at = chance.randint(0, min(len(raw), chance.choice((1500, MAX_SIZE))))
        raw = raw[:at] + chance.choice(_NASTY) + raw[at + chance.choice((0, 0, 1, 10)) :]
    return raw


def _spliced(raw: bytes, chance: random.Random, others: Sequence[bytes]) -> bytes:
    other = chance.choice(others)
    return raw[: chance.randint(0, len(raw))] + other[chance.randint(0, len(other)) :]


def _embedded(raw: bytes, chance: random.Random, others: Sequence[bytes]) -> bytes:
    return b"Content-Type: message/rfc822\r\n" * chance.randint(0, 3) + b"\r\n" + raw + chance.choice(others)


def _other_line_ends(raw: bytes, chance: random.Random, _others: Sequence[bytes]) -> bytes:
    ends = chance.choice(((b"\r\n", b"\n"), (b"\n", b"\r\n"), (b"\n", b"\r"), (b"\r\n", b"\r"), (b"\n", b"\n\r")))
    return raw.replace(*ends)


def _repeated(raw: bytes, chance: random.Random, _others: Sequence[bytes]) -> bytes:
    start = chance.randint(0, len(raw))
    piece = raw[start : start + chance.choice((1, 2, 10, 80, 1000))]
    return raw[:start] + piece * min(chance.choice((2, 10, 1000, 20_000)), MAX_SIZE // (len(piece) or 1)) + raw[start:]


def _widened(raw: bytes, chance: random.Random, _others: Sequence[bytes]) -> bytes:
    end = _HEADER_END.search(raw)
    start = end.end() if end else 0
    return raw[:start] + raw[start:].decode("latin-1").encode(chance.choice(("utf-16", "utf-16-be", "utf-8", "utf-7")))


MUTATIONS: list[Mutation] = [
    _in_parts, _in_parts, _in_headers, _in_headers, _truncated, _beheaded, _flipped, _poisoned, _poisoned, _spliced,
    _embedded, _other_line_ends, _repeated, _widened,
    _lie(_CHARSET, _CHARSETS), _lie(_WORD_CHARSET, _CHARSETS, b"=?", b"?"), _lie(_ENCODING, _ENCODINGS),
    _lie(_TYPE, _TYPES), _lie(_TYPE, _TYPES),
]  # fmt: skip
