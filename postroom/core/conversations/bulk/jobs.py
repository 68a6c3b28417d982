"""Begin a bulk change, stop it, take it back."""

from collections.abc import Iterable, Mapping
from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from postroom.core.accounts.models import User
from postroom.core.conversations.actions.tag import cleaned
from postroom.core.conversations.bulk.scope import within
from postroom.core.conversations.bulk.verbs import VERBS
from postroom.core.conversations.bulk.wanted import Picked, Wanted
from postroom.core.conversations.models import PRIORITIES, BulkJob, BulkStep, Conversation
from postroom.core.conversations.models.bulk import STOPPED, UNDERWAY, WAITING
from postroom.lib import clock

# More than these are the worker's work: a page does not wait for them.
AT_ONCE = 50
# How many a job may change, and how many of them a browser may name one by one.
MOST = 100_000
MOST_PICKED = 2000
LEASE = timedelta(seconds=30)
# Written at once: some milliseconds.
ROWS = 500


class BulkRefused(Exception):
    """Nothing was changed; the text says why, for the person who asked."""


class NothingPicked(BulkRefused):
    def __init__(self) -> None:
        super().__init__(_("Nothing is selected. Select conversations first."))


class TooMany(BulkRefused):
    def __init__(self, most: int) -> None:
        words = _("That is more than %(most)s conversations at once. Nothing was changed. Narrow the list down.")
        super().__init__(words % {"most": most})


class NoSuchVerb(BulkRefused):
    def __init__(self) -> None:
        super().__init__(_("That cannot be done to many conversations at once. Nothing was changed."))


def start(wanted: Wanted, *, picked: Iterable[Picked], by: User) -> BulkJob:
    """Begin to change the conversations of a selection; few of them are held for `carry_out`, else the worker goes on.

    Nobody is asked here who may change what: each step does.
    """
    wanted = _checked(wanted)
    steps = {one.id: one.seen for one in picked}
    if not steps:
        raise NothingPicked
    if len(steps) > MOST_PICKED:
        raise TooMany(MOST_PICKED)
    with transaction.atomic():
        job = BulkJob.objects.create(
            by=by,
            verb=wanted.verb,
            arguments=wanted.stored(),
            state=UNDERWAY,
            total=len(steps),
            created_at=clock.now(),
            leased_until=clock.now() + LEASE if len(steps) <= AT_ONCE else None,
        )
        known = set(Conversation.objects.visible_to(by).filter(pk__in=steps).values_list("pk", flat=True))
        # What is not there for this person gets no row, and is counted as left.
        write_steps(job, {number: {"seen": seen} for number, seen in steps.items() if number in known})
        BulkJob.objects.filter(pk=job.pk).update(refused=len(steps) - len(known))
        job.refused = len(steps) - len(known)
    return job


def start_whole(wanted: Wanted, *, within_list: str, by: User) -> BulkJob:
    """Begin to change all that is in a list at this moment; the worker counts and does it. NoSuchList, TooMany."""
    wanted = _checked(wanted)
    if within(within_list, user=by)[: MOST + 1].count() > MOST:
        raise TooMany(MOST)
    return BulkJob.objects.create(
        by=by,
        verb=wanted.verb,
        arguments=wanted.stored(),
        condition=within_list,
        state=WAITING,
        created_at=clock.now(),
    )


def stop(job: BulkJob) -> bool:
    """Do no more of it; what is done stays done, and can be taken back. False when it had ended."""
    running = BulkJob.objects.filter(pk=job.pk, ended_at=None)
    return bool(running.update(state=STOPPED, ended_at=clock.now(), leased_until=None))


def take_back(job: BulkJob, *, by: User) -> BulkJob:
    """Begin to put back what a job changed, as far as nobody changed it since; one that is running stops first.

    Twice is once: the same job is returned.
    """
    stop(job)
    with transaction.atomic():
        now = clock.now()
        done = job.steps.filter(changed=True)
        # What was deleted for good since took its step along, and is counted as left.
        changed = BulkJob.objects.values_list("done", flat=True).get(pk=job.pk)
        missing = max(changed - done.count(), 0)
        back, made = BulkJob.objects.get_or_create(
            undoes=job,
            defaults={
                "by": by,
                "verb": job.verb,
                "arguments": Wanted.read(job.arguments).stored(),
                "state": WAITING,
                "refused": missing,
                "created_at": now,
            },
        )
        if made and (total := done.count()) <= AT_ONCE:
            # In the same transaction: nobody else sees it without its steps.
            write_steps(back, dict(done.values_list("conversation_id", "before")))
            held = {"state": UNDERWAY, "total": total + missing, "leased_until": now + LEASE}
            BulkJob.objects.filter(pk=back.pk).update(**held)
            back.refresh_from_db()
    return back


def write_steps(job: BulkJob, steps: Mapping[int, object]) -> None:
    """Write a row for each of these conversations, with what is kept of it; one that is there stays."""
    rows = [BulkStep(job=job, conversation_id=number, before=steps[number]) for number in sorted(steps)]
    BulkStep.objects.bulk_create(rows, batch_size=ROWS, ignore_conflicts=True)


def _checked(wanted: Wanted) -> Wanted:
    if wanted.verb not in VERBS or wanted.priority not in PRIORITIES:
        raise NoSuchVerb
    if wanted.verb in ("tag", "untag"):
        return Wanted(verb=wanted.verb, tag=cleaned(wanted.tag))
    return wanted
