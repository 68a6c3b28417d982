"""`postroom import`: old mail from a file, a folder or an account is counted, shown and taken in."""

import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from getpass import getpass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.db import DatabaseError

from postroom.channels.mail.actions.history import (
    account_name,
    bring_account,
    bring_file,
    give_password,
    go_on,
    let_in,
    pause,
    unfinished,
)
from postroom.channels.mail.history.kinds import kind_of
from postroom.channels.mail.history.letters import NotAnArchive
from postroom.channels.mail.models import STARTTLS, TLS
from postroom.channels.mail.models.history import COUNTING, DONE, FAILED, PAUSED, READY, RUNNING, History
from postroom.channels.mail.receive import file_next
from postroom.channels.mail.recipients import find_mailbox
from postroom.channels.mail.server_settings import ServerSettings
from postroom.channels.mail.transports.history import go_through
from postroom.core.accounts.models import Mailbox
from postroom.core.audit.operator import operator
from postroom.faces.cli.say import complain, say

# sysexits.h
USAGE = 64
NO_ARCHIVE = 66
NO_SUCH_MAILBOX = 67
TRY_AGAIN = 75
# What a shell gives for Ctrl-C.
INTERRUPTED = 130

_PASSWORD = "POSTROOM_INTERNAL_PASSWORD"
_PORTS = {"imaps": 993, "imap": 143}


class _Unusable(Exception):
    """What was typed cannot be used; the sentence says why."""


def import_history(source: str, *, to: str, awake: bool, yes: bool) -> int:
    """Take old mail in and return a sysexits code; the same words again go on where they stopped."""
    try:
        mailbox = find_mailbox(to)
        if mailbox is None:
            complain(f"No mailbox has the address {to}. Nothing was taken in.")
            return NO_SUCH_MAILBOX
        scheme = urlsplit(source).scheme
        history = _account(source, mailbox) if scheme in _PORTS else _file(Path(source), mailbox)
        with _interruptible() as run:
            return run.through(history, awake=awake, yes=yes)
    except _Unusable as wrong:
        complain(str(wrong))
        return USAGE
    except NotAnArchive as wrong:
        complain(f"{wrong} Nothing was taken in.")
        return NO_ARCHIVE
    except DatabaseError as error:
        complain(f"The database cannot be used: {str(error).strip()}. What is in, is in; the same command goes on.")
        return TRY_AGAIN


def _file(path: Path, mailbox: Mailbox) -> History:
    place = path.resolve()
    kind = kind_of(place)
    return unfinished(mailbox, path=place) or bring_file(mailbox, kind=kind, path=place, name=place.name, by=operator())


def _account(source: str, mailbox: Mailbox) -> History:
    scheme, _colon, rest = source.partition("://")
    # A name there is often a whole address: the last @ is the one that divides.
    username, _at, _host = rest.rstrip("/").rpartition("@")
    try:
        parts = urlsplit(f"{scheme}://{_host}")
        host, port = parts.hostname or "", parts.port or _PORTS[scheme]
    except ValueError:
        host, port = "", 0
    if not (host and username) or ":" in username:
        raise _Unusable("An account is written imaps://USER@HOST or imaps://USER@HOST:PORT. The password is asked for.")
    security = TLS if scheme == "imaps" else STARTTLS
    server = ServerSettings(host, port, security, unquote(username), _password(host, unquote(username)))
    known = unfinished(mailbox, name=account_name(server))
    if known is None:
        return bring_account(mailbox, server=server, by=operator())
    give_password(known, server.password)
    return known


def _password(host: str, username: str) -> str:
    if given := os.environ.get(_PASSWORD):
        return given
    if not sys.stdin.isatty():
        raise _Unusable(f"There is nobody to ask for the password. Put it into {_PASSWORD}.")
    return getpass(f"Password of {username} at {host}: ")


@contextmanager
def _interruptible() -> Iterator["_Run"]:
    """Let Ctrl-C and SIGTERM end it between two mails."""
    run = _Run()
    before = {one: signal.signal(one, run.stop) for one in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield run
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


class _Run:
    """One run of the command over one history; a worker that has it already is watched instead."""

    def __init__(self) -> None:
        self.stopped = False
        self._said = 0.0

    def stop(self, *_signal: object) -> None:
        """End after this mail; asked twice, at once."""
        if self.stopped:
            raise KeyboardInterrupt
        self.stopped = True

    def through(self, history: History, *, awake: bool, yes: bool) -> int:
        """Count, show, ask, take in."""
        if history.state in (PAUSED, FAILED):
            go_on(history, by=operator())
        if not self._while_in(history, COUNTING):
            return self._ended(history)
        if history.state == READY:
            _show(history)
            if not (yes or _agreed(history, awake=awake)):
                say("Nothing was taken in. The same command shows it again.")
                return 0
            let_in(history, awake=awake, by=operator())
        self._while_in(history, RUNNING)
        return self._ended(history)

    def _while_in(self, history: History, state: str) -> bool:
        """Go on until the history is in another state; False when it was stopped or failed."""
        history.refresh_from_db()
        while history.state == state and not self.stopped:
            if not go_through(history, watch=self._watch):
                # A worker is at it: then it is watched.
                time.sleep(0.5)
            history.refresh_from_db()
            self._watch(history)
        if sys.stderr.isatty():
            complain("")
        return history.state not in (state, FAILED)

    def _watch(self, history: History) -> bool:
        if sys.stderr.isatty() and time.monotonic() - self._said > 0.2:
            self._said = time.monotonic()
            print(f"\r{_progress(history)}\033[K", end="", file=sys.stderr, flush=True)
        return not self.stopped

    def _ended(self, history: History) -> int:
        if self.stopped and history.state != DONE:
            pause(history, by=operator())
            say(f"Stopped. {_progress(history)} What is in, is in; the same command goes on.")
            return INTERRUPTED
        if history.state != DONE:
            complain(f"{history.trouble or 'Somebody has stopped it.'} What is in, is in; the same command goes on.")
            return TRY_AGAIN
        # Those whose bytes were here before are filed by the worker; here may be none.
        while file_next():
            pass
        say(_progress(history))
        return 0


def _show(history: History) -> None:
    span = (
        f", {history.first_at:%Y-%m-%d} to {history.last_at:%Y-%m-%d}" if history.first_at and history.last_at else ""
    )
    say(f"{history.name}: {history.found:,} mails{span}.")
    for sample in history.samples:
        say(f"  {sample['from']}: {sample['subject']}")


def _agreed(history: History, *, awake: bool) -> bool:
    manner = "as if they came today" if awake else "quietly"
    try:
        answer = input(f"Take them into {history.mailbox.address}, {manner}? [y/N] ")
    except EOFError:
        say()
        return False
    return answer.strip().lower() in ("y", "yes")


def _progress(history: History) -> str:
    if history.state == COUNTING:
        return f"Counting: {history.found:,}."
    done = history.taken + history.known + history.passed_over
    return (
        f"{done:,} of {history.found:,}: {history.taken:,} taken in, {history.known:,} known already, "
        f"{history.passed_over:,} passed over."
    )
