"""The worker: opens the mail doors and goes the rounds, until it is asked to stop."""

import logging
import signal
import threading
import time
from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError, close_old_connections, connections

from postroom.channels.mail import claims
from postroom.channels.mail.history import progress
from postroom.channels.mail.letter_queue import free_letters
from postroom.channels.mail.transports.lmtp import LmtpDoor
from postroom.channels.mail.transports.watchers import Watchers
from postroom.core.events.heartbeat import beat
from postroom.core.outbox.deliver import end_leases
from postroom.followers.notifications.claiming import free_tellings
from postroom.wiring.rounds import ROUNDS, Round
from postroom.wiring.waking import Commits

_log = logging.getLogger("postroom.worker")

_BEAT_SECONDS = 5.0
_LONGEST_PAUSE = 60.0
# A mail server that is slow to answer is not worth more than this when the worker is asked to stop.
_PATIENCE = 2.5


def work() -> None:
    """Work until SIGTERM or SIGINT; what is unfinished then is taken up by the next worker."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stop.set())
    work_until(stop)


def work_until(stop: threading.Event) -> None:
    """Work until the flag is set, then end every thread and close every door within three seconds."""
    commits = Commits()
    threads = [
        threading.Thread(target=_go, args=(one, stop, commits), name=f"{one.name} {number}", daemon=True)
        for one in ROUNDS
        for number in range(one.threads)
    ]
    lasting: tuple[tuple[str, Callable[[threading.Event], None]], ...] = (
        ("commits", commits.watch),
        ("lmtp", _keep_door),
        ("fetching", _keep_watching),
        ("heartbeat", _keep_beating),
    )
    for name, task in lasting:
        threads.append(threading.Thread(target=_alone, args=(task, stop), name=name, daemon=True))
    _free_leases(stop)
    for thread in threads:
        thread.start()
    stop.wait()
    commits.tell()
    until = time.monotonic() + _PATIENCE
    for thread in threads:
        thread.join(max(0.0, until - time.monotonic()))
    connections.close_all()


def _go(one: Round, stop: threading.Event, commits: Commits) -> None:
    """Go one round for ever; a failing step pauses this round and no other."""
    pause = 1.0
    while not stop.is_set():
        try:
            close_old_connections()
            # Taken before the rows are looked at: what is committed meanwhile is looked at the next time.
            seen = commits.seen
            while not stop.is_set() and one.step():
                pause = 1.0
            commits.wait(seen, seconds=one.seconds)
            stop.wait(one.pace)
        except (DatabaseError, OSError) as error:
            _log.error("The round “%s” could not use the database or the disk and tries again: %s", one.name, error)
            pause = _rest(stop, pause)
        except Exception:  # noqa: BLE001  (shown in full; the other rounds must go on)
            _log.exception("The round “%s” failed and tries again.", one.name)
            pause = _rest(stop, pause)
    connections.close_all()


def _rest(stop: threading.Event, pause: float) -> float:
    stop.wait(pause)
    return min(pause * 2, _LONGEST_PAUSE)


def _alone(task: Callable[[threading.Event], None], stop: threading.Event) -> None:
    pause = 1.0
    while not stop.is_set():
        try:
            close_old_connections()
            task(stop)
        except DatabaseError as error:
            _log.error("A part of the worker could not use the database and starts again: %s", error)
            pause = _rest(stop, pause)
        except Exception:  # noqa: BLE001  (shown in full; the worker must go on)
            _log.exception("A part of the worker failed and starts again.")
            pause = _rest(stop, pause)
    connections.close_all()


def _free_leases(stop: threading.Event) -> None:
    """Take up at once what a dead worker held, where no other worker can be alive."""
    if not claims.alone():
        return
    try:
        claims.free_all()
        end_leases()
        free_letters()
        free_tellings()
        progress.end_leases()
    except DatabaseError as error:
        # The leases run out by themselves.
        _log.error("The database cannot be used yet: %s", error)
        stop.wait(1)


def _keep_door(stop: threading.Event) -> None:
    """Keep the LMTP door open; while another program has the port, ask again."""
    door = LmtpDoor(
        host=settings.POSTROOM_LMTP_HOST,
        port=settings.POSTROOM_LMTP_PORT,
        processes=settings.POSTROOM_INTAKE_PROCESSES,
    )
    try:
        port = door.open()
    except OSError as error:
        _log.error(
            "Mail cannot be taken by LMTP on %s:%s (%s). End the other program, or set POSTROOM_LMTP_PORT.",
            settings.POSTROOM_LMTP_HOST,
            settings.POSTROOM_LMTP_PORT,
            error.strerror or error,
        )
        stop.wait(10)
        return
    _log.info("Mail is taken by LMTP on %s:%s.", settings.POSTROOM_LMTP_HOST, port)
    stop.wait()
    door.close()


def _keep_watching(stop: threading.Event) -> None:
    Watchers().watch(stop)


def _keep_beating(stop: threading.Event) -> None:
    while not stop.is_set():
        beat()
        stop.wait(_BEAT_SECONDS)
