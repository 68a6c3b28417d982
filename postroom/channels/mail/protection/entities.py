"""Find the protected part of a mail as exact bytes, and put what was inside it in its place."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from postroom.channels.mail.headers import split_headers
from postroom.channels.mail.tree import Node

SMIME_DETACHED = "smime-detached"
SMIME_OPAQUE = "smime-opaque"
PGP_DETACHED = "pgp-detached"
PGP_ENCRYPTED = "pgp-encrypted"

_OPAQUE = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
_SMIME_SIGNATURES = frozenset({"application/pkcs7-signature", "application/x-pkcs7-signature"})
_FIELD = re.compile(rb"(?m)^([!-9;-~]+)[ \t]*:[^\n]*\n?(?:[ \t][^\n]*\n?)*")
# What stands in the place of a subject that is encrypted, too (RFC 9788 section 4.2).
_HIDDEN_SUBJECT = re.compile(rb"(?i)subject[ \t]*:[ \t]*(?:\[?\.\.\.\]?|encrypted (?:message|mail|e-mail)|)\s*")
_MAX_DEPTH = 4
_MAX_PARTS = 50


@dataclass(frozen=True, slots=True)
class Protected:
    """A part that is signed or encrypted: its own bytes, its direct parts' bytes, and whether it is the whole mail."""

    kind: str
    piece: bytes
    node: Node
    parts: tuple[bytes, ...]
    whole: bool


def find_protected(raw: bytes) -> Protected | None:
    """Return the outermost protected part, None when there is none."""
    return _find(raw, depth=0)


def _find(piece: bytes, *, depth: int) -> Protected | None:
    node = entity(piece)
    multipart = node.content_type.startswith("multipart/")
    parts = tuple(pieces(node.body, node.parameters.get("boundary", ""))) if multipart else ()
    kind = _kind(node, parts)
    if kind:
        return Protected(kind=kind, piece=piece, node=node, parts=parts, whole=depth == 0)
    if depth >= _MAX_DEPTH:
        return None
    return next((found for part in parts if (found := _find(part, depth=depth + 1))), None)


def _kind(node: Node, parts: tuple[bytes, ...]) -> str:
    if node.content_type in _OPAQUE:
        return SMIME_OPAQUE
    if node.content_type == "application/octet-stream" and _name(node).endswith(".p7m"):
        return SMIME_OPAQUE  # gateways forget the type and keep the name
    if len(parts) < 2 or node.content_type not in ("multipart/signed", "multipart/encrypted", "multipart/mixed"):
        return ""
    types = [entity(part).content_type for part in parts]
    if node.content_type == "multipart/signed":
        return (
            PGP_DETACHED
            if types[1] == "application/pgp-signature"
            else (SMIME_DETACHED if types[1] in _SMIME_SIGNATURES else "")
        )
    # Exchange turns multipart/encrypted into multipart/mixed, with an empty text before it.
    return PGP_ENCRYPTED if "application/pgp-encrypted" in types[:2] else ""


def _name(node: Node) -> str:
    return (node.parameters.get("name") or node.disposition[1].get("filename") or "").lower()


def entity(piece: bytes) -> Node:
    """Return a part's headers and body, its own parts left together."""
    headers, start = split_headers(piece)
    return Node(headers=headers, source=piece, start=start, stop=len(piece))


def pieces(body: bytes, boundary: str) -> Iterator[bytes]:
    """Yield what stands between the boundary lines, to the byte (RFC 2046 section 5.1.1)."""
    if not boundary:
        return
    mark = b"--" + boundary.encode("utf-8", "surrogateescape")
    line = re.compile(rb"(?:\A|\r?\n)" + re.escape(mark) + rb"(--)?[ \t]*(?=\r?\n|\Z)")
    start = -1
    for number, found in enumerate(line.finditer(body)):
        if start >= 0:
            yield body[start : found.start()]
        if found[1] or number >= _MAX_PARTS:
            return
        start = found.end() + (2 if body[found.end() : found.end() + 2] == b"\r\n" else 1)
    if start >= 0:
        yield body[start:]


def put_in_place(raw: bytes, protected: Protected, inner: bytes) -> bytes:
    """Return the mail with the protected part replaced by what was inside it; the mail's own headers stay."""
    if not protected.whole:
        return raw.replace(protected.piece, inner, 1)
    _, start = split_headers(raw)
    _, inner_start = split_headers(inner)
    inside = inner[:inner_start]
    head = _without(raw[:start].rstrip(b"\r\n") + b"\r\n", hidden_subject=_subject(inside) != b"")
    return (
        head
        + _subject(inside) * (b"\nsubject" not in b"\n" + head.lower())
        + _content_only(inside)
        + inner[inner_start:]
    )


def _without(head: bytes, *, hidden_subject: bool) -> bytes:
    """Leave out what described the wrapping."""

    def kept(field: re.Match[bytes]) -> bytes:
        name = field[1].lower()
        if name.startswith(b"content-") or (hidden_subject and _HIDDEN_SUBJECT.fullmatch(field[0])):
            return b""
        return field[0]

    return _FIELD.sub(kept, head)


def _content_only(head: bytes) -> bytes:
    """Return the headers that describe the content; a sender's other headers inside are not the envelope's."""
    kept = b"".join(field[0] for field in _FIELD.finditer(head) if field[1].lower().startswith(b"content-"))
    return (kept.rstrip(b"\r\n") + b"\r\n" if kept else b"") + b"\r\n"


def _subject(head: bytes) -> bytes:
    found = next((field[0] for field in _FIELD.finditer(head) if field[1].lower() == b"subject"), b"")
    return found.rstrip(b"\r\n") + b"\r\n" if found else b""
