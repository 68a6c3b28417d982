"""Who has the reply, and who is still to get it."""

from collections.abc import Iterable

from postroom.core.conversations.models import Delivery, Message
from postroom.core.conversations.models.delivery import TAKEN, TURNED_AWAY, WAITING
from postroom.core.outbox.outcomes import Answer
from postroom.lib import clock
from postroom.lib.addresses import normalize

# What our own server says; what a report says later is never overwritten by it.
_OURS = (TAKEN, TURNED_AWAY, WAITING)


def everybody(message: Message) -> list[str]:
    """Return every address the message goes to, hidden copies too, each once, as it was typed."""
    people = [*message.to, *message.cc, *message.bcc]
    return list({normalize(person["email"]): person["email"] for person in people}.values())


def still_to_get(message: Message) -> list[str]:
    """Return those who do not have it and have not been turned away."""
    settled = message.deliveries.exclude(state=WAITING).values_list("email", flat=True)
    gone = {normalize(email) for email in settled}
    return [email for email in everybody(message) if normalize(email) not in gone]


def note(message: Message, answers: Iterable[Answer]) -> None:
    """Write down what the server said of each recipient. Inside the transaction that settles the message."""
    said = {normalize(answer.email)[:254]: answer for answer in answers}
    if not said:
        return
    now = clock.now()
    known = {row.email: row for row in message.deliveries.filter(email__in=said)}
    changed = [row for row in known.values() if row.state in _OURS]
    for row in changed:
        answer = said[row.email]
        row.state, row.status, row.words, row.at = answer.state, answer.status, answer.words[:2000], now
    Delivery.objects.bulk_update(changed, ["state", "status", "words", "at"])
    Delivery.objects.bulk_create(
        [
            Delivery(message=message, email=email, state=one.state, status=one.status, words=one.words[:2000], at=now)
            for email, one in said.items()
            if email not in known
        ],
        ignore_conflicts=True,
    )
