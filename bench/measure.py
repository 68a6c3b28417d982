"""One engine's share of the bench, in a process whose settings are that engine's."""

import json
import os
import sys
import time
from dataclasses import asdict
from functools import partial
from pathlib import Path

import django

from bench.figures import Figure


def main() -> None:
    """Fill the database, measure, and print the figures as JSON on the last line."""
    engine, conversations, quick, folder = sys.argv[1], int(sys.argv[2]), sys.argv[3] == "quick", Path(sys.argv[4])
    django.setup()
    from django.core.management import call_command

    from bench.dataset import fill
    from bench.intake import intake

    call_command("migrate", verbosity=0)
    _say(f"{engine}: making {conversations:,} conversations")
    only, seconds = sys.argv[5], 2 if quick else 8
    figures = [_on_empty(engine, folder=folder, seconds=seconds)] if only in ("", "intake") else []
    started = time.monotonic()
    alice = fill(conversations, say=lambda text: _say(f"  {text}"))
    _say(f"{engine}: measuring; {time.monotonic() - started:.0f} s for the data set")
    if only in ("", "intake"):
        beside = partial(intake, engine, folder=folder, seconds=seconds, conversations=conversations)
        figures += [beside(), beside(reopening=True)]
    if only != "intake":
        # The page of a search wants an index as large as the rest.
        figures += _searched(engine, alice_id=alice.pk, conversations=conversations, quick=quick or only == "pages")
    if only in ("", "pages"):
        figures += _served(engine, alice_id=alice.pk, folder=folder, quick=quick)
    print(json.dumps([asdict(figure) for figure in figures]))


def _on_empty(engine: str, *, folder: Path, seconds: float) -> Figure:
    """Take mails in where there are none yet, and leave no trace of it."""
    from django.core.management import call_command

    from bench.intake import intake
    from bench.mails import BOX
    from postroom.core.accounts.models import Mailbox
    from tests.emptying import let_tests_empty_the_log

    Mailbox.objects.create(name="Mailbox 1", address=BOX)
    figure = intake(engine, folder=folder, seconds=seconds, conversations=0)
    let_tests_empty_the_log()
    call_command("flush", interactive=False, verbosity=0)
    return figure


def _searched(engine: str, *, alice_id: int, conversations: int, quick: bool) -> list[Figure]:
    from bench.dataset import MAILBOXES, MESSAGES_EACH
    from bench.search import fill_index, search
    from postroom.core.accounts.models import User

    words = fill_index(conversations, messages_each=MESSAGES_EACH, mailboxes=MAILBOXES, say=_say)
    return search(engine, alice=User.objects.get(pk=alice_id), words=words, seconds=1 if quick else 4)


def _served(engine: str, *, alice_id: int, folder: Path, quick: bool) -> list[Figure]:
    from bench.bulk import bulk
    from bench.crowd import crowd
    from bench.findable import findable
    from bench.live import live
    from bench.memory import child, memory, resident
    from bench.pages import pages
    from bench.presence import presence
    from bench.weight import weight
    from postroom.core.accounts.models import User
    from tests.servers.postroom import installation

    alice = User.objects.get(pk=alice_id)
    postroom = installation(
        folder, data=Path(os.environ["POSTROOM_DATA"]), database_url=os.environ.get("POSTROOM_DATABASE_URL", "")
    )
    # Nothing is to be sent while we measure.
    running = postroom.run(POSTROOM_UNDO_SECONDS="120")
    try:
        # First: later there are the replies that were posted, which no server takes.
        figures = [findable(engine, port=running.lmtp_port, alice=alice, seconds=4 if quick else 20)]
        figures += pages(engine, url=running.url, alice=alice, seconds=2 if quick else 8)
        figures += weight(engine, url=running.url, alice=alice)
        commits = 20 if quick else 100
        figures.append(live(engine, url=running.url, alice=alice, commits=commits, others=0))
        before = resident(child(running.process.pid, "web"))
        figures.append(live(engine, url=running.url, alice=alice, commits=commits, others=99))
        grown = resident(child(running.process.pid, "web")) - before
        figures.append(crowd(engine, url=running.url, alice=alice, commits=commits))
        figures.append(presence(engine, url=running.url, alice=alice, turns=20 if quick else 100))
        figures.append(Figure(engine, "memory, each open browser", "KiB", max(grown, 0) * 1024 / 100))
        figures += memory(engine, supervisor=running.process.pid)
        figures += bulk(engine, alice=alice, conversations=500 if quick else 10_000)
    finally:
        postroom.stop()
    return figures


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
