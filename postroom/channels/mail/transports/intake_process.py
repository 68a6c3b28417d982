"""One process that takes mails in for the worker, one after the other, and the line between the two.

Not concurrent.futures: there each mail goes through two more threads of the worker, which has one interpreter, and a
process that is killed at the wrong moment leaves a caller waiting for ever.
"""

import multiprocessing
import os
import pickle
import signal
import threading
from multiprocessing.connection import Connection
from typing import Any

import django

_UP = b"up"


class ProcessGone(Exception):
    """The process has died; nobody knows what became of the mail that it had in hand."""


class IntakeProcess:
    """A process of one's own; asked by one thread at a time. OSError when none can be started."""

    def __init__(self) -> None:
        # A fork would copy locks that other threads hold.
        spawn = multiprocessing.get_context("spawn")
        self._line, theirs = spawn.Pipe()
        # A daemon, so that a worker that stops waits for nobody; what it has in hand then is as after a crash.
        self._process = spawn.Process(target=_serve, args=(theirs,), name="intake", daemon=True)
        try:
            self._process.start()
        except OSError:
            self._line.close()
            raise
        finally:
            # Its own copy is the only one then: the line ends with it.
            theirs.close()

    def come_up(self) -> None:
        """Wait until it is ready for mail; ProcessGone when it died before."""
        self._listen()

    def accept(self, raw: bytes, about: dict[str, Any]) -> str:
        """Have it take a mail in and return the mail's state; raises what `intake.accept` raises, and ProcessGone."""
        asked = pickle.dumps((raw, about), pickle.HIGHEST_PROTOCOL)
        try:
            self._line.send_bytes(asked)
        except OSError as error:
            raise ProcessGone from error
        answer = pickle.loads(self._listen())  # nosec B301  # noqa: S301  (from our own process)
        if isinstance(answer, Exception):
            raise answer
        return str(answer)

    def hang_up(self) -> None:
        """End it once it has nothing in hand."""
        self._line.close()

    def wait(self) -> None:
        """Wait for its end, so that the system forgets it."""
        self._process.join()

    def _listen(self) -> bytes:
        try:
            return self._line.recv_bytes()
        except (EOFError, OSError) as error:
            raise ProcessGone from error


def accept_here(raw: bytes, about: dict[str, Any]) -> str:
    """Take a mail in, in this process."""
    from postroom.channels.mail.intake import accept

    return accept(raw, **about).state


def _serve(line: "Connection") -> None:
    """Take in what comes along the line, to its end: with Django, and deaf to Ctrl-C, which is the worker's."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_worker, name="parent", daemon=True).start()
    django.setup()
    from postroom.channels.mail import intake  # noqa: F401  (loaded before the first mail comes)

    try:
        line.send_bytes(_UP)
        while True:
            line.send_bytes(_answer(line.recv_bytes()))
    except (EOFError, OSError):
        return


def _end_with_worker() -> None:
    worker = multiprocessing.parent_process()
    if worker:
        worker.join()
    os._exit(1)


def _answer(asked: bytes) -> bytes:
    """Take a mail in as the door's own threads do, on a connection that works; pack its state or what it raised."""
    from postroom.channels.mail.transports.threads import with_connection

    raw, about = pickle.loads(asked)  # nosec B301  # noqa: S301  (from our own worker)
    try:
        return pickle.dumps(with_connection(lambda: accept_here(raw, about)))
    except Exception as error:  # noqa: BLE001  (raised in the worker)
        try:
            return pickle.dumps(error)
        except (pickle.PicklingError, TypeError, AttributeError):
            return pickle.dumps(RuntimeError(str(error)))
