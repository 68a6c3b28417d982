"""A worker is killed while it sends a letter of Postroom's own: it leaves, at worst twice as the same mail."""

import pytest

from postroom.channels.mail.actions.ways import send_through
from postroom.channels.mail.models import STARTTLS
from postroom.channels.mail.server_settings import ServerSettings
from postroom.core.accounts.actions.letters import post_letter
from postroom.core.accounts.models import LETTER_SENT, Letter
from postroom.core.events.actor import SYSTEM
from tests.kill.conftest import Post
from tests.servers import smtp_sink as sink_server
from tests.servers.smtp_sink import SmtpSink

SIGKILLED = -9


@pytest.mark.parametrize(("kill_at", "times"), [("before_letter_data", 1), ("after_letter_data", 2)])
def test_a_letter_is_never_lost(post: Post, smtp_sink: SmtpSink, kill_at: str, times: int) -> None:
    server = ServerSettings("localhost", smtp_sink.port, STARTTLS, sink_server.USER, sink_server.PASSWORD)
    send_through(post.mailbox, server=server, by=SYSTEM)
    post.ca_file = str(smtp_sink.authority)
    post_letter(to="dora@team.example", name="Dora", subject="Come in", text="A link.\n")
    assert post.start(kill_at=kill_at).wait() == SIGKILLED
    assert Letter.objects.get().text == "A link.\n"
    Letter.objects.update(leased_until=None)
    post.start().wait_for(lambda: Letter.objects.get().state == LETTER_SENT, what="The letter")
    assert len(smtp_sink.received) == times
    assert len({mail.message["Message-ID"] for mail in smtp_sink.received}) == 1
