"""A worker that can be killed at a named place, and the mail doors as others see them."""

import smtplib
from dataclasses import dataclass

import pytest

from postroom.channels.mail.models import IncomingMail
from postroom.core.accounts.models import Mailbox
from postroom.core.conversations.models import Message
from postroom.lib import clock
from tests.servers.postroom import Installation, Running
from tests.servers.processes import answers, free_port

SUPPORT = "support@velo.example"


@dataclass
class Post:
    """The installation's worker with its LMTP door, on the database of the test."""

    installation: Installation
    mailbox: Mailbox
    port: int
    ca_file: str = ""

    def start(self, *, kill_at: str = "", **more: str) -> Running:
        """Start a worker, with more settings, that dies at the named place; without one it lives."""
        settings = {"POSTROOM_LMTP_PORT": str(self.port), "POSTROOM_CA_FILE": self.ca_file, **more}
        running = self.installation.start("worker", POSTROOM_TEST_KILL_AT=kill_at, **settings)
        running.wait_for(lambda: answers(self.port) or running.process.poll() is not None, what="The LMTP door")
        return running

    def hand_in(self, raw: bytes) -> bool:
        """Hand a mail in as a mail server does; tell whether it was taken, which is when the sender forgets it."""
        try:
            with smtplib.LMTP("127.0.0.1", self.port, local_hostname="mta.example", timeout=30) as line:
                return not line.sendmail("ann@customers.example", [SUPPORT], raw)
        except (smtplib.SMTPException, OSError):
            return False

    def let_leases_run_out(self) -> None:
        """Do what time would do."""
        IncomingMail.objects.exclude(leased_until=None).update(leased_until=clock.now())
        Message.objects.exclude(leased_until=None).update(leased_until=clock.now())


@pytest.fixture
def post(installation: Installation) -> Post:
    """A mailbox and a worker for it, not started yet."""
    mailbox = Mailbox.objects.create(name="Support", address=SUPPORT)
    return Post(installation, mailbox, free_port())
