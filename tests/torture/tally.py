"""What became of everything, once the storm is over."""

import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass

from django.db.models import Count

from postroom.channels.mail.models import FILED, STORED, IncomingMail
from postroom.core.conversations.models import Conversation, Message
from postroom.core.conversations.models.message import IN, OUT, SENT, UNCERTAIN
from tests.servers.smtp_sink import Received
from tests.torture.mails import Letter


@dataclass
class Tally:
    """Counts; everything in `WRONG` has to be 0."""

    mails: int = 0
    conversations: int = 0
    replies: int = 0
    replies_sent: int = 0
    replies_uncertain: int = 0
    second_tries_recognised: int = 0
    mails_lost: int = 0
    mails_doubled: int = 0
    mails_not_filed: int = 0
    conversations_doubled: int = 0
    in_the_wrong_conversation: int = 0
    replies_lost: int = 0
    replies_doubled: int = 0
    sent_twice: int = 0
    said_sent_and_was_not: int = 0

    @property
    def wrong(self) -> dict[str, int]:
        """Return what should not have happened."""
        return {name: number for name, number in asdict(self).items() if name in WRONG and number}


WRONG = {
    "mails_lost",
    "mails_doubled",
    "mails_not_filed",
    "conversations_doubled",
    "in_the_wrong_conversation",
    "replies_lost",
    "replies_doubled",
    "sent_twice",
    "said_sent_and_was_not",
}


def tally(letters: Iterable[Letter], *, tokens: set[str], received: list[Received]) -> Tally:
    """Hold what the database and the SMTP server have against what was brought and asked for."""
    letters = list(letters)
    found = Tally(mails=len(letters), replies=len(tokens))
    _mails(letters, found)
    _replies(tokens, received, found)
    return found


def _mails(letters: list[Letter], found: Tally) -> None:
    messages = Message.objects.filter(kind=IN)
    copies = Counter(messages.values_list("rfc_id", flat=True))
    home = dict(messages.values_list("rfc_id", "conversation_id"))
    found.mails_lost = sum(one.rfc_id not in copies for one in letters)
    if found.mails_lost:
        lost = [one.rfc_id for one in letters if one.rfc_id not in copies]
        print(f"Lost: {', '.join(lost[:10])} …", file=sys.stderr)
    found.mails_doubled = sum(count - 1 for count in copies.values())
    found.in_the_wrong_conversation = sum(
        home[one.rfc_id] != home[one.root] for one in letters if one.rfc_id in home and one.root in home
    )
    found.conversations = Conversation.objects.annotate(n=Count("messages")).filter(n__gt=0).count()
    found.conversations_doubled = max(0, found.conversations - len({one.root for one in letters}))
    found.mails_not_filed = IncomingMail.objects.filter(state=STORED).count()
    found.second_tries_recognised = IncomingMail.objects.exclude(state__in=(FILED, STORED)).count()


def _replies(tokens: set[str], received: list[Received], found: Tally) -> None:
    ours = list(Message.objects.filter(kind=OUT).values_list("client_token", "rfc_id", "delivery"))
    stored = Counter(token for token, _rfc_id, _delivery in ours)
    found.replies_lost = sum(token not in stored for token in tokens)
    found.replies_doubled = sum(count - 1 for count in stored.values())
    arrived = Counter(str(one.message["Message-ID"]).strip() for one in received)
    for _token, rfc_id, delivery in ours:
        found.replies_sent += delivery == SENT
        found.replies_uncertain += delivery == UNCERTAIN
        found.sent_twice += max(0, arrived[rfc_id] - 1)
        found.said_sent_and_was_not += delivery == SENT and not arrived[rfc_id]
