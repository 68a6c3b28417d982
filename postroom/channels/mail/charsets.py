"""Turn bytes into text whatever the mail says, or fails to say, about its charset."""

import codecs
import re
from collections.abc import Iterable, Iterator

from charset_normalizer import from_bytes

from postroom.channels.mail.japanese import decode_iso2022_jp

# Names as mail writes them, where Python knows another name or where the wider sibling is what was meant
# (WHATWG's Encoding Standard takes the same supersets).
_MEANT = {
    "ascii": "cp1252", "usascii": "cp1252", "ansix341968": "cp1252", "ansix341986": "cp1252", "646": "cp1252",
    "iso88591": "cp1252", "latin1": "cp1252", "iso88591windows30latin1": "cp1252", "ansi": "cp1252", "8859": "cp1252",
    "iso88599": "cp1254", "latin5": "cp1254", "iso885911": "cp874", "tis620": "cp874", "windows874": "cp874",
    "iso88598i": "iso8859_8", "iso88598e": "iso8859_8", "iso88596i": "iso8859_6", "iso88596e": "iso8859_6",
    "ksc56011987": "cp949", "ksc5601": "cp949", "ksc56011989": "cp949", "ksx1001": "cp949", "euckr": "cp949",
    "korean": "cp949", "windows949": "cp949", "uhc": "cp949", "isoir149": "cp949", "xwindows949": "cp949",
    "gb2312": "gb18030", "gb231280": "gb18030", "gbk": "gb18030", "xgbk": "gb18030", "chinese": "gb18030",
    "csgb2312": "gb18030", "euccn": "gb18030", "cp936": "gb18030", "windows936": "gb18030", "isoir58": "gb18030",
    "hzgb2312": "hz", "xeuccn": "gb18030", "big5": "big5hkscs", "cnbig5": "big5hkscs", "xxbig5": "big5hkscs",
    "xbig5": "big5hkscs", "big5eten": "big5hkscs", "cp950": "cp950", "shiftjis": "cp932", "sjis": "cp932",
    "xsjis": "cp932", "mskanji": "cp932", "windows31j": "cp932", "cswindows31j": "cp932", "xshiftjis": "cp932",
    "eucjp": "euc_jp", "xeucjp": "euc_jp", "xeuc": "euc_jp", "iso2022jp": "iso2022jp", "iso2022jp1": "iso2022jp",
    "iso2022jp2": "iso2022jp", "iso2022jp3": "iso2022jp", "iso2022jpms": "iso2022jp", "csiso2022jp": "iso2022jp",
    "cp50220": "iso2022jp", "cp50221": "iso2022jp", "cp50222": "iso2022jp", "jis": "iso2022jp",
    "unicode11utf7": "utf_7", "unicode": "utf_16", "utf8mb4": "utf_8", "unicode11utf8": "utf_8", "xunicode20utf8": "utf_8",
    "ucs2": "utf_16", "macintosh": "mac_roman", "xmacroman": "mac_roman", "mac": "mac_roman", "xmaccyrillic": "mac_cyrillic",
    "xmacce": "mac_latin2", "xmacgreek": "mac_greek", "xmacturkish": "mac_turkish", "koi8": "koi8_r", "koi8ru": "koi8_u",
    "xcp1251": "cp1251", "win1251": "cp1251", "xansi": "cp1252", "xcp1252": "cp1252", "visual": "iso8859_8", "viscii": "viscii",
}  # fmt: skip
_NOT_LETTERS = re.compile(r"[^a-z0-9]")
_ALLOWED = frozenset(
    [
        "base64",
        "bz2",
        "hex",
        "quopri",
        "rot13",
        "uu",
        "zlib",
        "idna",
        "punycode",
        "rawunicodeescape",
        "unicodeescape",
        "undefined",
        "mbcs",
    ]
)
_WINDOWS = re.compile(r"^(?:x)?(?:windows|win|cp|ms)(\d{3,4})$")
_BOMS = ((codecs.BOM_UTF8, "utf_8"), (codecs.BOM_UTF16_LE, "utf_16"), (codecs.BOM_UTF16_BE, "utf_16"))
_ISO2022 = re.compile(rb"\x1b\$(?:[@B]|\([@-D])|\x1b\([JI]")
_ISO2022_KR = re.compile(rb"\x1b\$\)C")
_UNSURE = frozenset({"cp1252", "utf_7"})
_NON_ASCII_LINE = re.compile(rb"[^\n]*[\x80-\xff][^\n]*\n?")
_SAMPLE = 6000


def codec_named(name: str | None) -> str | None:
    """Return Python's codec for a charset as mail names it, None for one nobody knows."""
    bare = _NOT_LETTERS.sub("", (name or "").split("*")[0].lower()[:60])
    if not bare:
        return None
    if bare in _MEANT:
        return _MEANT[bare]
    windows = _WINDOWS.match(bare)
    candidate = f"cp{windows[1]}" if windows else (name or "").strip().lower()
    for spelling in (candidate, bare):
        try:
            found = codecs.lookup(spelling).name
        except (LookupError, ValueError):  # ValueError: a NUL in the name
            continue
        if _NOT_LETTERS.sub("", found) not in _ALLOWED:
            return found.replace("-", "_")
    return None


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
    if claimed and claimed not in _UNSURE:
        yield claimed
    if claimed != "utf_7":
        # Chance alone hardly ever makes valid UTF-8, so it beats a claim of Latin-1, the default of careless programs.
        yield "utf_8"
    for hint in hints:
        if hint and hint not in _UNSURE and hint != "utf_8":
            yield hint
    if claimed == "utf_7" or (claimed is not None and claimed in _UNSURE and not _looks_asian(data)):
        yield claimed
    guess = guessed(data)
    if guess:
        yield guess
    yield from (hint for hint in hints if hint)


def _looks_asian(data: bytes) -> bool:
    """Tell whether a claim of Latin-1 is doubtful: long runs of high bytes are not Western words."""
    high = re.findall(rb"[\x80-\xff]{6,}", data[:50_000])
    return sum(map(len, high)) * 3 > len(re.findall(rb"[\x80-\xff]", data[:50_000])) > 0


def guessed(data: bytes) -> str | None:
    """Return the likeliest codec of eight-bit bytes, from a sample of the lines that are not ASCII."""
    sample = b"".join(
        match[0][:400] for match, _ in zip(_NON_ASCII_LINE.finditer(data[:200_000]), range(60), strict=False)
    )
    if not sample:
        return None
    best = from_bytes(sample[:_SAMPLE], steps=5, chunk_size=512, preemptive_behaviour=False).best()
    if best is None or best.encoding in {"ascii", "utf_8"}:
        return "cp1252" if best is None else None
    return codec_named(best.encoding) or best.encoding


def _strictly(data: bytes, codec: str) -> str | None:
    if codec == "iso2022jp":
        return decode_iso2022_jp(data) if data.isascii() or not _valid_utf8(data) else None
    if codec == "viscii":
        return None
    try:
        text = data.decode(codec)
    except (UnicodeError, ValueError, LookupError):
        # Byte 0x81 and four more are undefined in Windows-1252 but not in the Latin-1 that was claimed.
        return data.decode("latin-1") if codec == "cp1252" and not _looks_asian(data) else None
    return text.removeprefix("\ufeff")


def _valid_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _mostly(data: bytes, claimed: str | None) -> str:
    """A few bad bytes in an otherwise right charset cost those bytes, not the mail."""
    trials = [
        data.decode(codec, "replace")
        for codec in dict.fromkeys((claimed or "utf_8", "utf_8"))
        if codec not in ("iso2022jp", "viscii")
    ]
    best = min(trials, key=lambda text: text.count("\ufffd"), default="")
    if not trials or best.count("\ufffd") * 10 > len(best):
        return data.decode("cp1252", "replace")
    return best
