"""The whole round: a reply leaves, the report on it comes back by LMTP, and the page says who did not get it."""

import smtplib
from collections.abc import Callable

from django.test import Client

from postroom.channels.mail.actions.ways import send_through
from postroom.channels.mail.models import NO_TLS
from postroom.channels.mail.server_settings import ServerSettings
from postroom.core.accounts.models import Mailbox, User
from postroom.core.conversations.actions.close import close
from postroom.core.conversations.actions.reply import reply
from postroom.core.conversations.models import OPEN, Conversation, Delivery
from postroom.core.conversations.models.delivery import BOUNCED, TAKEN
from postroom.core.events.actor import SYSTEM
from postroom.lib import clock
from tests.channels.mail.letters import filed, letter
from tests.channels.mail.machines import group, report
from tests.servers.postroom import Installation
from tests.servers.processes import answers, free_port
from tests.servers.smtp_sink import SmtpSink


def test_a_bounce_comes_back_to_its_reply_and_recipient(
    transactional_db: None,
    installation: Installation,
    mailbox: Mailbox,
    alice: User,
    smtp_sink: SmtpSink,
    sign_in: Callable[[User], Client],
) -> None:
    conversation = filed(letter(), mailbox=mailbox).conversation
    send_through(mailbox, server=ServerSettings("127.0.0.1", smtp_sink.open_port, NO_TLS, "", ""), by=SYSTEM)
    answer = reply(
        conversation,
        by=alice,
        html="<p>It left on Monday.</p>",
        to=["ann@customers.example"],
        cc=["tom@customers.example"],
        send_after=clock.now(),
    )
    close(conversation, by=alice)
    port = free_port()
    worker = installation.start("worker", POSTROOM_LMTP_PORT=str(port))
    worker.wait_for(lambda: answers(port), what="The LMTP door")
    carried = smtp_sink.wait_for(1)[0].content
    worker.wait_for(lambda: Delivery.objects.filter(state=TAKEN).count() == 2, what="What the server said")
    headers = carried.replace(b"\r\n", b"\n").partition(b"\n\n")[0].replace(b"\n", b"\r\n")
    failed = group("tom@customers.example", said="550 5.1.1 <tom@customers.example>: User unknown")
    with smtplib.LMTP("127.0.0.1", port, local_hostname="mta.example") as line:
        line.sendmail("", [mailbox.address], report(failed, returned=headers + b"\r\n"))
    worker.wait_for(lambda: Delivery.objects.filter(state=BOUNCED).exists(), what="The report")
    assert dict(answer.deliveries.values_list("email", "state")) == {
        "ann@customers.example": TAKEN,
        "tom@customers.example": BOUNCED,
    }
    assert Conversation.objects.get(pk=conversation.pk).status == OPEN
    page = sign_in(alice).get(f"/conversations/{conversation.pk}").content.decode()
    assert "This address does not exist." in page
    assert "550 5.1.1 &lt;tom@customers.example&gt;: User unknown" in page
    assert "The mail server took it." in page
    assert worker.stop() == 0
    assert "Traceback" not in worker.output
