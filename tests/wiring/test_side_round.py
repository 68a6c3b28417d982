"""The whole round beside a conversation: passed on by SMTP and answered by LMTP, and the customer sees none of it."""

import smtplib
from collections.abc import Callable
from email.message import EmailMessage

from django.test import Client

from postroom.channels.mail.actions.ways import send_through
from postroom.channels.mail.models import NO_TLS
from postroom.channels.mail.server_settings import ServerSettings
from postroom.core.accounts.models import Mailbox, User
from postroom.core.conversations.actions.forward import Parcel, forward
from postroom.core.conversations.actions.reply import reply
from postroom.core.conversations.models import Conversation, Message
from postroom.core.conversations.models.message import SENT
from postroom.core.events.actor import SYSTEM
from postroom.followers.notifications.models import Notification
from postroom.lib import clock
from tests.channels.mail.letters import filed, letter
from tests.servers.postroom import Installation
from tests.servers.processes import answers, free_port
from tests.servers.smtp_sink import SmtpSink


def test_a_supplier_answers_beside_the_customer(
    transactional_db: None,
    installation: Installation,
    mailbox: Mailbox,
    alice: User,
    bob: User,
    smtp_sink: SmtpSink,
    sign_in: Callable[[User], Client],
) -> None:
    asked = filed(letter(files=(("photo.jpg", b"a photo"),)), mailbox=mailbox)
    Conversation.objects.filter(pk=asked.conversation_id).update(assignee=bob)
    send_through(mailbox, server=ServerSettings("127.0.0.1", smtp_sink.open_port, NO_TLS, "", ""), by=SYSTEM)
    parcel = Parcel("<p>Our price?</p>", to=["Sam <sam@supplier.example>"], send_after=clock.now())
    passed = forward(asked, parcel, by=alice)
    port = free_port()
    worker = installation.start("worker", POSTROOM_LMTP_PORT=str(port))
    worker.wait_for(lambda: answers(port), what="The LMTP door")
    sent = smtp_sink.wait_for(1)[0]
    assert sent.recipients == ("sam@supplier.example",)
    assert [part.get_filename() for part in sent.message.iter_attachments()] == ["photo.jpg"]
    worker.wait_for(lambda: Message.objects.filter(pk=passed.pk, delivery=SENT).exists(), what="What the server said")
    answer = EmailMessage()
    answer["From"], answer["To"], answer["Subject"] = (
        "Sam <sam@supplier.example>",
        mailbox.address,
        "Re: Fwd: Order 118",
    )
    answer["Message-ID"], answer["In-Reply-To"] = "<1@supplier.example>", sent.message["Message-ID"]
    answer["References"] = f"{sent.message['References']} {sent.message['Message-ID']}"
    answer.set_content("Forty euros.")
    with smtplib.LMTP("127.0.0.1", port, local_hostname="mta.example") as line:
        line.sendmail("sam@supplier.example", [mailbox.address], answer.as_bytes())
    worker.wait_for(lambda: Message.objects.filter(rfc_id="<1@supplier.example>").exists(), what="The answer")
    back = Message.objects.get(rfc_id="<1@supplier.example>")
    assert (back.conversation_id, back.side_thread_id) == (asked.conversation_id, passed.side_thread_id)
    told = Notification.objects.filter(reason="answered", conversation=asked.conversation_id)
    worker.wait_for(lambda: told.count() == 2, what="What Alice, who asked, and Bob, whose it is, are told")
    reply(asked.conversation, by=bob, html="<p>We will see to it.</p>", send_after=clock.now())
    to_ann = smtp_sink.wait_for(2)[1]
    assert to_ann.recipients == ("ann@customers.example",)
    body = to_ann.message.get_body(("plain",))
    assert body is not None
    assert "Where is my bicycle?" in body.get_content()
    for secret in ("Forty", "Our price", "supplier.example", sent.message["Message-ID"].strip("<>")):
        assert secret not in to_ann.content.decode() + body.get_content()
    page = sign_in(alice).get(f"/conversations/{asked.conversation_id}").content.decode()
    assert "Forty euros." in page
    assert page.count("message-side") == 2
    assert worker.stop() == 0
    assert "Traceback" not in worker.output
