"""What the composer posts, read without trusting a word of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import gettext as _

from postroom.core.accounts.models import User
from postroom.core.conversations.actions.sent_draft import refuse_ended
from postroom.core.conversations.models import Attachment, Conversation
from postroom.core.conversations.state import State

MAX_HTML = 1_000_000
_LARGEST_ID = 2**63 - 1


class BadForm(Exception):
    """Something in the form cannot be meant; `missing` are uploads that are not there (any more)."""

    def __init__(self, sentence: str, *, missing: Sequence[int] = ()) -> None:
        super().__init__(sentence)
        self.missing = tuple(missing)


@dataclass(frozen=True)
class Writing:
    """A reply or a note as it was posted; `to` is None when the form does not say, for whom it usually goes to."""

    html: str
    token: str | None
    to: list[str] | None
    cc: list[str]
    bcc: list[str]
    # Who was taken out of the recipients.
    dropped: list[str]
    seen: int | None
    state: State | None
    # The number of the draft it was made of.
    draft: int | None
    upload_ids: list[int]
    close: bool
    anyway: bool


def read(request: HttpRequest) -> Writing:
    """Read the form; BadForm says what cannot be."""
    form = request.POST
    html = form.get("html", "")
    if len(html) > MAX_HTML:
        raise BadForm(_("This text is too long for a mail. Your draft is safe. Send a part of it as a file."))
    return Writing(
        html=html,
        token=form.get("token", "")[:64] or None,
        to=[recipient(text) for text in form.getlist("to")] if "to" in form else None,
        cc=[recipient(text) for text in form.getlist("cc")],
        bcc=[recipient(text) for text in form.getlist("bcc")],
        dropped=form.getlist("dropped")[:200],
        seen=_number(form.get("seen", "")),
        state=State.parse(form.get("state", "")),
        draft=_number(form.get("draft", "")),
        upload_ids=numbers(form.getlist("uploads")),
        close=bool(form.get("close")),
        anyway=bool(form.get("anyway")),
    )


def recipient(text: str) -> str:
    """Return `name <address>` with the name quoted: the last angle brackets hold the address."""
    name, _bracket, address = text.strip().rpartition("<")
    if not (address.endswith(">") and address[:-1].strip()):
        return text
    quoted = name.strip().strip('"').replace("\\", "\\\\").replace('"', '\\"')
    return f'"{quoted}" <{address[:-1].strip()}>' if quoted else address[:-1].strip()


def chosen_files(conversation: Conversation | None, writing: Writing, *, by: User) -> list[Attachment]:
    """Return the uploads that go with it; BadForm when one is gone, so that nobody sends less than they see.

    Without a conversation they are those that wait for the first mail of one. DraftMoved when they went with a draft
    that was sent in another window, or taken over.
    """
    own = {file.pk: file for file in Attachment.objects.filter(conversation=conversation, uploaded_by=by, message=None)}
    missing = [number for number in writing.upload_ids if number not in own]
    if missing:
        refuse_ended(writing.draft, by=by)
        raise BadForm(
            _("A file is no longer on the server. Your text is safe. Attach the file again."), missing=missing
        )
    return [own[number] for number in writing.upload_ids]


def numbers(texts: Sequence[str]) -> list[int]:
    """Return those of the texts that are ids."""
    return [number for text in texts if (number := _number(text)) is not None]


def _number(text: str) -> int | None:
    if not (text.isascii() and text.isdigit()) or len(text) > 19:
        return None
    return min(int(text), _LARGEST_ID)
