"""Which of the customer's mails a reply answers, and who was left out of the talk."""

from datetime import datetime

from django.db.models import QuerySet

from postroom.core.conversations.automatic import NOT_THE_CUSTOMER
from postroom.core.conversations.models import ChosenContact, Conversation, Message, Participant
from postroom.core.conversations.models.message import IN
from postroom.lib.addresses import normalize
from postroom.lib.prepared import prepared

# Further back than this nobody looks for somebody who still takes part.
_LATEST = 30
_NO_END = 2**63 - 1


def answered_by(
    conversation: Conversation | int,
    *,
    before: int | None = None,
    with_id: bool = False,
    gone: dict[str, datetime] | None = None,
) -> Message | None:
    """Return the customer's last mail (before the message of that id): it is what a reply answers, quotes and goes to.

    `with_id`: the last one that has a Message-ID. `gone` is `left_out`, where it is known already. Side threads and
    machines do not speak for the customer; nor does somebody who was left out, or in whose place another was chosen,
    and who has not written since: nobody is sent the mail of whoever was there before them.
    """
    number = conversation.pk if isinstance(conversation, Conversation) else conversation
    # No id is greater.
    end = before if before is not None else _NO_END
    last = next(iter(_said(number, end, with_id=with_id, most=1)), None)
    if last is None:
        return None
    gone, chosen = left_out(conversation) if gone is None else gone, _chosen(conversation, last)
    if not gone and chosen is None:
        return last
    latest = (message for message in _said(number, end, with_id=with_id, most=_LATEST) if speaks(message, gone))
    return next((message for message in latest if chosen is None or _since(chosen, message)), None)


def left_out(conversation: Conversation | int) -> dict[str, datetime]:
    """Return the addresses, compared-ready, that somebody took out of the recipients, and when."""
    number = conversation.pk if isinstance(conversation, Conversation) else conversation
    return {email: at for email, at in _dropped(number) if at is not None}


@prepared
def _said(conversation_id: int, before: int, *, with_id: bool, most: int) -> QuerySet[Message]:
    said = Message.objects.filter(conversation=conversation_id, kind=IN, side_thread=None, pk__lt=before)
    said = said.exclude(automatic__in=NOT_THE_CUSTOMER).order_by("-pk")
    return (said.exclude(rfc_id="") if with_id else said)[:most]


@prepared
def _dropped(conversation_id: int) -> "QuerySet[Participant, tuple[str, datetime | None]]":
    rows = Participant.objects.filter(conversation=conversation_id, dropped_at__isnull=False)
    return rows.values_list("email", "dropped_at")


def speaks(message: Message, gone: dict[str, datetime]) -> bool:
    """Tell whether the writer of this mail is in the talk: never left out, or back since they wrote again."""
    at = gone.get(normalize(message.from_email))
    return at is None or message.created_at > at


def _chosen(conversation: Conversation | int, last: Message) -> ChosenContact | None:
    """Return who was chosen as the customer; asked only where somebody else wrote last."""
    if isinstance(conversation, Conversation) and conversation.contact_id == last.contact_id:
        return None
    return ChosenContact.objects.filter(conversation=conversation).first()


def _since(chosen: ChosenContact, message: Message) -> bool:
    return message.contact_id == chosen.contact_id or message.created_at > chosen.at
