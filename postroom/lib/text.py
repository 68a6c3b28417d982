"""Text made safe for a database and short enough for a list."""

import re

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def storable(text: str) -> str:
    """Return the text without NUL and lone surrogates, which a database refuses, as U+FFFD."""
    if text.isascii() and "\0" not in text:
        # Nearly all of it: nothing to look for.
        return text
    return _UNSTORABLE.sub("\ufffd", text)


def snippet(text: str, *, length: int = 160) -> str:
    """Return the first words on one line, at most `length` characters."""
    return " ".join(storable(text[: length * 4]).split())[:length]


def one_line(text: str, *, length: int) -> str:
    """Return the text as one storable line of at most `length` characters, fit for a header or a list."""
    return " ".join(storable(text).split())[:length]
