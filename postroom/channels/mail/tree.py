"""Split a mail into its MIME parts, with bounds on depth and number."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from postroom.channels.mail.headers import RawHeaders, parameters, split_headers, text_of
from postroom.channels.mail.transfer import decoded
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
    """One MIME part; `children` are filled for multiparts only."""

    headers: RawHeaders
    body: bytes
    default: str = "text/plain"
    children: list["Node"] = field(default_factory=list)
    broken: str = ""

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
    def data(self) -> bytes:
        """The body with its transfer encoding undone."""
        data = decoded(self.body, self.encoding)
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


def split(raw: bytes) -> Node:
    """Return the tree of a mail's parts; line ends may be CRLF, LF or (old Macs, some bounces) bare CR."""
    if b"\n" not in raw:
        raw = raw.replace(b"\r", b"\n")
    return _node(raw, default="text/plain", depth=0, budget=_Budget())


def _node(data: bytes, *, default: str, depth: int, budget: _Budget) -> Node:
    headers, start = split_headers(data)
    node = Node(headers=headers, body=data[start:], default=default)
    if node.content_type.startswith("multipart/"):
        _divide(node, depth=depth, budget=budget)
    return node


def _divide(node: Node, *, depth: int, budget: _Budget) -> None:
    if depth >= MAX_DEPTH:
        node.broken = marked("The parts are nested too deeply; the innermost are kept as one file.")
        return
    pieces = _pieces(node.body, node.parameters.get("boundary", ""), budget)
    if not pieces:
        likely = _LIKELY_BOUNDARY.search(node.body)
        pieces = _pieces(node.body, likely[1].decode("latin-1"), budget) if likely else []
    if not pieces:
        node.broken = marked("The mail says it has several parts, but the line that separates them is missing.")
        return
    default = "message/rfc822" if node.content_type == "multipart/digest" else "text/plain"
    node.children = [_node(piece, default=default, depth=depth + 1, budget=budget) for piece in pieces]


def _pieces(body: bytes, boundary: str, budget: _Budget) -> list[bytes]:
    """Cut at the boundary lines; what stands before the first and after the closing one is nobody's."""
    if not boundary:
        return []
    mark = b"--" + boundary.encode("utf-8", "surrogatepass").rstrip()
    pieces: list[bytes] = []
    start = -1
    for at, end, closing in _marks(body, mark):
        if start >= 0:
            pieces.append(_without_last_newline(body[start:at]))
        start = -1 if closing else end
        budget.parts -= 1
        if closing or budget.parts <= 0:
            break
    if start >= 0:
        pieces.append(body[start:])
    return pieces


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
