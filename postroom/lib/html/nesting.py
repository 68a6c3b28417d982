"""Keep strangers' HTML from costing minutes: parsers need quadratic time for elements nested by the ten thousand."""

import re
from html import unescape
from html.entities import html5

MAX_DEPTH = 800
MAX_LENGTH = 4_000_000
MAX_TAGS = 300_000
MAX_STEPS = 20_000_000  # depth times tags: a parser looks up through what is open for each tag
MAX_ATTRIBUTES = 1000  # of one element: every parser compares each with all before it
MAX_ENTITIES = 150_000
_SHALLOW = 100
_FEW = 5_000
_TOKEN = re.compile(
    r"<!--.*?(?:-->|\Z)|<(?P<raw>title|textarea|style|script|xmp|iframe|noembed|noframes)\b.*?(?:</(?P=raw)|\Z)"
    r"|<(?P<close>/?)(?P<name>[a-z][^\s/>]*)",
    re.IGNORECASE | re.DOTALL,
)
_LONG_TAG = re.compile(r"""<[a-zA-Z](?:[^>"']++|"[^"]*+"|'[^']*+')*+""")
_QUOTED = re.compile(r"\"[^\"]*+\"|'[^']*+'")
_ENTITY = re.compile(r"&(?!#)([A-Za-z0-9]{0,40};?)")
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
# What is never closed goes on to the end, as in a browser; a search for each of its closings would not end today.
_HEAD_TO_DROP = re.compile(
    r"<(script|style|title|head)\b.*?(?:</\1\s*>|\Z)|<!--.*?(?:-->|\Z)", re.IGNORECASE | re.DOTALL
)
_TAG = re.compile(r"<[^<>]*>")
_BREAK = re.compile(r"<(?:br|/p|/div|/tr|/li|/h\d)\b[^<>]*>", re.IGNORECASE)


def too_much(html: str) -> bool:
    """Tell whether a parser should not be given this HTML: deeper, or with more tags or attributes, than mail is."""
    return html.count("<") > MAX_TAGS or html.count("&") > MAX_ENTITIES or _crowded(html) or too_deep(html)


def plain_entities(html: str) -> str:
    """Return the HTML with every `&` that begins no entity written out: a cleaner is slow to complain of each."""
    if html.count("&") < _FEW:
        return html
    return _ENTITY.sub(lambda match: match[0] if match[1] in html5 else f"&amp;{match[1]}", html)


def _crowded(html: str) -> bool:
    """Tell whether a tag has attributes by the thousand."""
    if len(html) < MAX_ATTRIBUTES * 2:
        return False
    return any(
        match.end() - match.start() > MAX_ATTRIBUTES * 2
        and len(re.split(r"[\s/]+", _QUOTED.sub("", match[0]), maxsplit=MAX_ATTRIBUTES)) > MAX_ATTRIBUTES
        for match in _LONG_TAG.finditer(html)
    )


def too_deep(html: str) -> bool:
    """Tell whether elements are nested deeper than any mail program writes them."""
    tags = html.count("<")
    if tags <= _SHALLOW:
        return False
    limit = max(_SHALLOW, min(MAX_DEPTH, MAX_STEPS // tags))
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
            if depth > limit:
                return True
    return False


def words_only(html: str) -> str:
    """Return the words of HTML that no parser should be given: every tag dropped, by the letter."""
    text = _BREAK.sub("\n", _HEAD_TO_DROP.sub(" ", html[:MAX_LENGTH]))
    return unescape(_TAG.sub("", text)).replace("\x00", "")
