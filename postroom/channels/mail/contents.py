"""What a mail shows and carries, while it is collected part by part."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from postroom.channels.mail.filenames import safe_name
from postroom.channels.mail.headers import clean
from postroom.channels.mail.parsed import ParsedAttachment
from postroom.lib.html import text_to_html, to_text
from postroom.lib.marked import marked
from postroom.lib.text import storable

MAX_FILES = 500
MAX_DECLARED = 1000


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of the mail: as text, as HTML, or both when they are alternatives of each other."""

    text: str | None
    html: str | None


@dataclass
class Found:
    """What a mail shows and carries; `locations` are addresses that its HTML may call a file by (RFC 2557)."""

    blocks: list[Block] = field(default_factory=list)
    files: list[ParsedAttachment] = field(default_factory=list)
    charsets: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    locations: dict[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """All the words, as plain text."""
        return as_text(self.blocks)

    @property
    def html(self) -> str:
        """The words as HTML; '' when no part has any."""
        return as_html(self.blocks) or ""

    def add_file(
        self,
        *,
        name: str,
        content_type: str,
        data: bytes,
        content_id: str | None = None,
        inline: bool = False,
        declared_name: str | None = None,
    ) -> None:
        """List a file, under a name that is safe; `declared_name` when `name` is not what the mail calls it."""
        if len(self.files) >= MAX_FILES:
            self.note(marked("There are more attachments than Postroom lists; the original mail holds all of them."))
            return
        content_type = storable(clean(content_type))[:200]
        content_id = storable(clean(content_id or ""))[:300] or None
        safe = safe_name(name, content_type=content_type, number=len(self.files) + 1)
        self.files.append(
            ParsedAttachment(
                name=safe,
                content_type=content_type,
                size=len(data),
                data=data,
                content_id=content_id,
                inline=inline,
                declared_name=storable(name if declared_name is None else declared_name)[:MAX_DECLARED],
            )
        )

    def note(self, problem: str) -> None:
        """Say once what is wrong with the mail."""
        if problem not in self.problems:
            self.problems.append(problem)


def as_text(blocks: Iterable[Block]) -> str:
    """Return the blocks as plain text."""
    return "\n".join(block.text if block.text is not None else to_text(block.html or "") for block in blocks)


def as_html(blocks: list[Block]) -> str | None:
    """Return the blocks as HTML, None when none of them has any."""
    if all(block.html is None for block in blocks):
        return None
    return "\n".join(block.html if block.html is not None else text_to_html(block.text or "") for block in blocks)
