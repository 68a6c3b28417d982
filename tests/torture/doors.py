"""Those who bring mail, and never give one up before it was taken."""

import imaplib
import itertools
import smtplib
import ssl
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field

from tests.servers import dovecot as dovecot_server
from tests.servers.dovecot import Dovecot
from tests.torture.mails import Letter


@dataclass
class Tries:
    """How often a sender had to try."""

    taken: int = 0
    refused: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def count(self, *, taken: bool) -> None:
        """Count one try."""
        with self._lock:
            self.taken += taken
            self.refused += not taken


def by_lmtp(letters: Iterable[Letter], *, port: int, to: str, tries: Tries) -> None:
    """Hand each mail in until it is taken: a sender who got no 250 has to send again."""
    for one in letters:
        for attempt in itertools.count():
            try:
                with smtplib.LMTP("127.0.0.1", port, local_hostname="mta.example", timeout=20) as line:
                    line.sendmail("bounces@customers.example", [to], one.raw)
            except (smtplib.SMTPException, OSError):
                tries.count(taken=False)
                time.sleep(min(1.0, 0.05 * (attempt + 1)))
            else:
                tries.count(taken=True)
                break


def into_imap(letters: Iterable[Letter], *, server: Dovecot, user: str, tries: Tries) -> None:
    """Put each mail into the account's INBOX, as the provider's own server does."""
    left = list(letters)
    context = ssl.create_default_context(cafile=str(server.authority))
    while left:
        try:
            with imaplib.IMAP4_SSL("127.0.0.1", server.tls_port, ssl_context=context, timeout=20) as session:
                session.login(user, dovecot_server.PASSWORD)
                session.select("INBOX")
                # An APPEND whose answer was lost may have happened.
                if session.uid("SEARCH", "HEADER", "Message-ID", left[0].rfc_id)[1] != [b""]:
                    del left[0]
                while left:
                    if session.append("INBOX", "", "", left[0].raw)[0] == "OK":
                        tries.count(taken=True)
                        del left[0]
        except (OSError, imaplib.IMAP4.error):
            tries.count(taken=False)
            time.sleep(0.3)


def held(server: Dovecot, user: str) -> int:
    """Return how many mails lie in the account's INBOX."""
    with server.session(user) as session:
        return int(session.select("INBOX", readonly=True)[1][0] or 0)
