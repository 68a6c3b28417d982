"""A mailbox that fetches from an account, and what a test waits for."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from postroom.channels.mail.actions.ways import fetch_from
from postroom.channels.mail.models import NO_TLS, FetchTrouble, IncomingMail, Source
from postroom.channels.mail.server_settings import ServerSettings
from postroom.channels.mail.transports.imap import ImapWatcher
from postroom.channels.mail.transports.watcher import Watcher
from postroom.core.accounts.models import Mailbox
from postroom.core.events.actor import SYSTEM
from postroom.core.storage import blobs
from tests.servers.bad_imap import BadImap


def until(done: Callable[[], object]) -> None:
    """Wait for something to become true."""
    deadline = time.monotonic() + 60
    while not done():
        assert time.monotonic() < deadline, (
            list(IncomingMail.objects.values_list("uid", "state")),
            list(FetchTrouble.objects.values_list("uid", "tries", "words")),
            list(Source.objects.values_list("last_error", flat=True)),
        )
        time.sleep(0.02)


@contextmanager
def watched(watcher: Watcher) -> Iterator[Watcher]:
    """Let a watcher watch until the end of the block."""
    watcher.thread.start()
    try:
        yield watcher
    finally:
        watcher.stop.set()
        watcher.thread.join(30)
        assert not watcher.thread.is_alive()


def source_at(server: BadImap, *, import_existing: bool = True, security: str = NO_TLS) -> Source:
    """Let a new mailbox fetch from there."""
    mailbox = Mailbox.objects.create(name="Support", address="support@velo.example")
    host = "127.0.0.1" if security == NO_TLS else "localhost"
    where = ServerSettings(host, server.port, security, "ann", "secret-word")
    return fetch_from(mailbox, server=where, import_existing=import_existing, by=SYSTEM)


def imap_watcher(source: Source) -> ImapWatcher:
    """A watcher that waits for nothing longer than a test likes to."""
    return ImapWatcher(source, pause=0.1, patience=1.0, poll=0.2, others=0.3)


def bodies() -> list[bytes]:
    """What has been taken in, in its order."""
    return [blobs().get(mail.digest) for mail in IncomingMail.objects.order_by("pk")]
