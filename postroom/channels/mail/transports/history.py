"""The round that counts and takes in history, a second's worth at a time, between everybody else's mail."""

import time
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import translation

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

_LEASE = timedelta(minutes=5)
# How often the progress is written down; a crash repeats as much, and what is repeated is known.
_SECONDS = 1.0
# So long one history may keep the round before it is somebody else's turn.
_TURN = 20.0


def history_next() -> bool:
    """Go on with the history that has waited longest; False when there is none under way."""
    history = _claim()
    if history is None:
        return False
    try:
        with translation.override(owners_language()):
            _go_on(history)
    finally:
        History.objects.filter(pk=history.pk).update(leased_until=None)
    return True


def _claim() -> History | None:
    free = Q(leased_until__isnull=True) | Q(leased_until__lt=clock.now())
    waiting = History.objects.filter(free, state__in=(COUNTING, RUNNING)).select_related("mailbox")
    history = waiting.order_by("leased_until", "pk").first()
    if history is None:
        return None
    mine = History.objects.filter(free, pk=history.pk, state=history.state)
    return history if mine.update(leased_until=clock.now() + _LEASE) else None


def _go_on(history: History) -> None:
    try:
        letters = _archive(history).letters(after=history.place, largest=settings.POSTROOM_MAX_MAIL_BYTES)
        # Closed, so that a connection ends with the turn and not when the garbage is collected.
        with closing(letters) as reading:
            _read(history, reading)
    except (NotAnArchive, SealBroken, OSError, CannotStore) as trouble:
        # A person looks at it and says go on: nothing is lost, and what is here is known.
        note(history, lease=_LEASE)
        again = {"place": ""} if history.state == COUNTING else {}
        rows = History.objects.filter(pk=history.pk, state=history.state)
        rows.update(state=FAILED, trouble=str(trouble)[:2000], **again)


def _read(history: History, letters: Iterator[Letter]) -> None:
    began = noted = time.monotonic()
    for letter in letters:
        started = time.monotonic()
        if history.state == COUNTING:
            count_one(history, letter)
        elif letter.raw is None:
            history.passed_over += 1
        elif take_in(letter, history=history):
            history.taken += 1
        else:
            history.known += 1
        history.place = letter.place
        killpoint("after_old_mail")
        now = time.monotonic()
        if history.state == RUNNING:
            # The database has other work: it gets as much time as this takes.
            time.sleep(min(now - started, 0.5))
        if now - noted > _SECONDS:
            if not note(history, lease=_LEASE):
                return
            noted = now
        if now - began > _TURN:
            note(history, lease=_LEASE)
            return
    finish(history)


def _archive(history: History) -> Archive:
    if history.kind != ACCOUNT:
        return archive_of(history)
    password = unseal(history.sealed_password, key=settings.POSTROOM_KEY)
    server = ServerSettings(history.host, history.port, history.security, history.username, password)
    return Account(server)
