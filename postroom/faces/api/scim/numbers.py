"""Our ids, as a directory shows them to us."""

# The most digits that every database takes for a number.
_DIGITS = 18


def number(text: str) -> int:
    """Return the id that is written there; 0 for what is none of ours."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _DIGITS else 0
