"""Sanitised HTML as a tree of boxes: what takes room in it, and how much it asks for."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

BLOCKS = frozenset(
    "address article aside blockquote caption center dd details dir div dl dt figcaption figure footer h1 h2 h3 h4 h5 "
    "h6 header hr li main nav ol p pre section table tbody td tfoot th thead tr ul".split()
)
# What a strange mail may hold at most; a longer one is scrolled in its frame anyway.
_MOST_BOXES = 20_000
_DEEPEST = 60
_SPACE = re.compile(r"[ \t\r\n\f]+")
_LENGTH = re.compile(r"(-?[\d.]+)\s*(px|pt|em|rem|%)?", re.IGNORECASE)
_PIXELS = {"px": 1.0, "": 1.0, "pt": 4 / 3, "em": 16.0, "rem": 16.0}
_FONT_WORDS = {
    "xx-small": 9, "x-small": 10, "small": 13, "medium": 16, "large": 18, "x-large": 24, "xx-large": 32,
    "1": 10, "2": 13, "3": 16, "4": 18, "5": 24, "6": 32, "7": 48,
}  # fmt: skip


@dataclass(slots=True)
class Box:
    """An element or, with `tag` "", a run of text."""

    tag: str
    text: str = ""
    style: dict[str, str] = field(default_factory=dict)
    attributes: dict[str, str] = field(default_factory=dict)
    children: "list[Box]" = field(default_factory=list)

    @property
    def is_block(self) -> bool:
        """Whether it begins a line of its own."""
        display = self.style.get("display", "")
        return display in ("block", "table") or (self.tag in BLOCKS and not display.startswith("inline"))

    @property
    def is_hidden(self) -> bool:
        """Whether it takes no room at all."""
        return self.style.get("display") == "none"

    def letters(self) -> int:
        """Return how much text is in it; an image counts as its width in letters."""
        own = (length(self.attributes.get("width", "")) or 0.0) / 8 if self.tag == "img" else len(self.text)
        return int(own) + sum(child.letters() for child in self.children)


def boxes(html: str) -> Box:
    """Return the body's tree; past some tens of thousands of boxes the rest is left out."""
    body = LexborHTMLParser(html).body
    root = Box("body")
    if body is not None:
        left = [_MOST_BOXES]
        root.children = list(_children(body, left, depth=0, keeps_spaces=False))
    return root


def length(value: str, *, of: float = 0.0, em: float = 16.0) -> float | None:
    """Return a CSS length or an attribute's number in pixels, None when it is neither."""
    match = _LENGTH.fullmatch(value.strip())
    if not match:
        return None
    try:
        number = float(match[1])
    except ValueError:
        return None
    unit = (match[2] or "").lower()
    if unit == "%":
        return number / 100 * of if of else None
    return number * (em if unit == "em" else _PIXELS[unit])


def font_size(box: Box, inherited: float) -> float:
    """Return the size of the box's letters in pixels."""
    said = box.style.get("font-size") or box.attributes.get("size" if box.tag == "font" else "", "")
    if said in _FONT_WORDS:
        return float(_FONT_WORDS[said])
    found = length(said, of=inherited, em=inherited) if said else None
    return min(max(found, 0.0), 96.0) if found is not None else inherited


def _children(node: LexborNode, left: list[int], *, depth: int, keeps_spaces: bool) -> Iterator[Box]:
    child = node.first_child
    while child is not None and left[0] > 0:
        left[0] -= 1
        if child.is_text_node:
            text = child.text_content or ""
            yield Box("", text if keeps_spaces else _SPACE.sub(" ", text))
        elif child.is_element_node:
            yield _element(child, left, depth=depth, keeps_spaces=keeps_spaces)
        child = child.next


def _element(node: LexborNode, left: list[int], *, depth: int, keeps_spaces: bool) -> Box:
    tag = node.tag or ""
    attributes = {name: value or "" for name, value in node.attributes.items()}
    made = Box(tag, style=_declarations(attributes.pop("style", "")), attributes=attributes)
    if depth >= _DEEPEST:
        made.children = [Box("", _SPACE.sub(" ", node.text(deep=True) or ""))]
    else:
        keeps = keeps_spaces or tag == "pre" or made.style.get("white-space", "").startswith("pre")
        made.children = list(_children(node, left, depth=depth + 1, keeps_spaces=keeps))
    return made


def _declarations(style: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for declaration in style.split(";"):
        name, colon, value = declaration.partition(":")
        if colon:
            found[name.strip().lower()] = value.strip().lower().removesuffix("!important").strip()
    return found
