"""Who was taken out of the recipients stays out when conversations are joined, and is as before when they part."""

from collections.abc import Iterable
from datetime import datetime

from postroom.core.conversations.answered import left_out
from postroom.core.conversations.models import Conversation, Message, Participant
from postroom.core.conversations.models.message import CANCELLED, OUT
from postroom.lib.addresses import normalize

# Address, when they were taken out of the one that is joined, when of the other before, and since: as JSON holds it.
Drop = tuple[str, str, str, str]


def carry_drops(former: dict[str, datetime], *, into: Conversation) -> tuple[Drop, ...]:
    """Let who was left out of either be left out of both, when the messages are there; what is returned parts them.

    `former` is `left_out` of the one that is joined, from before. The last decision counts: whom a later mail of ours
    named, in either of them, is in the talk. So is the customer of the other one, whoever was chosen in their place
    in this.
    """
    here = left_out(into)
    former = {email: at for email, at in former.items() if email != normalize(into.contact.email)[:254]}
    both = [*former.items(), *here.items()]
    if not both:
        return ()
    latest = {email: max(at for other, at in both if other == email) for email, _at in both}
    named = _named_since(into, since=min(latest.values()))
    taking = Participant.objects.filter(conversation=into)
    drops: list[Drop] = []
    for email, at in sorted(latest.items()):
        now = None if named.get(email, at) > at else at
        Participant.objects.get_or_create(conversation=into, email=email)
        taking.filter(email=email).update(dropped_at=now)
        drops.append((email, _text(former.get(email)), _text(here.get(email)), _text(now)))
    return tuple(drops)


def part_drops(drops: Iterable[Drop], *, source: Conversation, target: Conversation) -> None:
    """Put the marks of both back as they were; what somebody has decided since in the joined one stays there."""
    for email, was, was_there, since in drops:
        Participant.objects.filter(conversation=source, email=email).update(dropped_at=_moment(was))
        theirs = Participant.objects.filter(conversation=target, email=email, dropped_at=_moment(since))
        theirs.update(dropped_at=_moment(was_there))


def _named_since(conversation: Conversation, *, since: datetime) -> dict[str, datetime]:
    """Return whom our mails named after that moment, and when last."""
    ours = Message.objects.filter(conversation=conversation, kind=OUT, side_thread=None, created_at__gt=since)
    named: dict[str, datetime] = {}
    for message in ours.exclude(delivery=CANCELLED).only("to", "cc", "bcc", "created_at").order_by("created_at"):
        for person in (*message.to, *message.cc, *message.bcc):
            named[normalize(person.get("email", ""))[:254]] = message.created_at
    return named


def _text(at: datetime | None) -> str:
    return at.isoformat() if at else ""


def _moment(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
