"""Read address headers as they come: unclosed brackets, comments, groups, names in encoded words."""

import re
from collections.abc import Sequence

from postroom.channels.mail.headers import clean, words
from postroom.channels.mail.parsed import NOBODY, Address

MAX_ADDRESSES = 500
MAX_LOCAL = 1000
MAX_TOKENS = 100  # of one mailbox
_SPEC = re.compile(r"[^\s<>,;:\"()\[\]\\@]{1,300}(?:@[^\s<>,;:\"()\[\]\\@]{1,300}|@\[[^\]\s]{1,100}\])")
_QUOTED_LOCAL = re.compile(r'"((?:[^"\\]|\\.){0,300})"@[^\s<>,;:"()]{1,300}')
_LOCAL = re.compile(r"<([^\s<>@,;:\"()\[\]\\]{1,64})>")
# Bounded, since a stranger's quotes and brackets may never close.
_TOKEN = re.compile(
    r'"(?:[^"\\]|\\.){0,1000}"|\((?:[^()\\]|\\.){0,1000}\)|<[^<>]{0,1000}>|[,;:<>()"]|[^,;:<>()"]+', re.DOTALL
)
_UNPAIR = re.compile(r"\\(.)", re.DOTALL)
_BLANKS = re.compile(r"\s+")


def addresses(text: str, hints: Sequence[str | None] = ()) -> tuple[Address, ...]:
    """Return every mailbox named in an address header, group names left out.

    The structure is read before RFC 2047 words are decoded, so that an encoded "<boss@example.com>," stays a name
    (RFC 2047 section 5).
    """
    found: list[Address] = []
    tokens: list[str] = []
    for token in _tokens(text):
        if token in ",;":
            _close(found, tokens, hints)
        elif token == ":" and not any(t.startswith("<") or "@" in t for t in tokens):
            tokens.clear()  # a group's name
        else:
            if token.startswith("<") and any(t.startswith("<") and "@" in t for t in tokens):
                _close(found, tokens, hints)  # two addresses without a comma
            if len(tokens) < MAX_TOKENS:
                tokens.append(token)
        if len(found) >= MAX_ADDRESSES:
            return tuple(found)
    _close(found, tokens, hints)
    return tuple(found)


def first_address(text: str, hints: Sequence[str | None] = ()) -> Address:
    """Return the first mailbox that has an address, else whatever name there is.

    `<moderator>`, which names no domain, is kept as it stands: it says who wrote, though nobody can answer it.
    """
    every = addresses(text, hints)
    found = next((one for one in every if one.email), every[0] if every else NOBODY)
    if not found.email and (local := _LOCAL.search(text[:MAX_LOCAL])):
        name = words(text[: local.start()], hints).strip(" \t'\"") or found.name
        return Address(name=name[:300], email=local[1])
    return found


def _tokens(text: str) -> list[str]:
    return [match[0] for match in _TOKEN.finditer(text[:100_000])]


def _close(found: list[Address], tokens: list[str], hints: Sequence[str | None]) -> None:
    mailbox = _mailbox(tokens, hints)
    tokens.clear()
    if mailbox.email or mailbox.name:
        found.append(mailbox)


def _mailbox(tokens: list[str], hints: Sequence[str | None]) -> Address:
    at = next((i for i, t in enumerate(tokens) if t.startswith("<") and len(t) > 1), None)
    if at is None:
        at = next((i + 1 for i, t in enumerate(tokens) if t == "<" and i + 1 < len(tokens)), None)  # never closed
    if at is not None:
        email = spec(tokens[at].strip("<> \t"))
        rest = tokens[:at] or tokens[at + 1 :]
        if not email:
            rest = [t for i, t in enumerate(tokens) if i != at] if len(tokens) > 1 else [t.strip("<>") for t in tokens]
            email = _take_bare(rest)
    else:
        rest = list(tokens)
        email = _take_bare(rest)
    return Address(name=_name(rest, hints, email), email=email)


def _take_bare(rest: list[str]) -> str:
    """Find an address outside of brackets and take it out of the words around it."""
    joined = "".join(rest)
    quoted = _QUOTED_LOCAL.search(joined)
    if quoted:
        rest[:] = [joined.replace(quoted[0], " ")]
        return spec(quoted[0])
    for index, token in enumerate(rest):
        match = _SPEC.search(token) if not token.startswith(("(", '"')) else None
        if match:
            rest[index] = token.replace(match[0], " ")
            return spec(match[0])
    for index, token in enumerate(rest):
        match = _SPEC.search(token)
        if match and token.startswith('"'):
            rest[index] = token.replace(match[0], " ")
            return spec(match[0])
    return ""


def spec(text: str) -> str:
    """Return a bare address, its domain in lower case, '' when there is none to be found."""
    text = clean(text)
    if text.startswith("@") and ":" in text:  # a source route (RFC 5322 section 4.4)
        text = text.rpartition(":")[2]
    if text.lower().startswith("mailto:"):
        text = text[7:]
    quoted = _QUOTED_LOCAL.search(text)
    match = quoted or _SPEC.search(text) or _SPEC.search(_BLANKS.sub("", text))
    if not match:
        return ""
    local, _, domain = match[0].rpartition("@")
    return f"{local}@{domain.lower().rstrip('.')}"[:320]


def _name(rest: list[str], hints: Sequence[str | None], email: str) -> str:
    outside = [t for t in rest if not t.startswith("(") and t not in '<>()"']
    comments = [t[1:-1] for t in rest if t.startswith("(") and len(t) > 1]
    name = _spoken(outside, hints)
    if not name:
        name = _spoken(comments, hints)
    return "" if name.lower() == email.lower() else name[:300]


def _spoken(tokens: list[str], hints: Sequence[str | None]) -> str:
    pieces = []
    for token in tokens:
        if token.startswith('"'):
            token = _UNPAIR.sub(r"\1", token[1:-1])
        pieces.append(_UNPAIR.sub(r"\1", token) if "\\" in token else token)
    return _BLANKS.sub(" ", words(" ".join(pieces), hints)).strip(" '\"")
