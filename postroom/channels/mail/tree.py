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
_LIKELY_BOUNDARY = re.compile(
    rb"(?:^|\n)--([^\s\"][^\r\n\"]{0,200}?)[ \t]*\r?\n(?:[ \t]*\r?\n)?content-", re.IGNORECASE
)
_OPAQUE = frozenset({"base64", "binary"})
_COMMENT = re.compile(r"\([^()]*\)")


@dataclass
class Node:
    """One MIME part; `children` are filled for multiparts only.

    `broken` says why a multipart could not be divided. `cut` says that the mail ended before the part did: the line
    that closes it never came. `loose` says that words stand before the first part or after the last.
    """

    headers: RawHeaders
    body: bytes
    default: str = "text/plain"
    children: list["Node"] = field(default_factory=list)
    broken: str = ""
    cut: bool = False
    loose: bool = False

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
        return self.encoding == "base64" and not is_base64(self.body, strangers=strangers)

    @cached_property
    def data(self) -> bytes:
        """The body with its transfer encoding undone."""
        data = self.body if self.mislabelled else decoded(self.body, self.encoding)
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

    data: bytes
    cut: bool = False


@dataclass(frozen=True, slots=True)
class _Pieces:
    """A multipart's body, divided; what stands before the first boundary line and after the last are nobody's."""

    parts: tuple[_Piece, ...] = ()
    before: bytes = b""
    after: bytes = b""


def split(raw: bytes) -> Node:
    """Return the tree of a mail's parts; line ends may be CRLF, LF or (old Macs, some bounces) bare CR."""
    if b"\n" not in raw:
        raw = raw.replace(b"\r", b"\n")
    return _node(raw, default="text/plain", depth=0, budget=_Budget(), at_end=True)


def _node(data: bytes, *, default: str, depth: int, budget: _Budget, at_end: bool) -> Node:
    """`at_end` says that the mail ends where this part does."""
    headers, start = split_headers(data)
    node = Node(headers=headers, body=data[start:], default=default, cut=at_end and depth > 0)
    if node.content_type.startswith("multipart/"):
        _divide(node, depth=depth, budget=budget, at_end=at_end)
    return node


def _divide(node: Node, *, depth: int, budget: _Budget, at_end: bool) -> None:
    if depth >= MAX_DEPTH:
        node.broken = marked("The parts are nested too deeply; the innermost are kept as one file.")
        return
    pieces = _pieces(node.body, node.parameters.get("boundary", ""), budget)
    if not pieces.parts and (likely := _LIKELY_BOUNDARY.search(node.body)):
        pieces = _pieces(node.body, likely[1].decode("latin-1"), budget)
    if not pieces.parts:
        node.broken = marked("The mail says it has several parts, but the line that separates them is missing.")
        return
    default = "message/rfc822" if node.content_type == "multipart/digest" else "text/plain"
    node.loose = bool(pieces.before.strip() or pieces.after.strip())
    node.children = _headless_first(node, pieces.before) + [
        _node(piece.data, default=default, depth=depth + 1, budget=budget, at_end=at_end and piece.cut)
        for piece in pieces.parts
    ]


def _headless_first(node: Node, before: bytes) -> list[Node]:
    """The first part when its boundary line was lost: its fields stand among the whole's, its body before the rest."""
    types = [at for at, (name, _) in enumerate(node.headers) if name.lower() == "content-type"]
    if len(types) < 2 or not before.strip() or b"multipart/" in node.headers[types[1]][1].lower():
        return []
    return [Node(headers=node.headers[types[1] :], body=_without_last_newline(before))]


def _pieces(body: bytes, boundary: str, budget: _Budget) -> _Pieces:
    """Cut at the boundary lines."""
    if not boundary:
        return _Pieces()
    mark = b"--" + boundary.encode("utf-8", "surrogatepass").rstrip()
    parts: list[_Piece] = []
    before = after = b""
    start = -1
    for at, end, closing in _marks(body, mark):
        if start >= 0:
            parts.append(_Piece(_without_last_newline(body[start:at])))
        elif not parts:
            before = body[:at]
        start = -1 if closing else end
        if closing:
            after = body[end:]
        budget.parts -= 1
        if closing or budget.parts <= 0:
            break
    if start >= 0:
        parts.append(_last_piece(body[start:], mark, cut=budget.parts > 0))
    return _Pieces(parts=tuple(parts), before=before, after=after)


def _last_piece(data: bytes, mark: bytes, *, cut: bool) -> _Piece:
    """Some programs forget the line end before the closing boundary: then it hangs at the last line of the part."""
    end = data.rstrip()
    if end.endswith(mark + b"--"):
        return _Piece(end[: -len(mark) - 2])
    return _Piece(data, cut=cut)


def _marks(body: bytes, mark: bytes) -> Iterator[tuple[int, int, bool]]:
    """Yield (start, end, closing) of every line that is the boundary, blanks after it allowed."""
    position = 0
    while (at := body.find(mark, position)) >= 0:
        position = at + len(mark)
        if at and body[at - 1 : at] not in (b"\n", b"\r"):
            continue
        line_end = body.find(b"\n", position)
        line_end = len(body) if line_end < 0 else line_end + 1
        rest = body[position:line_end].strip()
        if rest in (b"", b"--"):
            yield at, line_end, rest == b"--"
            position = line_end


def _without_last_newline(piece: bytes) -> bytes:
    """The line end before a boundary belongs to the boundary (RFC 2046 section 5.1.1)."""
    if piece.endswith(b"\r\n"):
        return piece[:-2]
    return piece[:-1] if piece.endswith((b"\n", b"\r")) else piece
