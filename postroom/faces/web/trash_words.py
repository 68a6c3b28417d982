"""What lies in the trash of each mailbox that somebody sees or keeps."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min

from postroom.core.accounts.models import Mailbox, User
from postroom.core.accounts.queries import mailboxes_of
from postroom.core.accounts.rights import kept_by
from postroom.core.conversations.models import TRASH, Conversation, Emptying, TrashRule


@dataclass(frozen=True)
class Bin:
    """The trash of one mailbox: how many this person sees in it, since when, and who empties it when."""

    mailbox: Mailbox
    count: int
    oldest: datetime | None
    # After so many days; None for never.
    days: int | None
    # Whether this person may empty it.
    keeps: bool
    # It is being emptied.
    going: bool


def bins_of(user: User) -> list[Bin]:
    """Return them by the mailbox's name: five queries."""
    kept = {one.pk: one for one in kept_by(user)}
    own = {one.pk: one for one in mailboxes_of(user)}
    both = own | kept
    thrown = Conversation.objects.visible_to(user).filter(status=TRASH).order_by().values("mailbox_id")
    found = {row["mailbox_id"]: row for row in thrown.annotate(n=Count("pk"), oldest=Min("trashed_at"))}
    rules = dict(TrashRule.objects.filter(mailbox__in=both).values_list("mailbox_id", "days"))
    going = set(Emptying.objects.filter(mailbox__in=both, ended_at=None).values_list("mailbox_id", flat=True))
    return [
        Bin(
            mailbox=mailbox,
            count=found[pk]["n"] if pk in found else 0,
            oldest=found[pk]["oldest"] if pk in found else None,
            days=rules.get(pk),
            keeps=pk in kept,
            going=pk in going,
        )
        for pk, mailbox in sorted(both.items(), key=lambda one: (one[1].name.lower(), one[0]))
    ]
