"""Join the lines that a mail program broke softly (format=flowed, RFC 3676)."""

from postroom.channels.mail.tree import Node

_SEPARATORS = ("-- ", "--")  # of a signature: its space does not mean that the line goes on


def is_flowed(node: Node) -> bool:
    """Tell whether the part says that its lines are to be joined."""
    return node.content_type == "text/plain" and node.parameters.get("format", "").strip().lower() == "flowed"


def unflowed(text: str, *, delsp: bool) -> str:
    """Return the text with one line for each paragraph, its quote signs kept; `delsp` drops the space at a soft break.

    Only lines of one quote depth are joined: a soft break before another depth is a mistake (RFC 3676 section 4.5).
    """
    out: list[str] = []
    pieces: list[str] = []
    depth = 0
    for line in text.split("\n"):
        words = line.lstrip(">")
        level = len(line) - len(words)
        words = words.removeprefix(" ")  # space-stuffed
        separator = words in _SEPARATORS
        if pieces and (level != depth or separator):
            out.append(_quoted(pieces, depth))
            pieces = []
        depth = level
        soft = words.endswith(" ") and not separator
        pieces.append(words[:-1] if soft and delsp else words)
        if not soft:
            out.append(_quoted(pieces, depth))
            pieces = []
    if pieces:
        out.append(_quoted(pieces, depth))
    return "\n".join(out)


def _quoted(pieces: list[str], depth: int) -> str:
    words = "".join(pieces)
    return f"{'>' * depth} {words}" if depth and words else ">" * depth + words
