"""Ten thousand conversations closed at once and taken back, by the worker that runs while nobody else asks for much."""

import time

from django.db import connection, transaction

from bench.figures import Figure
from postroom.core.accounts.models import User
from postroom.core.conversations.bulk.jobs import take_back, write_steps
from postroom.core.conversations.bulk.wanted import Wanted
from postroom.core.conversations.models import OPEN, BulkJob, Conversation
from postroom.core.conversations.models.bulk import UNDERWAY

_PATIENCE = 1800.0
_FLOOR_ROWS = 500


def bulk(engine: str, *, alice: User, conversations: int) -> list[Figure]:
    """Let the worker close so many open conversations and put them back; beside it two bare statements for each."""
    rows = Conversation.objects.visible_to(alice).filter(status=OPEN).order_by("-last_activity_at", "-pk")
    picked = list(rows.values_list("pk", "last_message_id")[:conversations])
    floor = _floor([number for number, _seen in picked[:_FLOOR_ROWS]]) * len(picked)
    # The worker that finds a job finds its steps.
    with transaction.atomic():
        job = BulkJob.objects.create(
            by=alice, verb="close", arguments=Wanted("close").stored(), state=UNDERWAY, total=len(picked)
        )
        write_steps(job, {number: {"seen": seen or 0} for number, seen in picked})
    closed = _until_done(job)
    back = _until_done(take_back(job, by=alice))
    name = f"{len(picked):,} conversations"
    floor_name = "two bare statements for each, 25 or 1 a commit"
    return [
        Figure(engine, f"bulk, {name} closed", "s", closed, floor=floor, floor_name=floor_name),
        Figure(engine, f"bulk, {name} put back", "s", back, floor=floor, floor_name=floor_name),
    ]


def _until_done(job: BulkJob) -> float:
    started = time.monotonic()
    while time.monotonic() < started + _PATIENCE:
        job.refresh_from_db()
        if job.ended_at is not None:
            if job.done != job.total:
                raise RuntimeError(f"{job.done} of {job.total} were changed.")
            return time.monotonic() - started
        time.sleep(0.1)
    raise RuntimeError(f"{job.done} of {job.total} were changed in {_PATIENCE:.0f} s.")


def _floor(numbers: list[int]) -> float:
    """Return the seconds that one takes: its row with its folder's count, and a row beside; and leave no trace."""
    each = 25 if connection.vendor == "sqlite" else 1
    change = f"UPDATE {Conversation._meta.db_table} SET status = %s WHERE id = %s"
    started = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_said (id integer, said varchar(200))")
        for status in ("closed", OPEN):
            for first in range(0, len(numbers), each):
                with transaction.atomic():
                    for number in numbers[first : first + each]:
                        cursor.execute(change, [status, number])
                        cursor.execute("INSERT INTO bench_said VALUES (%s, %s)", [number, status * 20])
        cursor.execute("DROP TABLE bench_said")
    return (time.perf_counter() - started) / 2 / max(len(numbers), 1)
