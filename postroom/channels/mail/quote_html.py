"""Fold the quoted history of an HTML mail."""

import secrets
from dataclasses import dataclass
from html import escape
from itertools import islice

from selectolax.lexbor import LexborHTMLParser, LexborNode

from postroom.channels.mail.quote_marks import (
    attribution,
    header_block_length,
    is_forward_mark,
    may_start_header_block,
)
from postroom.channels.mail.subjects import is_forward_subject
from postroom.lib.html import to_text
from postroom.lib.html.nesting import too_deep

_CONTAINERS = (
    "div.gmail_quote, div.yahoo_quoted, div.ydpyahoo_quoted, div.protonmail_quote, div.tutanota_quote, "
    "div.zmail_extra, div.front-blockquote"
)
_CITES = (
    "blockquote[type=cite], blockquote.gmail_quote, blockquote.protonmail_quote, blockquote.tutanota_quote, "
    "blockquote.quote"
)
_TO_THE_END = (
    "#appendonsend, #divRplyFwdMsg, #OLK_SRC_BODY_SECTION, #mail-editor-reference-message-container, #replySplit"
)
_HEADER_HOLDERS = "div, p"
_MAX_CANDIDATES = 1000
_MAX_HOLDERS = 20


@dataclass(frozen=True, slots=True)
class _Range:
    """Neighbouring nodes, both ends included."""

    first: LexborNode
    last: LexborNode


def fold_quotes(html: str, *, subject: str = "", label: str = "Earlier messages") -> str:
    """Return sanitised HTML with its quotes inside `<details class="quote">`, nothing lost.

    `label` is the sentence to open them by. Answers between quotes stay in view, a forwarded mail is not folded,
    and a mail that would be nothing but quote is left as it is.
    """
    if too_deep(html) or not html.strip():
        return html
    tree = LexborHTMLParser(html)
    body = tree.body
    if body is None:
        return html
    ranges = _ranges(body, forwarded=is_forward_subject(subject))
    if not ranges:
        return html
    opening, closing = secrets.token_hex(12), secrets.token_hex(12)
    for one in ranges:
        one.first.insert_before(opening)
        one.last.insert_after(closing)
    folded = body.inner_html or ""
    if not _leaves_words(folded, opening, closing):
        return html
    start = f'<details class="quote"><summary>{escape(label)}</summary>'
    return folded.replace(opening, start).replace(closing, "</details>")


def _ranges(body: LexborNode, *, forwarded: bool) -> list[_Range]:
    ranges: list[_Range] = []
    for node in body.css(f"{_CONTAINERS}, {_CITES}")[:_MAX_CANDIDATES]:
        if not _inside(node, ranges) and not _forwards(node):
            ranges += _container_ranges(node) if node.tag != "blockquote" else [_with_attribution(node)]
    if not forwarded:
        history = _history(body)
        if history is not None and not _inside(history.first, ranges):
            ranges = [one for one in ranges if not _within(one.first, history)] + [history]
    return ranges


def _container_ranges(node: LexborNode) -> list[_Range]:
    """Gmail's quote div also holds answers written between the quotes; then only the quotes in it are folded."""
    own = [child for child in _children(node) if not _is_quote_child(child) and _words(child)]
    if not own:
        return [_Range(node, node)]
    return [_with_attribution(child) for child in _children(node) if child.tag == "blockquote"]


def _is_quote_child(node: LexborNode) -> bool:
    text = (node.text() or "").strip()
    if (
        node.tag == "blockquote" or "gmail_attr" in (node.attributes.get("class") or "")
        if node.is_element_node
        else False
    ):
        return True
    return bool(text) and _is_attribution(text)


def _is_attribution(text: str) -> bool:
    lines = [line for line in text.strip().splitlines() if line.strip()]
    found = attribution(lines, 0) if 0 < len(lines) <= 4 else None
    return found is not None and found.length == len(lines)


def _with_attribution(node: LexborNode) -> _Range:
    before = _previous_with_words(node)
    if before is not None and (_is_attribution(before.text() or "") or "moz-cite-prefix" in _classes(before)):
        return _Range(before, node)
    return _Range(node, node)


def _previous_with_words(node: LexborNode) -> LexborNode | None:
    before = node.prev
    while before is not None and not _words(before):
        before = before.prev
    return before


def _history(body: LexborNode) -> _Range | None:
    """Outlook marks no end: its quote runs from the header block to the end of the mail."""
    marked = next((node for node in body.css(_TO_THE_END) if not _forwards(node)), None)
    if marked is None:
        holders = (node for node in body.css(_HEADER_HOLDERS)[:_MAX_CANDIDATES] if _may_be_header_block(node))
        marked = next((node for node in islice(holders, _MAX_HOLDERS) if _is_header_block(node)), None)
    if marked is None:
        return None
    start = marked
    while start.parent is not None and start.parent.tag != "body" and _previous_with_words(start) is None:
        start = start.parent
    last = start
    while last.next is not None:
        last = last.next
    return _Range(start, last)


def _may_be_header_block(node: LexborNode) -> bool:
    """Look at the first words only: a cheap test for a thousand nodes."""
    first = node.first_child
    while first is not None and not first.is_text_node and first.first_child is not None:
        first = first.first_child
    while first is not None and not (first.text() or "").strip() and first.next is not None:
        first = first.next
    return first is not None and may_start_header_block((first.text() or "").strip())


def _is_header_block(node: LexborNode) -> bool:
    lines = [line for line in to_text((node.html or "")[:6000]).splitlines() if line.strip()]
    return bool(lines) and header_block_length(lines, 0) > 0


def _forwards(node: LexborNode) -> bool:
    """Look at the first words of the quote, and at the last words before it."""
    start = next((line for line in (node.text(separator="\n") or "")[:2000].splitlines() if line.strip()), "")
    before = _previous_with_words(node)
    ends = [line for line in (before.text(separator="\n") or "").splitlines() if line.strip()][-1:] if before else []
    return is_forward_mark(start) or any(map(is_forward_mark, ends))


def _leaves_words(folded: str, opening: str, closing: str) -> bool:
    """Tell whether anything but quotes is there to be seen."""
    outside = [part.rpartition(closing)[2] for part in folded.split(opening)]
    body = LexborHTMLParser(" ".join(outside)).body
    return body is not None and bool((body.text() or "").strip() or body.css_first("img") is not None)


def _children(node: LexborNode) -> list[LexborNode]:
    return list(node.iter(include_text=True))


def _words(node: LexborNode) -> str:
    return (node.text() or "").strip()


def _classes(node: LexborNode) -> str:
    return (node.attributes.get("class") or "") if node.is_element_node else ""


def _inside(node: LexborNode, ranges: list[_Range]) -> bool:
    return any(_within(node, one) for one in ranges)


def _within(node: LexborNode, one: _Range) -> bool:
    held: set[int] = set()
    part: LexborNode | None = one.first
    while part is not None:
        held.add(part.mem_id)
        if part.mem_id == one.last.mem_id:
            break
        part = part.next
    up: LexborNode | None = node
    while up is not None:
        if up.mem_id in held:
            return True
        up = up.parent
    return False
