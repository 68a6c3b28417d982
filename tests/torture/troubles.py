"""The troubles of a storm, and the mailbox that they hit."""

import random
import signal
import sqlite3
import time
from collections.abc import Callable

from django.conf import settings

from postroom.channels.mail.actions.ways import fetch_from, send_through
from postroom.channels.mail.models import TLS
from postroom.channels.mail.server_settings import ServerSettings
from postroom.core.accounts.models import Mailbox
from postroom.core.events.actor import SYSTEM
from tests.servers import dovecot as dovecot_server
from tests.servers import smtp_sink as sink_server
from tests.servers.dovecot import Dovecot
from tests.servers.postgres import Cluster
from tests.torture.weather import troubled
from tests.torture.wire import Wire

Trouble = Callable[[random.Random], None]


def connect(mailbox: Mailbox, *, smtp_port: int, imap_port: int, user: str) -> None:
    """Give the mailbox its two ways, over the wires that break."""
    imap = ServerSettings("localhost", imap_port, TLS, user, dovecot_server.PASSWORD)
    fetch_from(mailbox, server=imap, import_existing=True, by=SYSTEM)
    smtp = ServerSettings("localhost", smtp_port, TLS, sink_server.USER, sink_server.PASSWORD)
    send_through(mailbox, server=smtp, by=SYSTEM)


def around(smtp: Wire, imap: Wire, dovecot: Dovecot, cluster: Cluster | None) -> dict[str, Trouble]:
    """Return every trouble by its name."""
    return {
        "the SMTP server away": troubled(smtp),
        "the IMAP server away": troubled(imap),
        "the IMAP server killed": lambda chance: _kill(dovecot, chance),
        **({"the database restarted": _restarting(cluster)} if cluster else {"the database locked": _lock}),
    }


def _kill(dovecot: Dovecot, chance: random.Random) -> None:
    dovecot.kill()
    time.sleep(chance.uniform(0.2, 2.0))
    dovecot.restart()


def _restarting(cluster: Cluster) -> Trouble:
    def restart(chance: random.Random) -> None:
        cluster.restart(sign=chance.choice((signal.SIGINT, signal.SIGQUIT)))

    return restart


def _lock(chance: random.Random) -> None:
    """Hold SQLite's write lock, as a backup or a long report might."""
    name = settings.DATABASES["default"]["NAME"]
    line = sqlite3.connect(name, timeout=10, isolation_level=None)
    try:
        line.execute("BEGIN IMMEDIATE")
        time.sleep(chance.uniform(0.5, 7.0))
        line.execute("ROLLBACK")
    except sqlite3.OperationalError:
        # Busier than us.
        pass
    finally:
        line.close()
