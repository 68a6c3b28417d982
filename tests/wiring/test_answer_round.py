"""The whole round of an answer by mail: told by SMTP, answered by LMTP, stopped, told why, and sent in the end."""

import re
import smtplib
from collections.abc import Callable
from email.message import EmailMessage

from django.test import Client

from postroom.channels.mail import reasons
from postroom.channels.mail.actions.ways import send_through
from postroom.channels.mail.models import NO_TLS, IncomingMail
from postroom.channels.mail.server_settings import ServerSettings
from postroom.core.accounts.models import Mailbox, User
from postroom.core.conversations.actions.assign import assign
from postroom.core.conversations.actions.reply import reply
from postroom.core.conversations.models import AnswerableLetter, Draft
from postroom.core.events.actor import SYSTEM
from postroom.followers.notifications.actions.choose import Wanted, choose
from postroom.followers.notifications.models import Telling
from postroom.lib import clock
from tests.channels.mail.answering import BY_MAIL, answer
from tests.channels.mail.letters import filed, letter
from tests.servers.postroom import Installation, Running
from tests.servers.processes import answers, free_port
from tests.servers.smtp_sink import Received, SmtpSink


def test_alice_answers_by_mail_and_is_never_the_second(
    transactional_db: None,
    installation: Installation,
    mailbox: Mailbox,
    alice: User,
    bob: User,
    smtp_sink: SmtpSink,
    sign_in: Callable[[User], Client],
) -> None:
    Mailbox.objects.update(plus_address=True)
    conversation = filed(letter(), mailbox=mailbox).conversation
    assign(conversation, to=alice, by=bob)
    choose(alice, Wanted(ways=BY_MAIL))
    send_through(mailbox, server=ServerSettings("127.0.0.1", smtp_sink.open_port, NO_TLS, "", ""), by=SYSTEM)
    port = free_port()
    worker = installation.start("worker", POSTROOM_LMTP_PORT=str(port), POSTROOM_UNDO_SECONDS="1")
    worker.wait_for(lambda: answers(port), what="The LMTP door")
    asked = letter("And my bell?", message_id="<2@customers.example>", In_Reply_To="<1@customers.example>")
    _bring(port, asked, to=mailbox.address)
    worker.wait_for(Telling.objects.exists, what="That Alice is to be told")
    # Letters wait two minutes for more.
    Telling.objects.update(next_at=clock.now())
    told = _to(worker, smtp_sink, "alice@team.example", number=1)
    assert "And my bell?" in _words(told)
    reply(conversation, by=bob, html="<p>It rings.</p>", send_after=clock.now())
    _to(worker, smtp_sink, "ann@customers.example", number=1)
    # Alice did not know that.
    _bring(port, answer("It is on the bicycle.", to=told), to=_address(told))
    back = _to(worker, smtp_sink, "alice@team.example", number=2)
    assert "Bob wrote:\nIt rings." in _words(back)
    draft = Draft.objects.get(author=alice)
    # The page stops her draft as it stops any other.
    browser, sending = sign_in(alice), {"html": draft.untrusted_html, "to": "ann@customers.example"}
    sending |= {"seen": str(draft.seen_message_id), "state": draft.seen_state["state"], "draft": str(draft.pk)}
    assert f'"draft": {draft.pk}' in browser.get(f"/conversations/{conversation.pk}").content.decode().replace(
        "&#34;", '"'
    )
    assert browser.post(f"/conversations/{conversation.pk}/replies", sending).json()["kind"] == "moved"
    # By now she knows.
    _bring(port, answer("It is on the bicycle.", to=back, number=2), to=_address(back))
    to_ann = _to(worker, smtp_sink, "ann@customers.example", number=2)
    assert _words(to_ann).startswith("It is on the bicycle.\n")
    assert not re.search(r"\+a\d|Write your answer|letter\.", to_ann.as_string())
    outcomes = IncomingMail.objects.order_by("pk").values_list("reason", flat=True)
    assert list(outcomes) == ["", "", reasons.ANSWER_STOPPED, reasons.ANSWER_SENT]
    assert AnswerableLetter.objects.count() == 2
    assert worker.stop() == 0
    assert "Traceback" not in worker.output


def _bring(port: int, raw: bytes, *, to: str) -> None:
    with smtplib.LMTP("127.0.0.1", port, local_hostname="mta.example") as line:
        line.sendmail("somebody@elsewhere.example", [to], raw)


def _to(worker: Running, sink: SmtpSink, address: str, *, number: int) -> EmailMessage:
    """Return the mail of this number to an address, once it has left."""

    def found() -> list[Received]:
        return [mail for mail in sink.received if mail.recipients == (address,)]

    worker.wait_for(lambda: len(found()) >= number, what=f"Mail {number} to {address}")
    return found()[number - 1].message


def _address(mail: EmailMessage) -> str:
    return str(mail["Reply-To"]).partition("<")[2].rstrip(">")


def _words(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")
