"""What the threads say: the parts of a conversation as they are written in `threads/*.txt`."""

from dataclasses import dataclass, field, replace
from datetime import time, timedelta

MAIL = "mail"
REPLY = "reply"
NOTE = "note"
VERB = "verb"


@dataclass(frozen=True)
class Sender:
    """A name and an address as the From of a mail shows them."""

    name: str
    email: str


@dataclass(frozen=True)
class Age:
    """How long before now a thread begins: some days and a time of day, or a span when `at` is None."""

    days: int = 0
    at: time | None = None
    span: timedelta = timedelta()


@dataclass(frozen=True)
class Step:
    """One thing that happens: a customer's mail, a reply, a note, or a verb with what it is done with.

    `who` is a colleague's key, empty for a customer. `after` counts from the step before. `files` are attached,
    `pictures` shown inside the text.
    """

    kind: str
    after: timedelta
    who: str = ""
    text: str = ""
    verb: str = ""
    what: str = ""
    sender: Sender | None = None
    cc: tuple[Sender, ...] = ()
    files: tuple[str, ...] = ()
    pictures: tuple[str, ...] = ()
    html: str = ""
    auto: str = ""


@dataclass(frozen=True)
class Thread:
    """One conversation from its first mail on. `state` empty means closed in the end."""

    slug: str
    language: str
    mailbox: str
    age: Age
    subject: str
    sender: Sender
    steps: tuple[Step, ...]
    state: str = ""
    tags: tuple[str, ...] = ()
    owner: str = ""
    team: str = ""
    priority: str = ""
    client: str = ""
    spam_by: str = ""
    where: str = field(default="", compare=False)

    def with_steps(self, steps: tuple[Step, ...]) -> "Thread":
        return replace(self, steps=steps)

    @property
    def first_replier(self) -> str:
        """Who answers first; empty when nobody has."""
        return next((step.who for step in self.steps if step.kind == REPLY), "")
