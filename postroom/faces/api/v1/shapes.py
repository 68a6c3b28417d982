"""What the API answers, as it is described: every body is made of these."""

from datetime import datetime
from typing import Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

Scope: TypeAlias = Literal["read", "answer"]
Priority: TypeAlias = Literal["low", "normal", "high", "urgent"]
Said: TypeAlias = Literal["mail", "reply", "note"]
Happened: TypeAlias = Literal[
    "customer_wrote",
    "colleague_replied",
    "closed",
    "pending",
    "spam",
    "snoozed",
    "trashed",
    "assigned",
    "moved",
    "customer_changed",
]


class Shape(BaseModel):
    """A body or a part of one. All fields are always there."""

    model_config = ConfigDict(frozen=True, extra="forbid", serialize_by_alias=True, validate_by_name=True)


class Person(Shape):
    """Somebody with a mail address; the name may be empty."""

    name: str
    email: str


class Mailbox(Shape):
    """A mailbox of the team."""

    id: int
    name: str


class MailboxOfMine(Mailbox):
    """A mailbox, and what this person may do in it with this token."""

    address: str
    answers: bool
    notes: bool


class Token(Shape):
    """The token that was shown."""

    name: str
    scopes: list[Scope]
    expires_at: datetime


class Me(Shape):
    """As whom the program comes."""

    person: Person
    token: Token
    mailboxes: list[MailboxOfMine]


class Owner(Shape):
    """Who has a conversation."""

    kind: Literal["person", "team"]
    name: str


class ConversationLine(Shape):
    """A conversation as lists show it."""

    number: int
    url: str = Field(description="Its page, for people.")
    subject: str
    status: str = Field(description="open, pending, snoozed, closed, spam or trash.")
    mailbox: Mailbox
    customer: Person
    owner: Owner | None
    priority: Priority
    tags: list[str]
    unread: bool
    messages_count: int
    has_files: bool
    snippet: str
    created_at: datetime
    last_activity_at: datetime
    waiting_since: datetime | None = Field(description="Since when the customer waits for an answer.")
    snoozed_until: datetime | None


class ConversationList(Shape):
    """A page of conversations. It may be short, or empty, and still have a next one."""

    conversations: list[ConversationLine]
    next: str | None = Field(description="For `before`; null at the end.")
    spelled: str = Field(description="What was looked for instead, when nothing matched what was typed; else empty.")


class File(Shape):
    """A file of a message."""

    id: int
    name: str
    content_type: str = Field(description="As the sender calls it.")
    size: int = Field(description="In bytes.")
    content_id: str = Field(description="The HTML names an image inside it as cid: and this; else empty.")
    url: str = Field(description="Where to download it, with the same token.")


class Message(Shape):
    """One mail of the customer, one reply, or one note."""

    id: int
    kind: Said
    from_: Person = Field(serialization_alias="from")
    to: list[Person]
    cc: list[Person]
    bcc: list[Person]
    at: datetime
    subject: str
    text: str
    html: str = Field(description="Cleaned: nothing active, no trackers, and images of other servers not loaded.")
    files: list[File]
    message_id: str = Field(description="The Message-ID of the mail; empty for notes.")
    automatic: str = Field(description="Why it is no person's mail (autoreply, bounce …); empty for a person's.")
    delivery: str = Field(description="Of a reply: queued, leased, sending, sent, deferred, refused or uncertain.")
    leaves_at: datetime | None
    sent_at: datetime | None
    edited_at: datetime | None
    retracted: bool = Field(description="A note that was taken back: its words and files are not given.")


class SideThread(Shape):
    """What is said to a third party. The customer sees none of it: never quote it to them."""

    id: int
    subject: str
    people: list[Person]
    messages: list[Message]


class Participant(Shape):
    """An address that takes part."""

    email: str
    dropped: bool = Field(description="Taken out of the recipients: no reply goes there by itself.")


class Recipients(Shape):
    """Whom a reply goes to when it names nobody (`to`), and who else a reply to all goes to."""

    to: list[Person]
    cc: list[Person]


class Messages(Shape):
    """The newest so many messages up to some point, oldest first; side threads stand apart."""

    messages: list[Message]
    side_threads: list[SideThread]
    earlier: str | None = Field(description="Where the messages before these are; null when these are all.")


class MessageList(Messages):
    """Some messages of a conversation."""

    number: int


class Conversation(ConversationLine, Messages):
    """A conversation, and what a program has to know before it answers."""

    participants: list[Participant]
    recipients: Recipients
    state: str = Field(description="What was seen here, signed: a reply sends it back, and is stopped if it is old.")


class Change(Shape):
    """One thing that others said or did since the state was made."""

    kind: Happened
    by: str = Field(description="The name of who did it.")
    at: datetime
    sentence: str
    message: Message | None = Field(description="What was said; null for what was done.")


class Fault(Shape):
    """One thing that is wrong with a request."""

    field: str
    sentence: str


class Problem(Shape):
    """A refusal (RFC 9457). Nothing was taken and nothing was changed."""

    type: str
    title: str
    status: int
    code: str = Field(description="For programs.")
    detail: str = Field(description="For people.")


class InvalidProblem(Problem):
    """What was sent cannot be meant."""

    errors: list[Fault]


class MovedProblem(Problem):
    """The conversation is not as the program saw it (code "moved")."""

    changed: list[Change]
    state: str = Field(description="What is known once `changed` was read: send again with it, or not.")
