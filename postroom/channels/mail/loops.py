"""Loops of any length: machines that answer each other, told by our mark, by what they say of themselves, by speed."""

from datetime import datetime, timedelta

from django.db.models import F

from postroom.channels.mail.judging import judge
from postroom.channels.mail.models import Loop
from postroom.channels.mail.parsed import Parsed
from postroom.channels.mail.spellings import spellings
from postroom.core.accounts.models import Mailbox
from postroom.core.conversations.automatic import LIST, NEWSLETTER, REPORTS
from postroom.core.conversations.models import Conversation, Message
from postroom.core.conversations.models.message import IN
from postroom.core.events.actor import SYSTEM
from postroom.core.events.kinds import LoopNoticed
from postroom.core.events.record import record
from postroom.lib import clock

# So many mails of machines within so long, in one conversation: people do not write like that.
PACES = ((10, timedelta(minutes=10)), (20, timedelta(hours=1)))
# A reply to a hundred people may well come back a hundred times.
_REPORTS = 100
# So long without a machine's mail, and the loop is over.
OVER_AFTER = timedelta(hours=1)
_LATEST = 200
_NO_ANSWER = ("", LIST, NEWSLETTER, "bulk")
_NOBODY = ("mailer-daemon", "postmaster", "noreply", "no-reply", "donotreply", "do-not-reply", "bounce", "bounces")


def goes_round(conversation: Conversation, *, automatic: str) -> bool:
    """Tell whether a machine's mail for this conversation is one of a loop, and count it there when it is.

    Inside the transaction that files or parks it. A loop is named once in the conversation, when it is noticed.
    """
    now = clock.now()
    loop = Loop.objects.filter(conversation=conversation).first()
    if loop and loop.last_at >= now - OVER_AFTER:
        Loop.objects.filter(pk=loop.pk).update(last_at=now, parked=F("parked") + 1)
        return True
    if not _too_fast(conversation, reports=automatic in REPORTS, now=now):
        return False
    Loop.objects.update_or_create(conversation=conversation, defaults={"since": now, "last_at": now, "parked": 1})
    record(LoopNoticed(), by=SYSTEM, mailbox_id=conversation.mailbox_id, conversation_id=conversation.pk)
    return True


def may_answer_automatically(mailbox: Mailbox, *, email: str, parsed: Parsed) -> bool:
    """Tell whether a program of ours may answer this mail by itself: never a machine, ourselves or nobody, and never
    somebody whose mail comes faster than people write, whatever its headers say (RFC 3834 section 2).
    """
    names = set(spellings(email))
    if not names or not email.partition("@")[0] or email.partition("@")[0].lower() in _NOBODY:
        return False
    if judge(parsed, mailbox=mailbox).kind != "person" or parsed.return_path == "":
        return False
    if parsed.header("X-Auto-Response-Suppress").strip().lower() not in ("", "none"):
        return False
    if Mailbox.objects.filter(address__in=names).exists():
        return False
    return not _writes_too_fast(names, mailbox=mailbox)


def _too_fast(conversation: Conversation, *, reports: bool, now: datetime) -> bool:
    """Count what machines wrote here lately; from the end of the conversation's index, never the whole of it."""
    latest = Message.objects.filter(conversation=conversation).order_by("-pk")
    rows = latest.values_list("kind", "automatic", "created_at")[:_LATEST]
    counted = [(automatic, at) for kind, automatic, at in rows if kind == IN and automatic not in _NO_ANSWER]
    times = [at for automatic, at in counted if (automatic in REPORTS) == reports]
    paces = ((_REPORTS, timedelta(hours=1)),) if reports else PACES
    return any(sum(at >= now - span for at in times) >= most for most, span in paces)


def _writes_too_fast(names: set[str], *, mailbox: Mailbox) -> bool:
    now = clock.now()
    for most, span in PACES:
        since = now - span
        lately = Conversation.objects.filter(
            contact__email__in=names, mailbox=mailbox, last_activity_at__gte=since
        ).values("pk")[:most]
        mails = Message.objects.filter(conversation__in=list(lately.values_list("pk", flat=True)), kind=IN)
        if mails.filter(created_at__gte=since)[:most].count() >= most:
            return True
    return False
