"""A mailbox whose server hangs leaves hands free for the others."""

from datetime import timedelta

from postroom.core.accounts.models import Mailbox, Membership
from postroom.core.conversations.actions.receive import receive
from postroom.core.conversations.actions.reply import reply
from postroom.core.conversations.models import Message
from postroom.core.outbox.claiming import AT_ONCE, LEASE, claim
from postroom.lib import clock
from tests.core.conftest import Desk
from tests.incoming import incoming


def test_a_busy_mailbox_waits_and_another_goes_on(desk: Desk) -> None:
    conversation = desk.conversation()
    for _time in range(AT_ONCE + 2):
        reply(conversation, by=desk.alice, html="<p>Hello</p>", send_after=clock.now())
    sales = Mailbox.objects.create(name="Sales", address="sales@velo.example")
    Membership.objects.create(mailbox=sales, user=desk.alice)
    other = receive(mailbox=sales, mail=incoming(text="Hi", rfc_id="<2@customers.example>")).conversation
    waiting = reply(other, by=desk.alice, html="<p>Hello</p>", send_after=clock.now())
    with clock.at(clock.now() + timedelta(seconds=1)):
        taken = [claim() for _time in range(AT_ONCE + 1)]
        assert [message.conversation_id for message in taken if message] == [conversation.pk] * AT_ONCE + [other.pk]
        assert taken[-1] == waiting
        assert claim() is None
    with clock.at(clock.now() + LEASE + timedelta(minutes=1)):
        assert claim(), "What dead workers held counts no more."
    assert Message.objects.filter(delivery="queued").count() == 1
