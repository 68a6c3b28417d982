"""What one of us asks for by mail, and its files."""

from collections.abc import Iterable
from dataclasses import dataclass

from postroom.channels.mail.answer_words import Answer
from postroom.channels.mail.parsed import ParsedAttachment
from postroom.core.accounts.models import User
from postroom.core.conversations.actions.upload import TooLarge, attach
from postroom.core.conversations.models import Attachment, Conversation
from postroom.core.conversations.state import State
from postroom.lib.html import text_to_html

# What programs put beside a mail by themselves.
_SIGNATURES = ("application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature")


@dataclass(frozen=True)
class Asked:
    """What a person wants to be done where; `seen` and `state` are what the letter that they answer knew.

    `token` is the client token of what is made of it.
    """

    by: User
    answer: Answer
    conversation: Conversation
    seen: int
    state: State | None
    token: str
    files: tuple[ParsedAttachment, ...] = ()

    @property
    def html(self) -> str:
        """The words as a composer would send them."""
        return text_to_html(self.answer.text) if self.answer.text else ""


def kept_files(asked: Asked, *, without_large: bool = False) -> list[Attachment]:
    """Keep the mail's files as if they had been uploaded, pictures in the text as well; TooLarge for one that is.

    `without_large` leaves those out instead.
    """
    return list(_kept(asked, without_large=without_large))


def _kept(asked: Asked, *, without_large: bool) -> Iterable[Attachment]:
    for file in asked.files:
        if file.content_type in _SIGNATURES:
            continue
        where, what = asked.conversation, file.content_type
        try:
            yield attach(where, by=asked.by, name=file.name, content_type=what, data=file.data)
        except TooLarge:
            if not without_large:
                raise
