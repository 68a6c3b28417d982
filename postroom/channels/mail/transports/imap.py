"""Watch the IMAP folders: one thread each, told of new mail by IDLE, asking now and then where there is none."""

import contextlib
import logging
import threading
import time
from dataclasses import dataclass, field

from django.conf import settings
from django.db import DatabaseError, close_old_connections, connections
from django.utils import translation
from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError

from postroom.channels.mail.intake import CannotStore
from postroom.channels.mail.models import FolderCursor, Source
from postroom.channels.mail.server_settings import ServerSettings
from postroom.channels.mail.transports.imap_folder import open_folder, take_new
from postroom.channels.mail.transports.imap_line import ImapTrouble, close_line, folder_trouble, open_line, trouble
from postroom.core.accounts.queries import owners_language
from postroom.lib import clock
from postroom.lib.sealing import SealBroken, unseal

_log = logging.getLogger("postroom.mail.imap")

_SECONDS = 30
# RFC 2177 allows 29 minutes. Routers forget a silent line earlier, and a message that the server mentioned in its
# answer to another command is not mentioned again.
_IDLE_SECONDS = 120
_POLL_SECONDS = 30
# How soon a watcher notices that it should stop.
_SLICE = 1.0
_FIRST_PAUSE, _LONGEST_PAUSE = 5.0, 300.0
# How soon a mailbox that was set up just now is watched.
_LOOK_SECONDS = 2.0


class ImapWatchers:
    """Keeps one watcher for each active source, and starts it anew when its settings change."""

    def __init__(self) -> None:
        self._watchers: dict[int, ImapWatcher] = {}

    def watch(self, stop: threading.Event) -> None:
        """Keep the watchers until stopped, then end them."""
        try:
            while not stop.is_set():
                self._look()
                stop.wait(_LOOK_SECONDS)
        finally:
            for watcher in self._watchers.values():
                watcher.stop.set()
            for watcher in self._watchers.values():
                watcher.thread.join(2 * _SLICE)

    def _look(self) -> None:
        close_old_connections()
        active = {source.pk: source for source in Source.objects.filter(active=True).select_related("mailbox")}
        for key, watcher in list(self._watchers.items()):
            source = active.get(key)
            if source is None or _fingerprint(source) != watcher.fingerprint or not watcher.thread.is_alive():
                watcher.stop.set()
                del self._watchers[key]
        for key, source in active.items():
            if key not in self._watchers:
                self._watchers[key] = ImapWatcher(source)
                self._watchers[key].thread.start()


@dataclass
class ImapWatcher:
    """One folder's watcher. Whatever goes wrong is written on the source, and tried again after a pause."""

    source: Source
    stop: threading.Event = field(default_factory=threading.Event)
    pause: float = _FIRST_PAUSE

    def __post_init__(self) -> None:
        self.fingerprint = _fingerprint(self.source)
        self.thread = threading.Thread(target=self.run, name=f"imap {self.source.pk}", daemon=True)

    def run(self) -> None:
        """Watch until stopped."""
        while not self.stop.is_set():
            try:
                close_old_connections()
                # Whatever goes wrong is read by the owner.
                with translation.override(owners_language()):
                    self._session()
            except (ImapTrouble, SealBroken, CannotStore) as trouble_met:
                self._rest(str(trouble_met))
            except DatabaseError as error:
                _log.error("The folder of %s cannot be followed just now: %s", self.source, error)
                self._rest("")
            except Exception as error:  # noqa: BLE001  (shown in full; a watcher must not die of one mail)
                _log.exception("The watcher of %s failed and starts again.", self.source)
                self._rest(f"{type(error).__name__}: {error}")
        connections.close_all()

    def _session(self) -> None:
        server = ServerSettings(
            host=self.source.host,
            port=self.source.port,
            security=self.source.security,
            username=self.source.username,
            password=unseal(self.source.sealed_password, key=settings.POSTROOM_KEY),
        )
        line = open_line(server, seconds=_SECONDS)
        try:
            cursor = self._open(line, server)
            while not self.stop.is_set():
                while take_new(line, cursor):
                    pass
                self._note_success()
                self._wait(line)
        except (IMAPClientError, OSError) as error:
            raise trouble(error, server) from error
        finally:
            close_line(line)

    def _open(self, line: IMAPClient, server: ServerSettings) -> FolderCursor:
        try:
            return open_folder(line, self.source)
        except IMAPClientError as error:
            if "EOF" in str(error):
                raise
            raise folder_trouble(error, server, self.source.folder) from error

    def _wait(self, line: IMAPClient) -> None:
        """Return when there may be new mail, or when stopped."""
        if line.has_capability("IDLE"):
            self._idle(line)
        elif not self.stop.wait(_POLL_SECONDS):
            line.noop()

    def _idle(self, line: IMAPClient) -> None:
        line.idle()
        until = time.monotonic() + _IDLE_SECONDS
        while time.monotonic() < until and not self.stop.is_set():
            begun = time.monotonic()
            told = line.idle_check(timeout=_SLICE)
            # Silence before the slice is over is a closed line; idle_done will say so.
            if told or time.monotonic() - begun < _SLICE / 2:
                break
        line.idle_done()

    def _note_success(self) -> None:
        self.pause = _FIRST_PAUSE
        Source.objects.filter(pk=self.source.pk).update(last_ok_at=clock.now(), last_error="", last_error_at=None)

    def _rest(self, sentence: str) -> None:
        if sentence:
            with contextlib.suppress(DatabaseError):
                Source.objects.filter(pk=self.source.pk).update(last_error=sentence[:2000], last_error_at=clock.now())
        self.stop.wait(self.pause)
        self.pause = min(self.pause * 2, _LONGEST_PAUSE)


def _fingerprint(source: Source) -> tuple[object, ...]:
    return (source.host, source.port, source.security, source.username, source.sealed_password, source.folder)
