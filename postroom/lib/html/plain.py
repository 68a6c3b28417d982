"""HTML to plain text and back."""

import re
from collections.abc import Iterator
from html import escape

from selectolax.lexbor import LexborHTMLParser, LexborNode

from postroom.lib.html.nesting import MAX_LENGTH, too_much, words_only

MAX_MARGIN = 30
_SKIPPED = frozenset(
    [
        "script",
        "style",
        "head",
        "title",
        "template",
        "noscript",
        "object",
        "iframe",
        "svg",
        "math",
        "textarea",
        "select",
    ]
)
_PARAGRAPH = frozenset(
    ["p", "ul", "ol", "dl", "pre", "blockquote", "table", "h1", "h2", "h3", "h4", "h5", "h6", "figure", "details", "hr"]
)
_LINE = frozenset(
    [
        "div",
        "tr",
        "li",
        "dt",
        "dd",
        "address",
        "article",
        "aside",
        "caption",
        "center",
        "figcaption",
        "footer",
        "form",
        "header",
        "main",
        "nav",
        "section",
        "summary",
        "option",
    ]
)
_CELL = frozenset({"td", "th"})
_BLANKS = re.compile(r"[ \t\n\r\f\u200b]+")
_MANY_LINES = re.compile(r"\n{3,}")
_TRAILING = re.compile(r"[ \t]+\n")
_LINK_IN_TEXT = re.compile(
    r"(?P<url>\bhttps?://[^\s<>\"'\u0000-\u001f]+|\bwww\.[^\s<>\"'\u0000-\u001f]+)"
    r"|(?P<mail>(?<![\w.+-])[\w.+-]{1,64}@(?:[\w-]{1,63}\.)+[A-Za-z]{2,24}\b)"
)
_LEADING_SPACES = re.compile(r"(?m)^ +| {2,}")


def to_text(html: str) -> str:
    """Return HTML as good plain text: paragraphs, list signs, quotes with `> `, links as `text <url>`."""
    html = html[:MAX_LENGTH]
    if too_much(html):
        return _tidy(words_only(html))
    body = LexborHTMLParser(html).body
    if body is None:
        return ""
    writer = _Writer()
    for step, node in _steps(body):
        writer.take(step, node)
    return _tidy(writer.text)


def _steps(body: LexborNode) -> Iterator[tuple[str, LexborNode]]:
    """Walk without recursion, since the depth is a stranger's: ("open" | "close" | "text", node)."""
    node = body.first_child
    while node is not None:
        if node.is_text_node:
            yield "text", node
        elif node.is_element_node:
            yield "open", node
            if (node.tag or "") not in _SKIPPED and node.first_child is not None:
                node = node.first_child
                continue
            yield "close", node
        while node.next is None:
            node = node.parent
            if node is None or node.tag == "body":
                return
            yield "close", node
        node = node.next


class _Writer:
    """Collects lines; `take` is told of each opening, closing and text in document order."""

    def __init__(self) -> None:
        self._done: list[str] = []
        self._line: list[str] = []
        self._prefix: list[str] = []
        self._lists: list[int | None] = []
        self._links: list[tuple[str, int, int]] = []
        self._pre = 0

    @property
    def text(self) -> str:
        self._break()
        return "\n".join(self._done)

    @property
    def _margin(self) -> str:
        """What stands before each line, bounded: it costs its length for every line."""
        return "".join(self._prefix[:MAX_MARGIN])

    def take(self, step: str, node: LexborNode) -> None:
        if step == "text":
            self._words(node.text_content or "")
        elif step == "open":
            self._open(node.tag or "", node)
        else:
            self._close(node.tag or "")

    def _words(self, text: str) -> None:
        if self._pre:
            first, *others = text.replace("\r\n", "\n").split("\n")
            self._line.append(first)
            for other in others:
                self._break(even_if_empty=True)
                self._line.append(other)
            return
        text = _BLANKS.sub(" ", text)
        if text == " " and (not self._line or self._line[-1].endswith(" ")):
            return
        self._line.append(text)

    def _open(self, tag: str, node: LexborNode) -> None:
        if tag == "br":
            self._break(even_if_empty=True)
        elif tag == "img":
            alt = (node.attributes.get("alt") or "").strip()
            self._line.append(f"[{alt}]" if alt else "")
        elif tag == "a":
            self._links.append((node.attributes.get("href") or "", len(self._done), len(self._line)))
        elif tag in _PARAGRAPH:
            self._blank_line()
            self._open_block(tag, node)
        elif tag in _LINE:
            self._break()
            if tag == "li":
                self._line.append(self._sign())
        elif tag in _CELL and self._line:
            self._line.append("  ")

    def _open_block(self, tag: str, node: LexborNode) -> None:
        if tag == "blockquote":
            self._prefix.append("> ")
        elif tag in ("ul", "ol"):
            start = node.attributes.get("start") or "1"
            self._lists.append(
                int(start) if tag == "ol" and start.isdecimal() and len(start) < 6 else 1 if tag == "ol" else None
            )
            if len(self._lists) > 1:
                self._prefix.append("  ")
        elif tag == "pre":
            self._pre += 1
        elif tag == "hr":
            self._line.append("----")
            self._break()

    def _close(self, tag: str) -> None:
        if tag == "a" and self._links:
            self._link(*self._links.pop())
        elif tag in _PARAGRAPH:
            self._break()
            if tag == "blockquote" and "> " in self._prefix:
                while self._done and self._done[-1] == self._margin.rstrip():
                    self._done.pop()
                del self._prefix[len(self._prefix) - 1 - self._prefix[::-1].index("> ") :]
            elif tag in ("ul", "ol") and self._lists:
                self._lists.pop()
                if self._lists and self._prefix:
                    self._prefix.pop()
            elif tag == "pre":
                self._pre = max(0, self._pre - 1)
            self._blank_line()
        elif tag in _LINE:
            self._break()

    def _link(self, href: str, done: int, start: int) -> None:
        shown = "".join(self._line[start:]) if done == len(self._done) else "".join(self._line)
        if not href.lower().startswith(("http://", "https://", "mailto:")):
            return
        bare = href.removeprefix("mailto:")
        if not shown.strip():
            return
        same = shown.strip().rstrip("/").lower().removeprefix("https://").removeprefix("http://")
        if bare.rstrip("/").lower().removeprefix("https://").removeprefix("http://") != same:
            self._line.append(f" <{bare}>")

    def _sign(self) -> str:
        if not self._lists or self._lists[-1] is None:
            return "- "
        number = self._lists[-1]
        self._lists[-1] = number + 1
        return f"{number}. "

    def _break(self, *, even_if_empty: bool = False) -> None:
        line = "".join(self._line)
        self._line.clear()
        if line.strip() or even_if_empty:
            line = line.rstrip() if self._pre else line.strip()
            self._done.append(self._margin + line)

    def _blank_line(self) -> None:
        self._break()
        empty = self._margin.rstrip()
        if self._done and self._done[-1].strip() not in ("", empty):
            self._done.append(empty)


def _tidy(text: str) -> str:
    text = text.replace("\u00a0", " ").replace("\u00ad", "").replace("\u034f", "")
    return _MANY_LINES.sub("\n\n", _TRAILING.sub("\n", text + "\n")).strip("\n")


def text_to_html(text: str) -> str:
    """Return plain text as HTML: escaped, its line breaks kept, its links clickable."""
    out: list[str] = []
    position = 0
    for match in _LINK_IN_TEXT.finditer(text):
        shown = _without_sentence_end(match[0])
        out += [_escaped(text[position : match.start()]), _anchor(shown, mail=match["mail"] is not None)]
        position = match.start() + len(shown)
    out.append(_escaped(text[position:]))
    return "".join(out)


def _without_sentence_end(url: str) -> str:
    """A full stop or bracket after an address belongs to the sentence."""
    surplus = {")": url.count(")") - url.count("("), "]": url.count("]") - url.count("[")}
    end = len(url)
    while end:
        last = url[end - 1]
        if last in surplus:
            if surplus[last] <= 0:
                break
            surplus[last] -= 1
        elif last not in ".,;:!?":
            break
        end -= 1
    return url[:end]


def _anchor(shown: str, *, mail: bool) -> str:
    target = f"mailto:{shown}" if mail else shown if shown.startswith("http") else f"https://{shown}"
    return f'<a href="{escape(target)}" rel="noopener noreferrer nofollow" target="_blank">{escape(shown)}</a>'


def _escaped(text: str) -> str:
    """Spaces that HTML would swallow become hard ones, as tables in plain text need them."""
    kept = _LEADING_SPACES.sub(lambda match: "\u00a0" * (len(match[0]) - 1) + " ", escape(text, quote=False))
    return kept.replace("\r\n", "\n").replace("\n", "<br>\n")
