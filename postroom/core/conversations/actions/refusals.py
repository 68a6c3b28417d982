"""What a reply or a note can be refused for, each with the sentence its writer reads."""

from django.utils.translation import gettext as _

from postroom.core.conversations.state import Changed


class ReplyRefused(Exception):
    """The message was not taken; the draft is still with its writer."""


class EmptyReply(ReplyRefused):
    def __init__(self) -> None:
        super().__init__(_("There is nothing to send yet. Write something or attach a file."))


class NoRecipient(ReplyRefused):
    def __init__(self) -> None:
        super().__init__(_("This reply has no recipient. Your draft is safe. Add an address after “To”."))


class BadRecipient(ReplyRefused):
    def __init__(self, address: str) -> None:
        super().__init__(
            _("“%(address)s” is not a mail address. Your draft is safe. Correct it and send again.")
            % {"address": address[:100]}
        )


class TooManyRecipients(ReplyRefused):
    def __init__(self, limit: int) -> None:
        super().__init__(
            _("A reply goes to at most %(limit)s addresses. Your draft is safe. Take some out.") % {"limit": limit}
        )


class IsTheCustomer(ReplyRefused):
    """A side thread would reach somebody from whom it is to be kept."""

    def __init__(self, email: str) -> None:
        super().__init__(
            _("%(email)s is the customer here, and a side thread is not for them. Your draft is safe. Write a reply.")
            % {"email": email[:100]}
        )


class IsOurselves(ReplyRefused):
    """A mail to the mailbox itself would only come back."""

    def __init__(self, email: str) -> None:
        super().__init__(
            _("%(email)s is this mailbox itself. Your draft is safe. Take the address out and send again.")
            % {"email": email[:100]}
        )


class ConversationMoved(ReplyRefused):
    """Others said or did something since the composer was opened; `changed` holds what."""

    def __init__(self, changed: Changed) -> None:
        self.changed = changed
        super().__init__(_sentence(changed))


def _sentence(changed: Changed) -> str:
    if not changed.messages:
        return _("This conversation changed while you were writing. Your draft is safe. Look before you send it.")
    last = changed.messages[-1]
    who = last.author.name if last.author else last.from_name or last.from_email
    words = _("%(who)s wrote while you were writing. Your draft is safe. Read that first, then send or discard yours.")
    return words % {"who": who}


class ConversationGone(ReplyRefused):
    """All its messages went to the conversation `number`."""

    def __init__(self, number: int) -> None:
        self.number = number
        super().__init__(
            _("This conversation was joined to #%(number)s meanwhile. Your draft is safe. Write it there.")
            % {"number": number}
        )


class AlreadySent(Exception):
    def __init__(self) -> None:
        super().__init__(_("This reply is on its way already and cannot be taken back."))
