"""Which stored bytes the ledger still needs, when a conversation that named them is deleted for good."""

from collections.abc import Collection

from postroom.channels.mail.models import DUPLICATE, FILED, IncomingMail, TrayMail
from postroom.core.conversations.models import Message


def needed(digests: Collection[str]) -> set[str]:
    """Return those that a mail outside of any conversation came as, or one whose message is there.

    The ledger's row of a mail stays and says what became of it; a second copy of one that is deleted holds nothing.
    """
    mails = IncomingMail.objects.filter(digest__in=digests).exclude(state=DUPLICATE)
    rows = list(mails.values_list("digest", "state", "message_id"))
    there = set(Message.objects.filter(pk__in=[one for *_rest, one in rows if one]).values_list("pk", flat=True))
    held = {digest for digest, state, message in rows if state != FILED or message is None or message in there}
    return held | set(TrayMail.objects.filter(digest__in=digests).values_list("digest", flat=True))
