"""What a mail says, once its bytes are understood."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Address:
    """One mailbox of an address header; `email` is lower-case in its domain, '' when the header held none."""

    name: str
    email: str

    def __str__(self) -> str:
        return f"{self.name} <{self.email}>" if self.name else self.email


NOBODY = Address(name="", email="")


@dataclass(frozen=True, slots=True)
class ParsedAttachment:
    """A file that came with the mail.

    `name` is safe to show and to save: no path, no control or direction characters, never empty.
    `declared_name` is what the mail calls the file, with all of that, '' when it gives no name: to be shown beside
    `name` (through `plain_to_see`), never to be saved under.
    `content_id` is bare (no angle brackets); `inline` says the HTML may show it (`cid:`).
    """

    name: str
    content_type: str
    size: int
    data: bytes
    content_id: str | None = None
    inline: bool = False
    declared_name: str = ""


@dataclass(frozen=True, slots=True)
class Parsed:
    """A mail as Postroom reads it: every string fit for a database, bounded, without NUL or lone surrogates.

    Message-IDs are bare (no angle brackets). `date` is aware UTC, None when the header is absent or absurd.
    `text` is never missing when `html` has words; `html` is the customer's own, not sanitised, '' without an HTML part.
    `headers` are decoded, in their order, names as written. `problems` are English sentences for the raw view.
    """

    message_id: str | None
    in_reply_to: tuple[str, ...]
    references: tuple[str, ...]
    subject: str
    date: datetime | None
    from_: Address
    sender: Address
    return_path: str | None  # None: no such header; '' is the empty path of bounces
    reply_to: tuple[Address, ...]
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    text: str
    html: str
    attachments: tuple[ParsedAttachment, ...]
    headers: tuple[tuple[str, str], ...]
    content_type: str
    auto_submitted: str  # lower-case, '' when absent
    precedence: str  # lower-case, every Precedence header, joined by ', '
    problems: tuple[str, ...] = ()
    # The headers by their names in lower case: triage alone asks for forty.
    _by_name: dict[str, tuple[str, ...]] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        by_name: dict[str, tuple[str, ...]] = {}
        for name, value in self.headers:
            key = name.lower()
            by_name[key] = (*by_name.get(key, ()), value)
        object.__setattr__(self, "_by_name", by_name)

    def header(self, name: str) -> str:
        """Return the first header of that name, '' when there is none."""
        return next(iter(self._by_name.get(name.lower(), ())), "")

    def header_all(self, name: str) -> tuple[str, ...]:
        """Return every header of that name, in order."""
        return self._by_name.get(name.lower(), ())

    @property
    def answer_to(self) -> tuple[Address, ...]:
        """Whom a reply goes to: Reply-To when it names somebody, else From."""
        return tuple(a for a in self.reply_to if a.email) or ((self.from_,) if self.from_.email else ())
