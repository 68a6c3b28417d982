"""What comes next, for whoever keeps a mailbox and whose inbox has never seen a mail."""

from dataclasses import dataclass

from django.http import HttpRequest

from postroom.channels.mail.models import NO_ROUTE, Route, Source
from postroom.core.accounts.models import Mailbox, User
from postroom.core.accounts.permissions import may_manage
from postroom.core.accounts.queries import mailboxes_of
from postroom.core.conversations.folders import folder_counts
from postroom.faces.web.access import person


@dataclass(frozen=True)
class FirstSteps:
    """The first mailbox and its ways, and whether they are alone here."""

    mailbox: Mailbox
    source: Source | None
    replies_wait: bool
    alone: bool


def first_steps(request: HttpRequest) -> FirstSteps | None:
    """Return what comes next while nothing has come; None once there is a conversation, and for agents."""
    me = person(request)
    # Whoever sees none would have every conversation looked at; the counts are kept.
    if any(folder_counts(me).folders.values()):
        return None
    mailbox = mailboxes_of(me).first()
    if mailbox is None or not may_manage(me, mailbox.pk):
        return None
    source = Source.objects.filter(mailbox=mailbox, active=True).first()
    route = Route.objects.filter(mailbox=mailbox).first()
    waits = route is None or route.kind == NO_ROUTE
    return FirstSteps(mailbox, source, replies_wait=waits, alone=User.objects.count() == 1)
