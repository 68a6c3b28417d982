"""A thread that looks after one mail account, and goes on whatever happens there."""

import contextlib
import logging
import random
import threading
from dataclasses import dataclass, field

from django.db import DatabaseError, close_old_connections, connections
from django.utils import translation

from postroom.channels.mail.intake import CannotStore
from postroom.channels.mail.models import Source
from postroom.channels.mail.server_settings import ServerSettings
from postroom.channels.mail.transports.access_tokens import forget_access_token, server_of
from postroom.channels.mail.transports.failures import ServerTrouble
from postroom.channels.mail.transports.oauth import SignInTrouble
from postroom.core.accounts.queries import owners_language
from postroom.lib import clock
from postroom.lib.sealing import SealBroken

_log = logging.getLogger("postroom.mail.fetching")

_FIRST_PAUSE, _LONGEST_PAUSE = 5.0, 300.0
# A refused password is mended by a person; asked too often, some providers lock the account.
_REFUSED_PAUSE, _LONGEST_REFUSED_PAUSE = 60.0, 1800.0


@dataclass
class Watcher:
    """One account's watcher. Whatever goes wrong is written on the source, and tried again after a pause."""

    source: Source
    stop: threading.Event = field(default_factory=threading.Event)
    pause: float = _FIRST_PAUSE
    refused_before: bool = False

    def __post_init__(self) -> None:
        self.fingerprint = fingerprint(self.source)
        self.thread = threading.Thread(target=self.run, name=f"{self.source.kind} {self.source.pk}", daemon=True)

    def run(self) -> None:
        """Watch until stopped."""
        while not self.stop.is_set():
            try:
                close_old_connections()
                # Whatever goes wrong is read by the owner.
                with translation.override(owners_language()):
                    self.session()
            except ServerTrouble as trouble:
                if trouble.refused and self.source.grant:
                    # A token may be taken back before its time: the next one shows whether the leave was.
                    forget_access_token(self.source.grant)
                self._rest(str(trouble), refused=trouble.refused)
            except (SealBroken, SignInTrouble, CannotStore) as trouble:
                self._rest(str(trouble))
            except DatabaseError as error:
                _log.error("%s cannot be followed just now: %s", self.source, error)
                self._rest("")
            except Exception as error:  # noqa: BLE001  (shown in full; a watcher must not die of one mail)
                _log.exception("The watcher of %s failed and starts again.", self.source)
                self._rest(f"{type(error).__name__}: {error}")
        connections.close_all()

    def session(self) -> None:
        """Sign in and take in what is there, until stopped or until the line breaks."""
        raise NotImplementedError

    def server(self) -> ServerSettings:
        """Return where and how to sign in; SealBroken or SignInTrouble with a sentence when that cannot be said."""
        return server_of(self.source)

    def note_success(self, complaint: str = "") -> None:
        """Write that all is well, or all but for a folder of which `complaint` speaks."""
        self.pause, self.refused_before = min(self.pause, _FIRST_PAUSE), False
        now = clock.now()
        trouble: dict[str, object] = {"last_error": complaint, "last_error_at": now if complaint else None}
        Source.objects.filter(pk=self.source.pk).update(last_ok_at=now, **trouble)

    def _rest(self, sentence: str, *, refused: bool = False) -> None:
        if sentence:
            with contextlib.suppress(DatabaseError):
                Source.objects.filter(pk=self.source.pk).update(last_error=sentence[:2000], last_error_at=clock.now())
        # Some servers refuse everybody for a moment while they start.
        if refused and self.refused_before:
            self.pause = max(self.pause, _REFUSED_PAUSE)
        self.refused_before = refused
        # A server that comes back is not asked by all its clients in the same second.
        self.stop.wait(self.pause * random.uniform(0.75, 1.25))  # noqa: S311  (no secret)
        self.pause = min(self.pause * 2, _LONGEST_REFUSED_PAUSE if refused else _LONGEST_PAUSE)


def fingerprint(source: Source) -> tuple[object, ...]:
    """Return what makes a running watcher out of date when it changes."""
    return (
        *(source.kind, source.host, source.port, source.security, source.username, source.sealed_password),
        *(source.grant_id, source.folder, tuple(source.more_folders), source.reads_sent, source.sent_folder),
        *(source.marks_seen, source.archive_folder, source.junk_folder, source.keep_days),
    )
