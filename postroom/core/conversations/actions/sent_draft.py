from django.utils.translation import gettext as _

from postroom.core.accounts.models import User
from postroom.core.conversations.drafts import WRITTEN_HERE, same_place
from postroom.core.conversations.models import Conversation, Draft, Message
from postroom.lib.html import to_text


class DraftMoved(Exception):
    """The draft is another one by now, and nothing was overwritten. `now` is it; None: it was sent or discarded."""

    def __init__(self, now: Draft | None, *, by: User) -> None:
        self.now = now
        if now is None:
            words = _("This draft was sent or discarded in another window. What you wrote here is safe.")
        elif now.author_id != by.pk:
            words = _("%(name)s took this draft over. What you wrote here is safe, and not in theirs.")
        else:
            words = _("You changed this draft in another window. Neither text was overwritten.")
        super().__init__(words % {"name": now.author.name if now else ""})


class DraftSent(DraftMoved):
    """What was to be saved is the text of a message that is there: no draft is made of it again."""

    def __init__(self, *, by: User) -> None:
        super().__init__(None, by=by)
        self.args = (_("This was sent. It is in the conversation, and not kept as a draft once more."),)


def refuse_sent(token: str | None, *, by: User) -> None:
    """Raise DraftSent when this composer's message is there: a save may overtake, or come long after, what was sent.

    `token` is the one that a message of the same text has or would have; call it with the conversation's row locked.
    """
    if token and Message.objects.filter(client_token=token, author=by).exists():
        raise DraftSent(by=by)


def sent_draft(
    number: int | None,
    *,
    conversation: Conversation | None,
    said: str,
    by: User,
    about: tuple[str, int] = (WRITTEN_HERE[0], 0),
) -> None:
    """Let a draft end with the message that was made of it, in that transaction.

    DraftMoved when somebody took it over, or when it has ended already: another window may have sent it. Without a
    number the page knew of none; one that a page before it saved as it was left, and that says nothing more than what
    is `said` now, ends all the same: else it would be there to be sent a second time. `about` is the draft's mode, and
    the message that it is about.
    """
    if number is None:
        here = same_place(about[0], about=about[1])
        own = Draft.objects.filter(here, conversation=conversation, author=by, shared=False)
        for left in own:
            if _words(to_text(left.untrusted_html)) in _words(said):
                left.delete()
        return
    _own(number, by=by).delete()


def refuse_ended(number: int | None, *, by: User) -> None:
    """Raise DraftMoved when this draft has ended or is somebody else's by now: its files are gone with it."""
    if number is not None:
        _own(number, by=by)


def _own(number: int, *, by: User) -> Draft:
    row = Draft.objects.filter(pk=number).select_related("author").first()
    if row is None or row.author_id != by.pk:
        raise DraftMoved(row, by=by)
    return row


def _words(text: str) -> str:
    return " ".join(text.split())
