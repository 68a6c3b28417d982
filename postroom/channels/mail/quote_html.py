"""Fold the quoted history of an HTML mail, its signature and its legal notice."""

import secrets
from dataclasses import dataclass
from html import escape
from itertools import islice

from selectolax.lexbor import LexborHTMLParser, LexborNode

from postroom.channels.mail.quote_ends import NOTICE, SIGNATURE
from postroom.channels.mail.quote_html_ends import end_ranges
from postroom.channels.mail.quote_marks import (
    attribution,
    header_block_length,
    is_forward_mark,
    may_start_header_block,
)
from postroom.channels.mail.quote_ranges import QUOTE, Range, Taken, merged, words_of
from postroom.channels.mail.subjects import is_forward_subject
from postroom.lib.html import to_text
from postroom.lib.html.nesting import too_much

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
# Where only certain neighbours may stand: what is put between them, a browser moves elsewhere.
_IN_TABLES = frozenset({"td", "th", "tr", "tbody", "thead", "tfoot", "caption", "colgroup", "li", "dt", "dd"})
_MAX_LINES = 2000
_MAX_CANDIDATES = 1000
_MAX_HOLDERS = 20


@dataclass(frozen=True, slots=True)
class Labels:
    """The words to unfold each by."""

    quote: str = "Earlier messages"
    signature: str = "Signature"
    notice: str = "Legal notice"

    def of(self, kind: str) -> str:
        """Return the label of QUOTE, SIGNATURE or NOTICE."""
        return {SIGNATURE: self.signature, NOTICE: self.notice}.get(kind, self.quote)


_LABELS = Labels()


def fold_quotes(html: str, *, subject: str = "", labels: Labels = _LABELS) -> str:
    """Return sanitised HTML with what goes with it inside `<details class="quote …">`, nothing lost.

    Answers between quotes stay in view, a forwarded mail is not folded, and a mail of which nothing would stay in view
    is left as it is.
    """
    if too_much(html) or not html.strip():
        return html
    forwarded = is_forward_subject(subject)
    for with_ends in (True, False):
        body = LexborHTMLParser(html).body
        if body is None:
            return html
        ranges = _ranges(body, forwarded=forwarded)
        if with_ends and not forwarded and not _holds_forward(body):
            ranges += end_ranges(body, ranges)
        if not ranges:
            return html
        folded = _folded(body, merged(ranges), labels)
        if folded:
            return folded
    return html


def _holds_forward(body: LexborNode) -> bool:
    """Whose the signature of a forwarded mail is, nobody can tell."""
    lines = (body.text(separator="\n") or "").splitlines()
    return any(is_forward_mark(line.strip()) for line in lines[:_MAX_LINES])


def _folded(body: LexborNode, ranges: list[Range], labels: Labels) -> str:
    """Return the HTML with these ranges folded, "" when nothing else would be there to be seen."""
    closing = secrets.token_hex(12)
    openings = {one.kind: secrets.token_hex(12) for one in ranges}
    for one in ranges:
        one.first.insert_before(openings[one.kind])
        one.last.insert_after(closing)
    folded = body.inner_html or ""
    if not _leaves_words(folded, list(openings.values()), closing):
        return ""
    for kind, opening in openings.items():
        names = "quote" if kind == QUOTE else f"quote {kind}"
        start = f'<details class="{names}"><summary>{escape(labels.of(kind))}</summary>'
        folded = folded.replace(opening, start)
    return folded.replace(closing, "</details>")


def _ranges(body: LexborNode, *, forwarded: bool) -> list[Range]:
    taken = Taken()
    for node in body.css(f"{_CONTAINERS}, {_CITES}")[:_MAX_CANDIDATES]:
        if not taken.holds(node) and not _forwards(node):
            for one in _container_ranges(node) if node.tag != "blockquote" else [_with_attribution(node)]:
                taken.add(one)
    if not forwarded:
        history = _history(body)
        if history is not None and not taken.holds(history.first):
            older = Taken([history])
            return [*(one for one in taken.ranges if not older.holds(one.first)), history]
    return taken.ranges


def _container_ranges(node: LexborNode) -> list[Range]:
    """Gmail's quote div also holds answers written between the quotes; then only the quotes in it are folded."""
    own = [child for child in _children(node) if not _is_quote_child(child) and words_of(child)]
    if not own:
        return [Range(node, node)]
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


def _with_attribution(node: LexborNode) -> Range:
    before = _previous_with_words(node)
    if before is not None and (_is_attribution(before.text() or "") or "moz-cite-prefix" in _classes(before)):
        return Range(before, node)
    return Range(node, node)


def _previous_with_words(node: LexborNode) -> LexborNode | None:
    before = node.prev
    while before is not None and not words_of(before):
        before = before.prev
    return before


def _history(body: LexborNode) -> Range | None:
    """Outlook marks no end: its quote runs from the header block to the end of the mail."""
    marked = next((node for node in body.css(_TO_THE_END) if not _forwards(node)), None)
    if marked is None:
        holders = (node for node in body.css(_HEADER_HOLDERS)[:_MAX_CANDIDATES] if _may_be_header_block(node))
        marked = next((node for node in islice(holders, _MAX_HOLDERS) if _is_header_block(node)), None)
    if marked is None:
        return None
    start = up = marked
    while up.parent is not None and up.parent.tag != "body" and _previous_with_words(up) is None:
        up = up.parent
        if up.tag not in _IN_TABLES:
            start = up
    last = start
    while last.next is not None:
        last = last.next
    return Range(start, last)


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


def _leaves_words(folded: str, openings: list[str], closing: str) -> bool:
    """Tell whether anything but what is folded is there to be seen."""
    for opening in openings[1:]:
        folded = folded.replace(opening, openings[0])
    outside = [part.rpartition(closing)[2] for part in folded.split(openings[0])]
    body = LexborHTMLParser(" ".join(outside)).body
    return body is not None and bool((body.text() or "").strip() or body.css_first("img") is not None)


def _children(node: LexborNode) -> list[LexborNode]:
    return list(node.iter(include_text=True))


def _classes(node: LexborNode) -> str:
    return (node.attributes.get("class") or "") if node.is_element_node else ""
