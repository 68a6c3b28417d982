"""Carry bulk changes out: a stretch at a time, so that nobody else waits for the database, and safe from a crash."""
# ruff: noqa: SLF001  (a model's own _meta, which Django documents)

import json
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime

from django.db import connection, transaction
from django.db.models import F, Q

from postroom.core.conversations.bulk.jobs import LEASE, MOST, ROWS, write_steps
from postroom.core.conversations.bulk.scope import within
from postroom.core.conversations.bulk.steps import Outcome, Sight, do, undo
from postroom.core.conversations.bulk.wanted import Wanted
from postroom.core.conversations.models import BulkJob, BulkStep
from postroom.core.conversations.models.bulk import DONE, UNDERWAY, WAITING
from postroom.core.events.kinds import BulkWentOn
from postroom.core.events.record import record, together
from postroom.lib import clock
from postroom.lib.killpoint import killpoint
from postroom.lib.rows import moment, update
from postroom.lib.statements import run

# Seconds. Nobody's own click should wait longer than a stretch for SQLite's write lock.
_STRETCH = 0.04
# As much of a stretch's time is left to others after it.
_PAUSE = 0.5
# How long one job is worked at before another one's turn; then the open pages are told that their lists look otherwise.
_TURN = 2.0
# How many steps are looked up at once; a transaction changes as many, or one (see `_at_most`).
_AHEAD = 25
# Only as long as the job is still ours: once for each conversation on PostgreSQL.
_KEEP = f"""
    UPDATE {BulkJob._meta.db_table} SET done = %s, refused = %s, arguments = %s, leased_until = %s
    WHERE id = %s AND state = %s AND leased_until = %s RETURNING id
"""  # noqa: S608  (names of our own)


def bulk_next() -> bool:
    """Go on with the job that was left alone for longest, for two seconds; tell whether there was one."""
    job = _claim()
    if job is None:
        return False
    if job.state == WAITING and not _gather(job):
        return True
    killpoint("bulk_gathered")
    work = _Work(job)
    ends = time.monotonic() + _TURN
    while time.monotonic() < ends and work.go_on():
        killpoint("bulk_stretch")
        # SQLite's lock goes to whoever asks in the right moment: some for others.
        time.sleep(work.took * _PAUSE if connection.vendor == "sqlite" else 0)
    work.rest()
    return True


def carry_out(job: BulkJob) -> BulkJob:
    """Do a short job at once, and return it as it is then. Whatever stops this, the worker ends it."""
    if job.ended_at is None and job.leased_until:
        work = _Work(job)
        while work.go_on():
            pass
    job.refresh_from_db()
    return job


class _Work:
    """One turn at one job, whose lease is ours."""

    def __init__(self, job: BulkJob) -> None:
        self.job = job
        self.lease: datetime | None = job.leased_until
        self.took = 0.0
        self._wanted = Wanted.read(job.arguments)
        self._sight = Sight(job.by)
        self._ahead: list[BulkStep] = []
        self._last = False

    def go_on(self) -> bool:
        """Do a stretch in one transaction; False when nothing is left, or the job was stopped or is another's now."""
        started = time.monotonic()
        if not self._ahead:
            self._ahead = list(self.job.steps.filter(changed__isnull=True).order_by("pk")[:_AHEAD])
            self._last = len(self._ahead) < _AHEAD
        steps = self._ahead[: _at_most()]
        with transaction.atomic():
            _hurry()
            outcomes = list(self._outcomes(steps, until=started + _STRETCH))
            killpoint("bulk_before_commit")
            going = self._write(outcomes, end=self._last and len(outcomes) == len(self._ahead))
        self._ahead = self._ahead[len(outcomes) :]
        self.took = time.monotonic() - started
        return going

    def _outcomes(self, steps: list[BulkStep], *, until: float) -> Iterator[Outcome]:
        act = undo if self.job.undoes_id else do
        for step in steps:
            with self._part():
                outcome = act(step.conversation_id, kept=step.before, wanted=self._wanted, sight=self._sight)
            update(BulkStep, step.pk, changed=outcome.changed, before=outcome.kept)
            self.job.done += outcome.changed
            self.job.refused += not outcome.changed
            yield outcome
            if time.monotonic() > until:
                return

    def _part(self) -> AbstractContextManager[None]:
        # The first is told as if it were the only one: somebody who is given ten thousand hears of it once.
        return together(self.job.pk) if self.job.done else nullcontext()

    def _write(self, outcomes: list[Outcome], *, end: bool) -> bool:
        """Keep how far it is, and tell the open pages now and then; undo the stretch when the job is not ours."""
        touched = {number for outcome in outcomes for number in outcome.mailboxes}
        touched |= set(self.job.arguments.get("touched", ()))
        self.job.arguments["touched"] = sorted(touched)
        lease, job = clock.now() + LEASE, self.job
        kept = [job.done, job.refused, json.dumps(job.arguments), moment(lease)]
        if not run(_KEEP, [*kept, job.pk, UNDERWAY, moment(self.lease)]):
            transaction.set_rollback(True)
            return False
        self.lease = lease
        if end:
            ended = {"leased_until": None, "state": DONE, "ended_at": clock.now()}
            BulkJob.objects.filter(pk=job.pk, leased_until=lease).update(**ended)
            self.lease = None
            self._tell()
        return not end

    def rest(self) -> None:
        """Leave the job to whoever goes on with it."""
        with transaction.atomic():
            if BulkJob.objects.filter(pk=self.job.pk, leased_until=self.lease, ended_at=None).update(
                leased_until=clock.now()
            ):
                self._tell()

    def _tell(self) -> None:
        for mailbox_id in self.job.arguments.get("touched", ()):
            record(BulkWentOn(job=self.job.pk), by=self.job.by, mailbox_id=mailbox_id)


def _hurry() -> None:
    """Let PostgreSQL not wait for the disk at each of ten thousand commits; SQLite has few of them.

    A step is written together with what it changed: a machine that loses its power may forget the last ones of both,
    and does them again. Whoever acts on them commits after them, and waits.
    """
    if connection.vendor == "postgresql":
        run("SET LOCAL synchronous_commit = off", [])


def _at_most() -> int:
    # On PostgreSQL one commit each: rows of several conversations and of the folder counts, held together, could wait
    # for somebody who waits for one of them.
    return _AHEAD if connection.vendor == "sqlite" else 1


def _claim() -> BulkJob | None:
    now = clock.now()
    free = Q(leased_until=None) | Q(leased_until__lte=now)
    waiting = BulkJob.objects.filter(free, ended_at=None).order_by(F("leased_until").asc(nulls_first=True), "pk")
    for number in waiting.values_list("pk", flat=True)[:5]:
        lease = now + LEASE
        if BulkJob.objects.filter(free, pk=number, ended_at=None).update(leased_until=lease):
            return BulkJob.objects.select_related("by").get(pk=number)
    return None


def _gather(job: BulkJob) -> bool:
    """Write a row for each conversation of a job that waits, some at a time; False when the job is not ours any more.

    After a crash it begins again, and a row that is there stays. What somebody wrote in since is not in it.
    """
    ours = BulkJob.objects.filter(pk=job.pk, state=WAITING, leased_until=job.leased_until)
    for rows in _found(job):
        started = time.monotonic()
        with transaction.atomic():
            if not ours.exists():
                return False
            write_steps(job, rows)
        killpoint("bulk_gathering")
        time.sleep(time.monotonic() - started)
    job.state, job.total = UNDERWAY, job.steps.count() + job.refused
    return bool(ours.update(state=UNDERWAY, total=job.total))


def _found(job: BulkJob) -> Iterator[dict[int, object]]:
    if job.undoes_id is None:
        rows = within(job.condition, user=job.by, now=job.created_at).filter(last_activity_at__lte=job.created_at)
        found = list(rows.order_by("pk").values_list("pk", "last_message_id")[:MOST])
        for first in range(0, len(found), ROWS):
            yield {number: {"seen": seen or 0} for number, seen in found[first : first + ROWS]}
        return
    done = BulkStep.objects.filter(job=job.undoes_id, changed=True).order_by("pk")
    last = 0
    while some := list(done.filter(pk__gt=last).values_list("pk", "conversation_id", "before")[:ROWS]):
        last = some[-1][0]
        yield {number: before for _pk, number, before in some}
