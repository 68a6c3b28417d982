"""Delete for good what was thrown away: after so many days, or because somebody asks for it now."""

from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils.translation import gettext as _

from postroom.core.accounts.models import Mailbox, User
from postroom.core.accounts.rights import kept_by
from postroom.core.audit.write import write
from postroom.core.conversations.actions.forget_files import to_be_forgotten
from postroom.core.conversations.allowed import NotAllowed
from postroom.core.conversations.models import TRASH, Attachment, Conversation, Emptying, Message, TrashRule
from postroom.core.conversations.models.message import DEFERRED, QUEUED, SENDING
from postroom.core.events.actor import SYSTEM
from postroom.core.events.kinds import TrashEmptied, TrashRuleChanged
from postroom.core.events.record import record
from postroom.lib import clock
from postroom.lib.killpoint import killpoint

# After so many days, for whom a choice is offered; never is none of them.
DAYS = (7, 14, 30, 60, 90, 180, 365)
# In one transaction: nobody else's click waits long for SQLite's lock.
_CONVERSATIONS, _MESSAGES = 20, 200


class NoSuchAge(Exception):
    """The trash is emptied as before; the text says why, for the person who asked."""

    def __init__(self) -> None:
        super().__init__(_("Choose one of the ages that are offered. Nothing was changed."))


def set_rule(mailbox: Mailbox, *, days: int | None, by: User) -> bool:
    """Let a mailbox's trash be emptied after so many days (one of DAYS), or never. False when it was so already."""
    _must_keep(mailbox, by=by)
    if days is not None and days not in DAYS:
        raise NoSuchAge
    with transaction.atomic():
        rule = TrashRule.objects.filter(mailbox=mailbox).first()
        was = rule.days if rule else None
        if was == days:
            return False
        if days is None:
            TrashRule.objects.filter(mailbox=mailbox).delete()
        else:
            TrashRule.objects.update_or_create(mailbox=mailbox, defaults={"days": days})
        write(
            "trash.rule_changed",
            by=by,
            subject=f"mailbox:{mailbox.pk}",
            subject_name=mailbox.address,
            mailbox_id=mailbox.pk,
            before={"days": was},
            after={"days": days},
        )
        record(TrashRuleChanged(days=days), by=by, mailbox_id=mailbox.pk)
    return True


def empty_trash(mailbox: Mailbox, *, until: datetime, by: User) -> Emptying:
    """Begin to delete for good what this person sees in the mailbox's trash and what was thrown away by `until`.

    The worker does it. Nothing brings it back. Twice is once: the same one is returned while it goes on.
    """
    _must_keep(mailbox, by=by)
    with transaction.atomic():
        going = Emptying.objects.filter(mailbox=mailbox, by=by, until=until, ended_at=None).first()
        now = clock.now()
        return going or Emptying.objects.create(mailbox=mailbox, by=by, until=min(until, now), created_at=now)


def empty_next() -> bool:
    """Delete some conversations of a trash that is to be emptied; tell whether there were any."""
    _begin_due()
    rows = Emptying.objects.filter(ended_at=None).order_by("pk").select_related("mailbox", "by")
    # Nearly always there is none: SQLite's one write lock is not asked for to find nothing.
    if not rows.exists():
        return False
    with transaction.atomic():
        if connection.features.has_select_for_update:
            rows = rows.select_for_update(of=("self",), skip_locked=True)
        emptying = rows.first()
        if emptying is None:
            return False
        numbers = _some(emptying)
        if numbers:
            _delete(numbers)
            Emptying.objects.filter(pk=emptying.pk).update(deleted=F("deleted") + len(numbers))
            record(TrashEmptied(count=len(numbers)), by=emptying.by or SYSTEM, mailbox_id=emptying.mailbox_id)
        elif _to_go(emptying).exists():
            # Somebody holds the last ones at this moment: another round finds them, or they are out of the trash.
            return False
        else:
            _end(emptying)
        killpoint("trash_before_commit")
    return True


def in_trash(mailbox: Mailbox, *, until: datetime, by: User | None) -> QuerySet[Conversation]:
    """Return what lies in a mailbox's trash since before `until`, as `by` sees it, or all of it for nobody."""
    rows = Conversation.objects.visible_to(by) if by else Conversation.objects.all()
    return rows.filter(mailbox=mailbox, status=TRASH, trashed_at__lte=until)


def _begin_due() -> None:
    for rule in TrashRule.objects.select_related("mailbox"):
        until = clock.now() - timedelta(days=rule.days)
        if not in_trash(rule.mailbox, until=until, by=None).exists():
            continue
        with transaction.atomic():
            # One worker asks at a time.
            rows = TrashRule.objects.filter(pk=rule.pk, days=rule.days)
            held = rows.select_for_update() if connection.features.has_select_for_update else rows
            going = Emptying.objects.filter(mailbox=rule.mailbox, by=None, ended_at=None)
            if held.first() and not going.exists():
                Emptying.objects.create(mailbox=rule.mailbox, until=until, created_at=clock.now())


def _to_go(emptying: Emptying) -> QuerySet[Conversation]:
    """Return what it still has to delete: nothing in which a reply is about to leave."""
    leaving = Message.objects.filter(conversation=OuterRef("pk"), delivery__in=(QUEUED, SENDING, DEFERRED))
    return in_trash(emptying.mailbox, until=emptying.until, by=emptying.by).filter(~Exists(leaving))


def _some(emptying: Emptying) -> list[int]:
    """Hold some conversations that nobody else holds."""
    rows = _to_go(emptying).order_by("trashed_at", "pk")
    if connection.features.has_select_for_update:
        rows = rows.select_for_update(skip_locked=True)
    numbers: list[int] = []
    messages = 0
    for number, count in rows.values_list("pk", "message_count")[:_CONVERSATIONS]:
        if numbers and messages + count > _MESSAGES:
            break
        numbers.append(number)
        messages += count
    return numbers


def _delete(numbers: list[int]) -> None:
    """Delete them with all that belongs to them, and what was joined to them; their files are forgotten later."""
    joined = Conversation.objects.filter(merged_into__in=numbers).values_list("pk", flat=True)
    whole = [*numbers, *joined]
    if connection.features.has_select_for_update:
        # Whoever adds something to a message meanwhile (its words to the search) waits, and then finds it gone.
        len(Message.objects.filter(conversation__in=whole).order_by("pk").select_for_update().values_list("pk"))
    files = set(Attachment.objects.filter(conversation__in=whole).values_list("digest", flat=True))
    raw = set(Message.objects.filter(conversation__in=whole).values_list("raw_digest", flat=True))
    to_be_forgotten(files | raw - {""})
    Conversation.objects.filter(pk__in=whole).delete()


def _end(emptying: Emptying) -> None:
    Emptying.objects.filter(pk=emptying.pk).update(ended_at=clock.now())
    if emptying.deleted:
        write(
            "trash.emptied",
            by=emptying.by or SYSTEM,
            subject=f"mailbox:{emptying.mailbox_id}",
            subject_name=emptying.mailbox.address,
            mailbox_id=emptying.mailbox_id,
            after={"conversations": emptying.deleted, "thrown_away_until": emptying.until.isoformat()},
        )


def _must_keep(mailbox: Mailbox, *, by: User) -> None:
    if not kept_by(by).filter(pk=mailbox.pk).exists():
        raise NotAllowed(_("Only whoever keeps this mailbox deletes for good."))
