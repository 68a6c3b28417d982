"""Names of charsets as mail writes them, and the codec that is meant."""

import codecs
import re

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
    "unicode11utf7": "utf_7", "unicode": "utf_16", "utf8mb4": "utf_8", "unicode11utf8": "utf_8",
    "xunicode20utf8": "utf_8",
    "ucs2": "utf_16", "macintosh": "mac_roman", "xmacroman": "mac_roman", "mac": "mac_roman",
    "xmaccyrillic": "mac_cyrillic",
    "xmacce": "mac_latin2", "xmacgreek": "mac_greek", "xmacturkish": "mac_turkish", "koi8": "koi8_r",
    "koi8ru": "koi8_u",
    "xcp1251": "cp1251", "win1251": "cp1251", "xansi": "cp1252", "xcp1252": "cp1252", "visual": "iso8859_8",
}  # fmt: skip
_NOT_LETTERS = re.compile(r"[^a-z0-9]")
_WINDOWS = re.compile(r"^(?:x)?(?:windows|win|cp|ms)(\d{3,4})$")
# Codecs of Python that are no charsets, or that unpack more than they are given.
_NO_CHARSETS = frozenset(
    {
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
    }
)


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
        if _NOT_LETTERS.sub("", found) not in _NO_CHARSETS:
            return found.replace("-", "_")
    return None
