"""A stranger's mail becomes a colleague's answer, and the stranger's answer comes back: through real processes."""

import smtplib
from email.message import EmailMessage

import pytest

from postroom.channels.mail.actions.ways import send_through
from postroom.channels.mail.models import FILED, STARTTLS, IncomingMail
from postroom.channels.mail.server_settings import ServerSettings
from postroom.core.accounts.models import Mailbox, Membership, User
from postroom.core.conversations.actions.close import close
from postroom.core.conversations.actions.reply import reply
from postroom.core.conversations.models import OPEN, Conversation
from postroom.core.conversations.models.message import IN, SENT
from postroom.core.events.actor import SYSTEM
from postroom.lib import clock
from tests.channels.mail.letters import ANN, letter
from tests.servers import smtp_sink as sink_server
from tests.servers.postroom import Installation
from tests.servers.processes import answers, free_port
from tests.servers.smtp_sink import SmtpSink


@pytest.fixture
def alice(transactional_db: None) -> User:
    """Alice, on the mailbox."""
    mailbox = Mailbox.objects.create(name="Support", address="support@velo.example", from_name="Velo Nord")
    user = User.objects.create(email="alice@team.example", name="Alice")
    Membership.objects.create(mailbox=mailbox, user=user)
    return user


def _answer_of(mail: EmailMessage) -> bytes:
    """Return what Ann's mail program makes of "Reply"."""
    answer = EmailMessage()
    answer["From"], answer["To"] = ANN, mail["From"]
    answer["Subject"], answer["Message-ID"] = mail["Subject"], "<2@customers.example>"
    answer["In-Reply-To"] = mail["Message-ID"]
    answer["References"] = f"{mail['References']} {mail['Message-ID']}"
    body = mail.get_body(("plain",))
    assert body is not None
    answer.set_content("Thank you!\n\n" + "\n".join(f"> {line}" for line in body.get_content().splitlines()))
    return answer.as_bytes()


def test_the_main_job(installation: Installation, alice: User, smtp_sink: SmtpSink) -> None:
    server = ServerSettings("localhost", smtp_sink.port, STARTTLS, sink_server.USER, sink_server.PASSWORD)
    send_through(Mailbox.objects.get(), server=server, by=SYSTEM)
    port = free_port()
    worker = installation.start("worker", POSTROOM_LMTP_PORT=str(port), POSTROOM_CA_FILE=str(smtp_sink.authority))
    worker.wait_for(lambda: answers(port), what="The LMTP door")

    def ann_sends(raw: bytes, *, total: int) -> None:
        with smtplib.LMTP("127.0.0.1", port, local_hostname="mta.example") as line:
            line.sendmail("ann@customers.example", ["support@velo.example"], raw)
        worker.wait_for(lambda: IncomingMail.objects.filter(state=FILED).count() == total, what="The conversation")

    ann_sends(letter(), total=1)
    conversation = Conversation.objects.get()
    answer = reply(conversation, by=alice, html="<p>It <b>left</b> on Monday.</p>", send_after=clock.now())
    close(conversation, by=alice)
    mail = smtp_sink.wait_for(1)[0].message
    assert mail["From"].addresses[0].display_name == "Alice at Velo Nord"
    ann_sends(_answer_of(mail), total=2)
    conversation.refresh_from_db()
    assert (conversation.status, conversation.snippet) == (OPEN, "Thank you!")
    assert conversation.messages.filter(kind=IN).count() == 2
    worker.wait_for(lambda: conversation.messages.get(pk=answer.pk).delivery == SENT, what="The tick")
