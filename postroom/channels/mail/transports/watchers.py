"""Keep one watcher for each mail account that is fetched from."""

import threading

from django.db import close_old_connections

from postroom.channels.mail.models import POP, Source
from postroom.channels.mail.transports.imap import ImapWatcher
from postroom.channels.mail.transports.pop import PopWatcher
from postroom.channels.mail.transports.watcher import Watcher, fingerprint

# How soon a mailbox that was set up just now is watched.
_LOOK_SECONDS = 2.0
# How long a watcher may take to notice that it should stop.
_PATIENCE = 2.0


class Watchers:
    """A watcher for each active source, started anew when its settings change."""

    def __init__(self) -> None:
        self._watchers: dict[int, Watcher] = {}

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
                watcher.thread.join(_PATIENCE)

    def _look(self) -> None:
        close_old_connections()
        active = {source.pk: source for source in Source.objects.filter(active=True).select_related("mailbox")}
        for key, watcher in list(self._watchers.items()):
            source = active.get(key)
            if source is None or fingerprint(source) != watcher.fingerprint or not watcher.thread.is_alive():
                watcher.stop.set()
                del self._watchers[key]
        for key, source in active.items():
            if key not in self._watchers:
                self._watchers[key] = PopWatcher(source) if source.kind == POP else ImapWatcher(source)
                self._watchers[key].thread.start()
