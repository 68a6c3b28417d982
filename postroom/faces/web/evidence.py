"""Why a message is where it is, and where else it may belong, in the reader's words."""

from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from postroom.core.accounts.models import User
from postroom.core.conversations import evidence as code
from postroom.core.conversations.models import Conversation, Message
from postroom.core.conversations.models.message import OUT
from postroom.faces.web.words import short_day


@dataclass(frozen=True)
class Offer:
    """A conversation that a message may belong to, and why it is not there by itself."""

    number: int
    sentence: str


def why(message: Message) -> str:
    """Return the sentence that says why this message is in its conversation."""
    if sentence := _BY_A_MESSAGE.get(message.joined_by):
        return sentence(message)
    words = {"detail": message.joined_detail, "who": message.joined_detail}
    if message.joined_by == code.MARK:
        return _("It carries the mark that only mail of this conversation has, and its sender takes part here.")
    if message.joined_by == code.OUTLOOK:
        return _("Outlook counts it to this thread (“%(detail)s”), and its sender takes part here.") % words
    if message.joined_by == code.SUBJECT:
        return _("It has the sender and the subject of this conversation (“%(detail)s”), within two weeks.") % words
    if message.joined_by == code.BY_HAND:
        return _("%(who)s moved it here.") % words
    if message.joined_by == code.TAKEN_OUT:
        return _("%(who)s took it out of another conversation.") % words
    first = Message.objects.filter(conversation=message.conversation_id, pk__lt=message.pk)
    return _("It answers here.") if first.exists() else _("It began this conversation.")


def offer(message: Message, reader: User) -> Offer | None:
    """Return where else the message may belong; None when nowhere, or when the reader may not see that place."""
    if not message.offered_id or message.offered_by not in _OFFERS:
        return None
    found = Conversation.objects.visible_to(reader).filter(pk=message.offered_id).values_list("merged_into", flat=True)
    if not found:
        return None
    number = found[0] or message.offered_id
    if number == message.conversation_id:
        return None
    who = message.from_name or message.from_email or _("the sender")
    return Offer(number, str(_OFFERS[message.offered_by]) % {"number": number, "who": who})


def _answered(message: Message) -> Message | None:
    if not message.joined_detail.isdigit():
        return None
    # Where it is now may be a sensitive conversation that not all see who see this one.
    told = Q(conversation=message.conversation_id) | Q(conversation__sensitive_since=None)
    rows = Message.objects.filter(
        told, pk=int(message.joined_detail), conversation__mailbox=message.conversation.mailbox_id
    )
    return rows.select_related("author").only("kind", "from_name", "from_email", "created_at", "author__name").first()


def _answers(message: Message) -> str:
    found = _answered(message)
    if found is None:
        return _("It answers a message of this conversation, and its sender takes part here.")
    if message.kind == OUT:
        return _("It answers %(who)s’s mail of %(day)s.") % _words(found)
    if found.kind == OUT:
        return _("It answers %(who)s’s reply of %(day)s, and its sender takes part here.") % _words(found)
    return _("It answers %(who)s’s mail of %(day)s, and its sender takes part here.") % _words(found)


def _late(message: Message) -> str:
    found = _answered(message)
    if found is None:
        return _("A mail that came before it answers it.")
    return _("%(who)s’s mail of %(day)s answers it, and came first.") % _words(found)


def _sibling(message: Message) -> str:
    found = _answered(message)
    if found is None:
        return _("It answers the same mail as another one here, and its sender takes part here.")
    return _("It answers the same mail as %(who)s’s of %(day)s, and its sender takes part here.") % _words(found)


def _own(message: Message) -> str:
    del message
    return _("It is a copy of a reply that was sent from here.")


def _report(message: Message) -> str:
    found = _answered(message)
    if found is None:
        return _("It tells what became of a reply of this conversation.")
    return _("It tells what became of %(who)s’s reply of %(day)s.") % _words(found)


def _recipient(message: Message) -> str:
    found = _answered(message)
    if found is None:
        return _("A machine sent it, and a reply of this conversation went to its sender just before.")
    return _("A machine sent it just after %(who)s’s reply of %(day)s went to its sender.") % _words(found)


def _words(message: Message) -> dict[str, str]:
    who = (message.author.name if message.author else "") or message.from_name or message.from_email
    return {"who": who, "day": short_day(timezone.localtime(message.created_at).date())}


_BY_A_MESSAGE = {
    code.ANSWERS: _answers,
    code.LATE: _late,
    code.SIBLING: _sibling,
    code.OWN: _own,
    code.REPORT: _report,
    code.RECIPIENT: _recipient,
}
_OFFERS = {
    code.STRANGER: _lazy("This mail answers conversation #%(number)s, but %(who)s takes no part there."),
    code.FORWARD: _lazy("This mail forwards something of conversation #%(number)s."),
    code.OLD: _lazy("This mail answers conversation #%(number)s, which ended long ago and was about something else."),
    code.FRESH: _lazy("%(who)s wrote under the same subject before, in conversation #%(number)s."),
}
