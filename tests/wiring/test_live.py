"""The event stream over real HTTP, from server processes of their own, on both engines."""

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest
from django.conf import settings
from django.test import Client

from postroom.core.accounts.actions.sessions import end_sessions
from postroom.core.accounts.models import Mailbox, SecurityPolicy, User
from postroom.core.conversations.actions.close import close, reopen
from postroom.core.conversations.actions.receive import IncomingMessage, receive
from postroom.core.conversations.models import Conversation, Presence
from postroom.core.events import log
from postroom.lib import clock
from tests.people import ANN
from tests.servers import processes
from tests.servers.event_stream import EventStream
from tests.servers.postroom import Installation, Running


@pytest.fixture
def conversation(mailbox: Mailbox) -> Conversation:
    """Ann has written."""
    mail = IncomingMessage(sender=ANN, subject="My bell", text="It does not ring.")
    return receive(mailbox=mailbox, mail=mail).conversation


@pytest.fixture
def browser_of() -> Callable[[Running, User], EventStream]:
    """A stream not yet opened, with a session of its own."""

    def made(running: Running, user: User) -> EventStream:
        client = Client()
        client.force_login(user)
        return EventStream(running.url, session_key=client.cookies[settings.SESSION_COOKIE_NAME].value)

    return made


def serve(installation: Installation, command: str = "live", *, port: int = 0) -> Running:
    port = port or processes.free_port()
    running = installation.start(command, "--port", str(port), POSTROOM_INTERNAL_HEARTBEAT="0.5")
    running.url = f"http://127.0.0.1:{port}"
    processes.wait_until(lambda: processes.answers(port), process=running.process, log=running.log)
    return running


Browser = Callable[[Running, User], EventStream]
CSRF = f"{settings.CSRF_COOKIE_NAME}={'c' * 32}"


@pytest.mark.parametrize("command", ["web", "live"])
def test_everybody_who_may_see_it_is_told_and_nobody_else(
    installation: Installation,
    conversation: Conversation,
    alice: User,
    bob: User,
    charlie: User,
    browser_of: Browser,
    command: str,
) -> None:
    running = serve(installation, command)
    streams = {user.name: browser_of(running, user).open() for user in (alice, bob, charlie)}
    close(conversation, by=alice)
    for name in ("Alice", "Bob"):
        streams[name].wait_for(streams[name].hints)
        (told,) = streams[name].hints()
        assert told.data == {
            "kind": "conversation.closed",
            "conversation": conversation.pk,
            "mailbox": conversation.mailbox_id,
            "message": None,
            "actor": alice.pk,
        }
        assert told.id == str(log.end())
    assert [frame.name for frame in streams["Charlie"].frames] == ["hello"]
    for stream in streams.values():
        stream.close()


def test_a_browser_that_was_away_is_told_all_it_missed_across_a_restart(
    installation: Installation, conversation: Conversation, alice: User, browser_of: Browser
) -> None:
    running = serve(installation)
    stream = browser_of(running, alice).open()
    close(conversation, by=alice)
    stream.wait_for(stream.hints)
    assert running.stop() == 0
    stream.wait_for(stream.ended.is_set)
    for _ in range(20):
        reopen(conversation, by=alice)
        close(conversation, by=alice)
    stream.url = serve(installation).url
    stream.open()
    stream.wait_for(lambda: len(stream.hints()) == 41)
    reopen(conversation, by=alice)
    stream.wait_for(lambda: len(stream.hints()) == 42)
    ids = [frame.id for frame in stream.hints()]
    assert ids == sorted(set(ids), key=lambda text: tuple(map(int, text.split("-"))))
    stream.close()


def test_nothing_is_lost_between_a_server_that_is_killed_and_the_next(
    installation: Installation, conversation: Conversation, alice: User, browser_of: Browser
) -> None:
    running = serve(installation)
    stream = browser_of(running, alice).open()
    for round_number in range(30):
        close(conversation, by=alice)
        reopen(conversation, by=alice)
        if round_number == 10:
            running.kill()
    stream.url = serve(installation).url
    stream.open()
    stream.wait_for(lambda: len({frame.id for frame in stream.hints()}) == 60)
    stream.close()


def test_a_place_far_back_or_of_another_log_means_load_the_page_again(
    installation: Installation, conversation: Conversation, alice: User, browser_of: Browser
) -> None:
    running = serve(installation)
    stream = browser_of(running, alice)
    stream.last = "999999999-999999999"
    stream.open()
    stream.wait_for(lambda: [frame.name for frame in stream.frames] == ["hello", "reload"])
    assert stream.last == str(log.end())
    stream.close()


def test_what_happens_where_one_cannot_look_does_not_hold_back_ones_place(
    installation: Installation, conversation: Conversation, alice: User, charlie: User, browser_of: Browser
) -> None:
    running = serve(installation)
    stream = browser_of(running, charlie)
    stream.last = str(log.end())
    close(conversation, by=alice)
    stream.open()
    stream.wait_for(lambda: stream.last == str(log.end()))
    assert stream.hints() == []
    stream.close()


def test_nobody_is_told_anything_without_a_session(
    installation: Installation, conversation: Conversation, alice: User, browser_of: Browser
) -> None:
    running = serve(installation)
    stream = browser_of(running, alice)
    for key in ("", "x", "../../etc/passwd", "\xff" * 40, "0" * 4000):
        stranger = EventStream(running.url, session_key=key).open()
        assert stranger.status == 401
    stream.open()
    assert stream.status == 200
    stream.close()


@pytest.mark.parametrize("way", ["sign-out", "deactivate", "ended", "network"])
def test_whoever_may_not_come_in_any_more_is_cut_off(
    installation: Installation, conversation: Conversation, alice: User, bob: User, browser_of: Browser, way: str
) -> None:
    running = serve(installation)
    stream, other = browser_of(running, alice).open(), browser_of(running, bob)
    other.forwarded_for = "203.0.113.7"
    other.open()
    if way == "sign-out":
        client = Client()
        client.cookies[settings.SESSION_COOKIE_NAME] = stream.session_key
        client.logout()
    elif way == "ended":
        end_sessions(alice, by=bob)
    elif way == "network":
        # Bob comes through a proxy, from a network that is allowed.
        SecurityPolicy.objects.create(pk=1, allow_list=["203.0.113.0/24"])
    else:
        User.objects.filter(pk=alice.pk).update(is_active=False)
        # At once, not only when the connection is cut.
        close(conversation, by=bob)
        other.wait_for(other.hints)
        assert stream.hints() == []
    stream.wait_for(stream.ended.is_set)
    assert stream.frames[-1].name == "signed_out"
    assert stream.open().status == 401
    assert not other.ended.is_set()
    other.close()


def test_open_streams_do_not_hold_up_the_end(
    installation: Installation, alice: User, conversation: Conversation, browser_of: Browser
) -> None:
    running = serve(installation, "web")
    streams = [browser_of(running, alice).open() for _ in range(20)]
    running.process.terminate()
    assert running.wait() == 0
    for stream in streams:
        stream.wait_for(stream.ended.is_set)
    assert "Traceback" not in running.output
    assert "ERROR" not in running.output


def test_a_burst_arrives_whole_and_once(
    installation: Installation, conversation: Conversation, alice: User, browser_of: Browser
) -> None:
    running = serve(installation)
    stream = browser_of(running, alice).open()
    for _ in range(300):
        close(conversation, by=alice)
        reopen(conversation, by=alice)
    stream.wait_for(lambda: stream.last == str(log.end()))
    assert len(stream.hints()) == 600
    stream.close()


def test_who_comes_writes_and_goes_is_told_by_every_process_to_whoever_sees_it(
    installation: Installation,
    conversation: Conversation,
    alice: User,
    bob: User,
    charlie: User,
    browser_of: Browser,
) -> None:
    # Alice's page is served by one process, and Bob and Charlie listen at another.
    pages, elsewhere = serve(installation, "web"), serve(installation)
    hers = browser_of(pages, alice)
    his, theirs = browser_of(elsewhere, bob).open(), browser_of(elsewhere, charlie).open()

    def says(state: str) -> None:
        body = urlencode({"tab": "a" * 16, "state": state}).encode()
        address = f"{pages.url}/conversations/{conversation.pk}/presence"
        request = Request(address, body, {"Cookie": f"{settings.SESSION_COOKIE_NAME}={hers.session_key}; {CSRF}"})
        request.add_header("X-CSRFToken", "c" * 32)
        assert urlopen(request, timeout=10).status == 204

    def heard(stream: EventStream) -> list[object]:
        frames = [frame.data["here"] for frame in stream.frames if frame.name == "presence"]
        return [here.get(str(conversation.pk)) for here in frames if isinstance(here, dict)]

    for number, state in enumerate(("viewing", "writing", "gone", "writing"), start=1):
        says(state)
        his.wait_for(lambda number=number: len(heard(his)) == number)  # type: ignore[misc]
    assert heard(his) == [[[alice.pk, False]], [[alice.pk, True]], [], [[alice.pk, True]]]
    # Who comes later is told all there is, and one's own presence is nobody's news to oneself.
    late = browser_of(elsewhere, bob).open()
    late.wait_for(lambda: heard(late) == [[[alice.pk, True]]])
    assert [frame.data["whole"] for frame in late.frames if frame.name == "presence"] == [True]
    # A browser that was killed says nothing: its age alone tells.
    assert Presence.objects.update(at=clock.now() - timedelta(minutes=1)) == 1
    his.wait_for(lambda: heard(his)[-1:] == [[]])
    assert heard(theirs) == []
    for stream in (his, theirs, late):
        stream.close()
