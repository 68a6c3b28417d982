"""What a check has found in a mail."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sign:
    """`by` is what says so, as it stands in the mail; `automatic` a code of postroom.core.conversations.automatic.

    Not `sure`: words alone say so. Such a mail is named, and never kept from people.
    """

    automatic: str
    by: str
    sure: bool = True


def seen(name: str, value: str) -> str:
    """Return a header as evidence, in one line."""
    return " ".join(f"{name}: {value}".split())[:200]
