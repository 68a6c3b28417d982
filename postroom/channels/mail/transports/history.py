"""The round that counts and takes in history, a second's worth at a time, between everybody else's mail."""

import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from postroom.channels.mail.history.kinds import archive_of
from postroom.channels.mail.history.letters import Archive, Letter, NotAnArchive
from postroom.channels.mail.history.progress import count_one, finish, note
from postroom.channels.mail.history.taking import take_in
from postroom.channels.mail.intake import CannotStore
from postroom.channels.mail.models.history import ACCOUNT, COUNTING, FAILED, RUNNING, History
from postroom.channels.mail.server_settings import ServerSettings
from postroom.channels.mail.transports.imap_archive import Account
from postroom.core.accounts.queries import owners_language
from postroom.lib import clock
from postroom.lib.killpoint import killpoint
from postroom.lib.sealing import SealBroken, unseal

_LEASE = timedelta(minutes=2)
# How often the progress is written down; a crash repeats as much, and what is repeated is known.
_SECONDS = 1.0
# So long one history may keep the round before it is somebody else's turn.
_TURN = 20.0


def history_next() -> bool:
    """Go on with the history that has waited longest; False when there is none under way that nobody else is at."""
    began = time.monotonic()
    return _next(None, watch=lambda _history: time.monotonic() - began < _TURN)


def go_through(history: History, *, watch: Callable[[History], bool]) -> bool:
    """Go on with this one to its end; False when it is not under way, or somebody else is at it.

    `watch` sees it after each mail, and stops by False: what is in, is in.
    """
    return _next(history.pk, watch=watch)


def _next(only: int | None, *, watch: Callable[[History], bool]) -> bool:
    history = _claim(only)
    if history is None:
        return False
    try:
        with translation.override(owners_language()):
            _go_on(history, watch)
    finally:
        History.objects.filter(pk=history.pk, leased_until=history.leased_until).update(leased_until=None)
    return True


def _claim(only: int | None) -> History | None:
    now = clock.now()
    free = Q(leased_until__isnull=True) | Q(leased_until__lt=now)
    waiting = History.objects.filter(free, state__in=(COUNTING, RUNNING)).select_related("mailbox")
    if only is not None:
        waiting = waiting.filter(pk=only)
    history = waiting.order_by("leased_until", "pk").first()
    if history is None:
        return None
    mine = History.objects.filter(free, pk=history.pk, state=history.state)
    history.leased_until = now + _LEASE
    return history if mine.update(leased_until=history.leased_until) else None


def _go_on(history: History, watch: Callable[[History], bool]) -> None:
    try:
        letters = _archive(history).letters(after=history.place, largest=settings.POSTROOM_MAX_MAIL_BYTES)
        # Closed, so that a connection ends with the turn and not when the garbage is collected.
        with closing(letters) as reading:
            _read(history, reading, watch)
    except (NotAnArchive, SealBroken, OSError, CannotStore) as trouble:
        # A person looks at it and says go on: nothing is lost, and what is here is known.
        if note(history, lease=_LEASE):
            again = {"place": ""} if history.state == COUNTING else {}
            rows = History.objects.filter(pk=history.pk, state=history.state, leased_until=history.leased_until)
            rows.update(state=FAILED, trouble=_words(trouble)[:2000], **again)


def _words(trouble: Exception) -> str:
    """Say it to whoever brought the mail; the intake speaks to those who would send it again."""
    if isinstance(trouble, CannotStore):
        why = trouble.__cause__
        return _("A mail could not be stored (%(why)s).") % {"why": getattr(why, "strerror", None) or why or trouble}
    return str(trouble)


def _read(history: History, letters: Iterator[Letter], watch: Callable[[History], bool]) -> None:
    noted = time.monotonic()
    for letter in letters:
        started = time.monotonic()
        _take(history, letter)
        killpoint("after_old_mail")
        now = time.monotonic()
        if history.state == RUNNING:
            # The database has other work: it gets as much time as this takes.
            time.sleep(min(now - started, 0.5))
        if not watch(history):
            note(history, lease=_LEASE)
            return
        if now - noted > _SECONDS:
            if not note(history, lease=_LEASE):
                return
            noted = now
    finish(history)


def _take(history: History, letter: Letter) -> None:
    if history.state == COUNTING:
        count_one(history, letter)
    elif letter.raw is None:
        history.passed_over += 1
    elif take_in(letter, history=history):
        history.taken += 1
    else:
        history.known += 1
    history.place = letter.place


def _archive(history: History) -> Archive:
    if history.kind != ACCOUNT:
        return archive_of(history)
    password = unseal(history.sealed_password, key=settings.POSTROOM_KEY)
    server = ServerSettings(history.host, history.port, history.security, history.username, password)
    return Account(server)
