"""Watch the folders of an IMAP account over one line: told of mail by IDLE, asking now and then where there is none."""

import math
import time
from dataclasses import dataclass

from imapclient.exceptions import IMAPClientError

from postroom.channels.mail.actions.wishes import is_wished, wish_what_was_read
from postroom.channels.mail.models import ARRIVING, SENT
from postroom.channels.mail.server_settings import ServerSettings
from postroom.channels.mail.transports.imap_folder import open_folder
from postroom.channels.mail.transports.imap_folders import find
from postroom.channels.mail.transports.imap_line import ImapTrouble, close_line, folder_trouble, open_line, trouble
from postroom.channels.mail.transports.imap_wire import IdleRefused, Line, Nonsense, is_lost, sense
from postroom.channels.mail.transports.imap_wishes import carry_out
from postroom.channels.mail.transports.watcher import Watcher

_SECONDS = 30
# RFC 2177 allows 29 minutes. Routers forget a silent line earlier.
_IDLE_SECONDS = 120.0
# Where there is no IDLE, and for the folders that are not the first.
_POLL_SECONDS = 30.0
_OTHERS_SECONDS = 60.0
# How long another folder may keep the first one waiting.
_TURN_SECONDS = 20.0
# How soon a watcher notices that it should stop, and that something is wished for.
_SLICE = 1.0
_WISHES_SECONDS = 5.0
# How long a server that calls for nothing is left to wait.
_VAIN_SECONDS, _LONGEST_VAIN_SECONDS = 0.1, 5.0


@dataclass
class ImapWatcher(Watcher):
    """One account's watcher, on one line, since servers allow few. The first folder is the one that is listened to."""

    patience: float = _SECONDS
    poll: float = _POLL_SECONDS
    others: float = _OTHERS_SECONDS

    def session(self) -> None:
        server = self.server()
        line = open_line(server, seconds=self.patience)
        self._vain = 0
        self._others_at, self._wishes_at, self._complaint = 0.0, 0.0, ""
        try:
            with sense():
                self._idles = line.has_capability("IDLE")
                sent = self._sent(line)
            while not self.stop.is_set():
                self._look_round(line, server, sent=sent)
                self.note_success(self._complaint)
                self._wait(line)
        except (IMAPClientError, OSError) as error:
            raise trouble(error, server) from error
        finally:
            close_line(line)

    def _sent(self, line: Line) -> str:
        """Return the folder of what is sent; nothing when it is not wanted or not there."""
        if not self.source.reads_sent:
            return ""
        return self.source.sent_folder or find(line, SENT) or ""

    def _look_round(self, line: Line, server: ServerSettings, *, sent: str) -> None:
        """Take in what is new everywhere, do what is wished for, and leave the first folder selected."""
        self._take(line, server, self.source.folder)
        elsewhere = time.monotonic() >= self._others_at
        if elsewhere:
            self._take_others(line, server, sent=sent)
            wish_what_was_read(self.source)
        if carry_out(line, self.source) or (elsewhere and self._others_at < math.inf):
            self._take(line, server, self.source.folder)

    def _take_others(self, line: Line, server: ServerSettings, *, sent: str) -> None:
        folders = {**dict.fromkeys(self.source.more_folders, ARRIVING), **({sent: SENT} if sent else {})}
        folders.pop(self.source.folder, None)
        self._others_at = time.monotonic() + self.others if folders else math.inf
        self._complaint = ""
        for folder, role in folders.items():
            try:
                done = self._take(line, server, folder, role=role, seconds=_TURN_SECONDS)
            except ImapTrouble as met:
                # A folder that somebody took away keeps the others from nothing.
                self._complaint = str(met)
                continue
            if not done:
                self._others_at = 0.0

    def _take(
        self, line: Line, server: ServerSettings, folder: str, *, role: str = ARRIVING, seconds: float = math.inf
    ) -> bool:
        """Take in what is new in a folder; tell whether that was all of it."""
        until = time.monotonic() + seconds
        try:
            opened = open_folder(line, self.source, folder=folder, role=role)
        except IMAPClientError as error:
            if is_lost(error) or isinstance(error, Nonsense):
                raise
            raise folder_trouble(error, server, folder) from error
        while opened.take_some():
            self._vain = 0
            if self.stop.is_set() or time.monotonic() > until:
                return False
            self.note_success(self._complaint)
        return True

    def _wait(self, line: Line) -> None:
        """Return when there may be new mail or something to do, or when stopped."""
        # Told of something again and again, and there is nothing to take: flags, or a server that is out of its mind.
        self._vain += 1
        self.stop.wait(min(_VAIN_SECONDS * self._vain, _LONGEST_VAIN_SECONDS) if self._vain > 1 else 0.0)
        if line.heard_of_mail():
            return
        with sense():
            try:
                if self._idles:
                    self._idle(line, min(time.monotonic() + _IDLE_SECONDS, self._others_at))
                    return
            except IdleRefused:
                self._idles = False
            until = min(time.monotonic() + self.poll, self._others_at)
            while not self._has_to_go(until):
                self.stop.wait(min(_SLICE, max(0.0, until - time.monotonic())))
            line.noop()

    def _idle(self, line: Line, until: float) -> None:
        line.idle()
        while not line.heard_of_mail() and not self._has_to_go(until):
            begun = time.monotonic()
            told = line.idle_check(timeout=_SLICE)
            # Silence before the slice is over is a closed line; idle_done will say so.
            if told or time.monotonic() - begun < _SLICE / 2:
                break
            self._vain = 0
        line.idle_done()

    def _has_to_go(self, until: float) -> bool:
        now = time.monotonic()
        if self.stop.is_set() or now >= until:
            return True
        if now < self._wishes_at:
            return False
        self._wishes_at = now + _WISHES_SECONDS
        return is_wished(self.source)
