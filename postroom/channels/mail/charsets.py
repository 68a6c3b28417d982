"""Turn bytes into text whatever the mail says, or fails to say, about its charset."""

import codecs
import re
from collections.abc import Iterable, Iterator
from itertools import islice

from charset_normalizer import from_bytes

from postroom.channels.mail.charset_names import codec_named
from postroom.channels.mail.japanese import decode_iso2022_jp

_BOMS = ((codecs.BOM_UTF8, "utf_8"), (codecs.BOM_UTF16_LE, "utf_16"), (codecs.BOM_UTF16_BE, "utf_16"))
_ISO2022 = re.compile(rb"\x1b\$(?:[@B]|\([@-D])|\x1b\([JI]")
_ISO2022_KR = re.compile(rb"\x1b\$\)C")
# Charsets in which most byte strings are errors: text that fits was very likely meant so.
_SELF_CHECKING = frozenset(
    {
        "gb18030",
        "big5hkscs",
        "cp950",
        "cp949",
        "cp932",
        "euc_jp",
        "utf_16",
        "utf_16_le",
        "utf_16_be",
        "iso2022jp",
        "iso2022_kr",
        "hz",
        "utf_7",
    }
)
_EUROPEAN = ["cp1252", "cp1250", "iso8859_2", "cp1254", "cp1257", "mac_roman", "cp850"]
_WIDE = [
    "cp1251", "koi8_r", "cp866", "iso8859_5", "mac_cyrillic", "gb18030", "big5", "cp949", "cp932", "euc_jp", "cp1253",
    "iso8859_7",
    "cp1255", "iso8859_8", "cp1256", "iso8859_6", "cp874", "cp1252", "cp1250", "cp1254", "cp1258", "koi8_u",
]  # fmt: skip
_TOO_FEW = 12
_HIGH = re.compile(rb"[\x80-\xff]+")
_SAMPLE = 6000


def decode(data: bytes, charset: str | None = None, *, hints: Iterable[str | None] = ()) -> str:
    """Return the text of bytes; `charset` is what the mail claims, `hints` what else it mentions.

    Never raises; bytes that fit nowhere become U+FFFD.
    """
    for bom, codec in _BOMS:
        if data.startswith(bom):
            return _strictly(data, codec) or data.decode(codec, "replace")
    claimed = codec_named(charset)
    if data.isascii() and claimed in (None, "cp1252", "utf_8"):
        return _seven_bit(data)
    for codec in _candidates(data, claimed, [codec_named(hint) for hint in hints]):
        text = _strictly(data, codec)
        if text is not None:
            return text
    return _mostly(data, claimed)


def _seven_bit(data: bytes) -> str:
    """ISO-2022 is seven-bit: text that looks like ASCII may be Japanese that lost its label."""
    if b"\x1b$" in data:
        if _ISO2022.search(data):
            return decode_iso2022_jp(data)
        if _ISO2022_KR.search(data):
            return data.decode("iso2022_kr", "replace")
    return data.decode("ascii")


def _candidates(data: bytes, claimed: str | None, hints: list[str | None]) -> Iterator[str]:
    """Chance alone hardly ever makes valid UTF-8, so it beats every claim of a charset in which all bytes are valid.

    Two-byte charsets are believed first: a few short words of Chinese are valid UTF-8 by accident.
    """
    if claimed in _SELF_CHECKING:
        yield claimed
    if claimed != "utf_7":
        yield "utf_8"
    western = claimed == "cp1252" or (claimed is None and "cp1252" in hints)
    if claimed and claimed not in _SELF_CHECKING and not western:
        yield claimed
    yield from (hint for hint in hints if hint and hint not in ("cp1252", "utf_7", "utf_8"))
    if western and not _looks_asian(data):
        yield "cp1252"
    if guess := guessed(data):
        yield guess
    if western:
        yield "cp1252"


def _looks_asian(data: bytes) -> bool:
    """Tell whether Latin-1 is doubtful: long runs of high bytes are not Western words."""
    every = _HIGH.findall(data[:50_000])
    return sum(len(run) for run in every if len(run) >= 4) * 3 > sum(map(len, every)) > 0


def guessed(data: bytes) -> str | None:
    """Return the likeliest codec of eight-bit bytes, from a sample of the lines that are not ASCII."""
    sample = b"".join(islice(_high_lines(data[:200_000]), 60))[:_SAMPLE]
    high = _HIGH.findall(sample)
    if not high:
        return None
    single = sum(len(run) == 1 for run in high) * 3 > len(high) * 2
    if single and len(high) < _TOO_FEW:
        return "cp1252"  # too little to tell; Western Europe is the likeliest
    among = _EUROPEAN if single else _WIDE
    best = from_bytes(sample, steps=4, chunk_size=512, preemptive_behaviour=False, cp_isolation=among).best()
    return codec_named(best.encoding) or best.encoding if best else None


def _high_lines(data: bytes) -> Iterator[bytes]:
    """Yield the lines that hold high bytes, of a very long one the surroundings of its first."""
    position = 0
    while match := _HIGH.search(data, position):
        start = max(data.rfind(b"\n", position, match.start()) + 1, position, match.start() - 200)
        position = data.find(b"\n", match.end()) + 1 or len(data)
        yield data[start : min(position, start + 400)]


def _strictly(data: bytes, codec: str) -> str | None:
    if codec == "iso2022jp":
        return decode_iso2022_jp(data) if data.isascii() or not _valid_utf8(data) else None
    try:
        text = _whole_units(data, codec).decode(codec)
    except (UnicodeError, ValueError, LookupError):
        # Byte 0x81 and four more are undefined in Windows-1252 but not in the Latin-1 that was claimed.
        return data.decode("latin-1") if codec == "cp1252" and not _looks_asian(data) else None
    return text.removeprefix("\ufeff")


def _whole_units(data: bytes, codec: str) -> bytes:
    """Mail systems that turn LF into CRLF tear two-byte text apart; take the stray CR out again."""
    if codec == "utf_16_le" and b"\r\n\x00" in data:
        return data.replace(b"\r\n\x00", b"\n\x00")
    if codec == "utf_16_be" and b"\x00\r\n" in data:
        return data.replace(b"\x00\r\n", b"\x00\n")
    return data


def _valid_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _mostly(data: bytes, claimed: str | None) -> str:
    """A few bad bytes in an otherwise right charset cost those bytes, not the mail."""
    trials = [
        data.decode(codec, "replace") for codec in dict.fromkeys((claimed or "utf_8", "utf_8")) if codec != "iso2022jp"
    ]
    best = min(trials, key=lambda text: text.count("\ufffd"), default="")
    if not trials or best.count("\ufffd") * 10 > len(best):
        return data.decode("cp1252", "replace")
    return best
