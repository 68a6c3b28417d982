"""Inline CSS that may stay: looks, never loads, never leaves its place."""

import re
from functools import lru_cache

PROPERTIES = frozenset(
    [
        "background",
        "background-color",
        "border",
        "border-bottom",
        "border-bottom-color",
        "border-bottom-left-radius",
        "border-bottom-right-radius",
        "border-bottom-style",
        "border-bottom-width",
        "border-collapse",
        "border-color",
        "border-left",
        "border-left-color",
        "border-left-style",
        "border-left-width",
        "border-radius",
        "border-right",
        "border-right-color",
        "border-right-style",
        "border-right-width",
        "border-spacing",
        "border-style",
        "border-top",
        "border-top-color",
        "border-top-left-radius",
        "border-top-right-radius",
        "border-top-style",
        "border-top-width",
        "border-width",
        "box-sizing",
        "caption-side",
        "clear",
        "color",
        "direction",
        "display",
        "empty-cells",
        "float",
        "font",
        "font-family",
        "font-size",
        "font-style",
        "font-variant",
        "font-weight",
        "height",
        "letter-spacing",
        "line-height",
        "list-style",
        "list-style-position",
        "list-style-type",
        "margin",
        "margin-bottom",
        "margin-left",
        "margin-right",
        "margin-top",
        "max-height",
        "max-width",
        "min-height",
        "min-width",
        "opacity",
        "overflow",
        "overflow-wrap",
        "padding",
        "padding-bottom",
        "padding-left",
        "padding-right",
        "padding-top",
        "quotes",
        "table-layout",
        "text-align",
        "text-decoration",
        "text-decoration-color",
        "text-decoration-line",
        "text-indent",
        "text-overflow",
        "text-transform",
        "unicode-bidi",
        "vertical-align",
        "visibility",
        "white-space",
        "width",
        "word-break",
        "word-spacing",
        "word-wrap",
    ]
)
MAX_STYLE = 4000
# Mails say the same few styles over and over; longer ones would only fill the memory.
_REMEMBERED = 200
_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_DECLARATION = re.compile(r"""((?:[^;"']|"[^"]*"|'[^']*')+)(?:;|\Z)""")
_VALUE = re.compile(r"""[\w\s#%.,()'"/!+*-]{1,300}""")
_FUNCTION = re.compile(r"([\w-]*)\s*\(")
_FUNCTIONS = frozenset({"rgb", "rgba", "hsl", "hsla", "calc"})
_URL_LIKE = re.compile(r"(?i)url|image|script|expression|behavio|binding|//")


def safe_style(style: str) -> str:
    """Return the declarations that are known to be harmless, '' when none is.

    A backslash or comment could spell any word, so a declaration with a backslash goes and comments go first.
    """
    return _known(style) if len(style) <= _REMEMBERED else _filtered(style)


@lru_cache(maxsize=1024)
def _known(style: str) -> str:
    return _filtered(style)


def _filtered(style: str) -> str:
    kept = []
    for match in _DECLARATION.finditer(_COMMENT.sub(" ", style[:MAX_STYLE])):
        name, colon, value = match[1].partition(":")
        name, value = name.strip().lower(), value.strip()
        if colon and name in PROPERTIES and _harmless(value):
            kept.append(f"{name}:{value}")
    return ";".join(kept)


def _harmless(value: str) -> bool:
    if not _VALUE.fullmatch(value) or _URL_LIKE.search(value):
        return False
    if value.count("(") != value.count(")") or value.count('"') % 2 or value.count("'") % 2:
        return False
    return all(name.lower() in _FUNCTIONS for name in _FUNCTION.findall(value))
