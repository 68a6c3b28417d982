"""Split a mail into its MIME parts, with bounds on depth and number."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from postroom.channels.mail.headers import RawHeaders, parameters, split_headers, text_of
from postroom.channels.mail.transfer import decoded, is_base64
from postroom.lib.marked import marked

MAX_DEPTH = 40
MAX_PARTS = 1000
MAX_BEYOND = 10_000
_LIKELY_BOUNDARY = re.compile(
    rb"(?:^|(?<=\n))--([^\s\"][^\r\n\"]{0,200}?)[ \t]{0,20}\r?\n(?:[ \t]{0,20}\r?\n)?content-", re.IGNORECASE
)
_CLOSED = re.compile(rb"[ \t\r\v\f]*(--)?[ \t\r\v\f]*(?:\n|\Z)")
_WORD = re.compile(rb"[^\W\d_]{2}|[\x80-\xff]{2}")
_OPAQUE = frozenset({"base64", "binary"})
_COMMENT = re.compile(r"\([^()]*\)")


@dataclass
class Node:
    """One MIME part, its body source[start:stop]; `children` are filled for multiparts only.

    `broken` says why a multipart could not be divided. `cut` says that the mail ended before the part did: the line
    that closes it never came. `loose` says that something stands before the first part or after the last, `beyond` that
    words do after the last, where no mail program shows them (RFC 2046 section 5.1.1).
    """

    headers: RawHeaders
    source: bytes
    start: int
    stop: int
    default: str = "text/plain"
    children: list["Node"] = field(default_factory=list)
    broken: str = ""
    cut: bool = False
    loose: bool = False
    beyond: bool = False

    @property
    def body(self) -> bytes:
        """The body as it came, copied anew each time: the parts of a nested mail would else hold it many times over."""
        return self.source[self.start : self.stop]

    def raw(self, name: str) -> bytes:
        """Return the first header of that (lower-case) name, b'' when absent."""
        return next((value for key, value in self.headers if key.lower() == name), b"")

    @cached_property
    def content_type(self) -> str:
        kind = _COMMENT.sub("", self._type[0]).strip().strip("\"'").replace(" ", "")
        if "/" in kind and not kind.startswith("/") and not kind.endswith("/"):
            return kind
        return {"text": "text/plain", "html": "text/html", "multipart": "multipart/mixed"}.get(
            kind.strip("/"), self.default
        )

    @property
    def parameters(self) -> dict[str, str]:
        return self._type[1]

    @cached_property
    def _type(self) -> tuple[str, dict[str, str]]:
        return parameters(text_of(self.raw("content-type")))

    @cached_property
    def disposition(self) -> tuple[str, dict[str, str]]:
        return parameters(text_of(self.raw("content-disposition")))

    @cached_property
    def encoding(self) -> str:
        return _COMMENT.sub("", text_of(self.raw("content-transfer-encoding"))).strip().strip("\"'; ").lower()

    @cached_property
    def mislabelled(self) -> bool:
        """Whether the body is said to be base64 and plainly is not: then it is taken as it came."""
        strangers = 0.05 if self.content_type.startswith("text/") else 0.25
        sample = self.source[self.start : min(self.stop, self.start + 8000)]
        return self.encoding == "base64" and not is_base64(sample, strangers=strangers)

    @cached_property
    def data(self) -> bytes:
        """The body with its transfer encoding undone."""
        body = self.body
        data = body if self.mislabelled else decoded(body, self.encoding)
        if self.encoding not in _OPAQUE and (self.content_type.startswith("text/") or "binhex" in self.content_type):
            data = data.replace(b"\r\n", b"\n")  # the same file whether the mail came with LF or CRLF
        return data

    def walk(self) -> Iterator["Node"]:
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass
class _Budget:
    parts: int = MAX_PARTS


@dataclass(frozen=True, slots=True)
class _Piece:
    """What stands between two boundary lines; `cut` when the second never came."""

    start: int
    stop: int
    cut: bool = False


@dataclass(frozen=True, slots=True)
class _Pieces:
    """A multipart's body, divided; what stands before `first` and after `last` is nobody's."""

    parts: tuple[_Piece, ...] = ()
    first: int = 0
    last: int = 0


def split(raw: bytes) -> Node:
    """Return the tree of a mail's parts; line ends may be CRLF, LF or (old Macs, some bounces) bare CR."""
    if b"\n" not in raw:
        raw = raw.replace(b"\r", b"\n")
    whole = _Piece(0, len(raw), cut=True)
    return _node(raw, whole, default="text/plain", depth=0, budget=_Budget())


def _node(source: bytes, piece: _Piece, *, default: str, depth: int, budget: _Budget) -> Node:
    headers, start = split_headers(source, piece.start, piece.stop)
    node = Node(
        headers=headers, source=source, start=start, stop=piece.stop, default=default, cut=piece.cut and depth > 0
    )
    if node.content_type.startswith("multipart/"):
        _divide(node, depth=depth, budget=budget, at_end=piece.cut)
    return node


def _divide(node: Node, *, depth: int, budget: _Budget, at_end: bool) -> None:
    """`at_end` says that the mail ends where this part does."""
    if depth >= MAX_DEPTH:
        node.broken = marked("The parts are nested too deeply; the innermost are kept as one file.")
        return
    pieces = _pieces(node, node.parameters.get("boundary", ""), budget, at_end=at_end)
    if not pieces.parts and (likely := _LIKELY_BOUNDARY.search(node.source, node.start, node.stop)):
        pieces = _pieces(node, likely[1].decode("latin-1"), budget, at_end=at_end)
    if not pieces.parts:
        node.broken = marked("The mail says it has several parts, but the line that separates them is missing.")
        return
    default = "message/rfc822" if node.content_type == "multipart/digest" else "text/plain"
    node.loose = _has_words(node.source, node.start, pieces.first) or _has_words(node.source, pieces.last, node.stop)
    node.beyond = _is_written(node.source[pieces.last : min(node.stop, pieces.last + MAX_BEYOND)])
    node.children = _headless_first(node, pieces.first) + [
        _node(node.source, piece, default=default, depth=depth + 1, budget=budget) for piece in pieces.parts
    ]


def _has_words(source: bytes, start: int, stop: int) -> bool:
    return not source[start:stop].isspace() and start < stop


def _is_written(rest: bytes) -> bool:
    """Tell words from what programs leave behind the last part: dashes, line ends, another boundary, a bare field."""
    return any(_WORD.search(line) for line in rest.splitlines() if not line.lower().startswith((b"--", b"content-")))


def _headless_first(node: Node, stop: int) -> list[Node]:
    """The first part when its boundary line was lost: its fields stand among the whole's, its body before the rest."""
    types = [at for at, (name, _) in enumerate(node.headers) if name.lower() == "content-type"]
    if len(types) < 2 or not _has_words(node.source, node.start, stop):
        return []
    headers = node.headers[types[1] :]
    if b"multipart/" in headers[0][1].lower():
        return []
    return [Node(headers=headers, source=node.source, start=node.start, stop=_before_line_end(node.source, stop))]


def _pieces(node: Node, boundary: str, budget: _Budget, *, at_end: bool) -> _Pieces:
    """Cut at the boundary lines, also at those after the closing one.

    Programs that give the inner parts the boundary of the outer ones (Outlook Express for Macs, gateways) close it
    twice; what stands between is often a file, which nobody may lose.
    """
    if not boundary:
        return _Pieces()
    mark = b"--" + boundary.encode("utf-8", "surrogatepass").rstrip()
    parts: list[_Piece] = []
    first = last = node.stop
    start = -1
    for at, end, closing in _marks(node, mark):
        if start >= 0:
            parts.append(_Piece(start, max(start, _before_line_end(node.source, at))))
        elif not parts:
            first = at
        start, last = (-1, end) if closing else (end, node.stop)
        budget.parts -= 1
        if budget.parts <= 0:
            break
    if start >= 0:
        parts.append(_last_piece(node, start, mark, cut=at_end and budget.parts > 0))
    return _Pieces(parts=tuple(parts), first=first, last=last)


def _last_piece(node: Node, start: int, mark: bytes, *, cut: bool) -> _Piece:
    """Some programs forget the line end before the closing boundary: then it hangs at the last line of the part."""
    tail = node.source[max(start, node.stop - len(mark) - 100) : node.stop]
    end = tail.rstrip()
    if end.endswith(mark + b"--"):
        return _Piece(start, node.stop - len(tail) + len(end) - len(mark) - 2)
    return _Piece(start, node.stop, cut=cut)


def _marks(node: Node, mark: bytes) -> Iterator[tuple[int, int, bool]]:
    """Yield (start, end, closing) of every line that is the boundary, blanks after it allowed."""
    source, position = node.source, node.start
    while (at := source.find(mark, position, node.stop)) >= 0:
        position = at + len(mark)
        if at > node.start and source[at - 1 : at] not in (b"\n", b"\r"):
            continue
        end = _CLOSED.match(source, position, node.stop)
        if end:
            yield at, end.end(), end[1] == b"--"
            position = end.end()


def _before_line_end(source: bytes, stop: int) -> int:
    """The line end before a boundary belongs to the boundary (RFC 2046 section 5.1.1)."""
    if source.endswith(b"\r\n", 0, stop):
        return stop - 2
    return stop - 1 if source.endswith((b"\n", b"\r"), 0, stop) else stop
