"""Which sent mails are laid into the mailbox's Sent folder, and when that is tried."""

from datetime import timedelta

from postroom.channels.mail.models import (
    COPY_ALWAYS,
    COPY_AS_NEEDED,
    COPY_NEVER,
    COPY_WAITING,
    IMAP,
    SMTP,
    Route,
    SentCopy,
    Source,
)
from postroom.channels.mail.pace import rules_of
from postroom.core.conversations.models import Message
from postroom.lib import clock

# They keep what goes out through them by themselves; another copy would be a second one.
_KEEPERS = (
    "smtp.gmail.com",
    "smtp-relay.gmail.com",
    "smtp.googlemail.com",
    "smtp.office365.com",
    "smtp-mail.outlook.com",
)
_STEPS = (1, 2, 5, 15, 60, 180, 360)
# Some three days of trying.
_GIVE_UP_AFTER = 16


def wanted(message: Message) -> None:
    """Have a copy laid, once, if the mailbox wants one. In the transaction that records that the mail left."""
    mailbox = message.conversation.mailbox
    choice = rules_of(mailbox).keep_copy
    if choice == COPY_NEVER or not Source.objects.filter(mailbox=mailbox, active=True, kind=IMAP).exists():
        return
    route = Route.objects.filter(mailbox=mailbox, kind=SMTP).order_by("rank").first()
    if choice == COPY_AS_NEEDED and route is not None and keeps_its_own(route.host):
        return
    if choice in (COPY_AS_NEEDED, COPY_ALWAYS):
        defaults = {"mailbox": mailbox, "state": COPY_WAITING, "next_try_at": clock.now()}
        SentCopy.objects.get_or_create(message=message, defaults=defaults)


def keeps_its_own(host: str) -> bool:
    """Tell whether a provider is known to keep what leaves through this server in the account's Sent folder."""
    return host.strip().lower().rstrip(".") in _KEEPERS


def wait_before(attempt: int) -> timedelta | None:
    """Return how long to wait after this failed try (1 is the first); None when it is given up."""
    if attempt >= _GIVE_UP_AFTER:
        return None
    return timedelta(minutes=_STEPS[min(attempt, len(_STEPS)) - 1])
