"""Bring the database up to date, and greet whoever starts an empty Postroom."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from fcntl import LOCK_EX, flock
from typing import Any, cast

import django
from django.conf import settings
from django.db import DatabaseError, OperationalError, connection

from postroom.faces.cli.say import complain, say


def prepare(*, welcome: bool = False, demo: bool = False) -> int:
    """Migrate; with `welcome` seed the demo when asked for and print the set-up link while there are no people."""
    django.setup()
    try:
        _migrate()
    except OperationalError as error:
        complain(f"The database cannot be used: {str(error).strip()}. Nothing was changed; check it and start again.")
        return 1
    if demo and not _seed_demo():
        return 1
    if welcome:
        _welcome()
    return 0


def setup_link() -> int:
    """Print a new set-up link; earlier ones end."""
    django.setup()
    from postroom.core.accounts.setup import needs_setup

    try:
        if not needs_setup():
            complain("There are people here already, so there is no set-up link. Sign in; the owner can add people.")
            return 1
    except DatabaseError:
        complain("There is no database here yet. Start Postroom once, or make it with: postroom migrate")
        return 1
    say(_link())
    return 0


def _migrate() -> None:
    from django.core.management.sql import emit_post_migrate_signal
    from django.db.migrations.executor import MigrationExecutor

    with _alone():
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if not plan:
            return
        say(f"Preparing the database: {len(plan)} steps")
        done = 0

        def progress(action: str, migration: Any = None, fake: bool = False) -> None:  # noqa: ARG001, FBT001, FBT002
            nonlocal done
            if action == "apply_success":
                done += 1
                say(f"  {done:>3} of {len(plan)}  {migration}")

        # Django calls it with one to three arguments; the stubs ask for an overload of each.
        executor.progress_callback = cast("Any", progress)
        executor.migrate(executor.loader.graph.leaf_nodes(), plan)
        emit_post_migrate_signal(verbosity=0, interactive=False, db=connection.alias)


@contextmanager
def _alone() -> Iterator[None]:
    """Let one process migrate at a time: of two starts at once, the second waits and finds nothing to do."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            # Any number will do that nobody else uses; it is let go when the connection closes.
            cursor.execute("SELECT pg_advisory_lock(7678)")
            yield
            cursor.execute("SELECT pg_advisory_unlock(7678)")
        return
    with (settings.POSTROOM_DATA / "migrating").open("w") as file:
        flock(file, LOCK_EX)
        yield


def _seed_demo() -> bool:
    from postroom.core.accounts.setup import is_demo, needs_setup

    if is_demo():
        return True
    if not needs_setup():
        complain(
            f"{settings.POSTROOM_DATA} already holds a team, so the demo was not put there. "
            "For the demo choose another folder: POSTROOM_DATA=demo-data bin/run --demo"
        )
        return False
    from postroom.demo.seed import seed

    say("Seeding the demo team")
    seed()
    return True


def _welcome() -> None:
    from postroom.core.accounts.setup import is_demo, needs_setup

    if needs_setup():
        say(f"Set up your team (this link works once): {_link()}")
    elif is_demo():
        say("This is the demo team: no mail leaves this machine.")


def _link() -> str:
    from postroom.core.accounts.setup import make_setup_token

    at = os.environ.get("POSTROOM_INTERNAL_URL") or settings.POSTROOM_BASE_URL
    at = at or f"http://{settings.POSTROOM_HOST}:{settings.POSTROOM_PORT}"
    return f"{at}/setup/{make_setup_token()}"
