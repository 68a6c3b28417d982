"""Which files can be looked at here without being opened by another program, and what is shown of them."""

from dataclasses import dataclass

from postroom.channels.mail.charsets import decode
from postroom.lib.text import storable

PDF = "pdf"
TEXT = "text"
# More than somebody reads in a preview, and little enough for any browser.
MOST_TEXT = 200_000
MOST_PAGES = 50

_TEXT_TYPES = frozenset(
    "application/json application/xml application/yaml application/sql application/javascript application/x-sh".split()
)
_TEXT_ENDINGS = frozenset(
    "txt log csv tsv md rst ini cfg conf json xml yaml yml html htm css js py sh sql diff eml ics vcf srt".split()
)


@dataclass(frozen=True)
class Excerpt:
    """The beginning of a text file; `cut` when there is more."""

    text: str
    cut: bool


def kind_of(name: str, content_type: str) -> str:
    """Return PDF, TEXT, or "" for what is no document that we can show."""
    content_type = content_type.lower()
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    if content_type == "application/pdf" or ending == "pdf":
        return PDF
    if content_type.startswith("text/") or content_type in _TEXT_TYPES or ending in _TEXT_ENDINGS:
        return TEXT
    return ""


def excerpt(data: bytes) -> Excerpt:
    """Return the beginning of a text file in whatever charset it is."""
    text = storable(decode(data[: MOST_TEXT * 4])).replace("\r\n", "\n")
    return Excerpt(text[:MOST_TEXT], cut=len(text) > MOST_TEXT or len(data) > MOST_TEXT * 4)
