"""Keep strangers' HTML from costing minutes: parsers need quadratic time for elements nested by the ten thousand."""

import re
from html import unescape

MAX_DEPTH = 800
MAX_LENGTH = 5_000_000
_TOKEN = re.compile(
    r"<!--.*?(?:-->|\Z)|<(?P<raw>title|textarea|style|script|xmp|iframe|noembed|noframes)\b.*?(?:</(?P=raw)|\Z)"
    r"|<(?P<close>/?)(?P<name>[a-z][^\s/>]*)",
    re.IGNORECASE | re.DOTALL,
)
# These close themselves, or never hold anything.
_FLAT = frozenset(
    [
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "source",
        "track",
        "wbr",
        "p",
        "li",
        "td",
        "th",
        "tr",
        "tbody",
        "thead",
        "tfoot",
        "dt",
        "dd",
        "option",
        "o:p",
        "colgroup",
    ]
)
_HEAD_TO_DROP = re.compile(r"<(script|style|title|head)\b.*?</\1\s*>|<!--.*?-->", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
_BREAK = re.compile(r"<(?:br|/p|/div|/tr|/li|/h\d)\b[^>]*>", re.IGNORECASE)


def too_deep(html: str) -> bool:
    """Tell whether elements are nested deeper than any mail program writes them."""
    if html.count("<") <= MAX_DEPTH:
        return False
    open_by_name: dict[str, int] = {}
    depth = 0
    for token in _TOKEN.finditer(html):
        name = (token["name"] or "").lower()
        if not name or name in _FLAT:
            continue
        if token["close"]:
            if open_by_name.get(name, 0):
                open_by_name[name] -= 1
                depth -= 1
        else:
            open_by_name[name] = open_by_name.get(name, 0) + 1
            depth += 1
            if depth > MAX_DEPTH:
                return True
    return False


def words_only(html: str) -> str:
    """Return the words of HTML that no parser should be given: every tag dropped, by the letter."""
    text = _BREAK.sub("\n", _HEAD_TO_DROP.sub(" ", html[:MAX_LENGTH]))
    return unescape(_TAG.sub("", text)).replace("\x00", "")
