"""A stream's short queue: what does not fit is read from the log again, never lost and never kept."""

import asyncio

from postroom.core.events.log import Position
from postroom.followers.realtime.streams import Stream


def frames(*numbers: int) -> list[tuple[Position, bytes]]:
    return [(Position(0, number), f"{number};".encode()) for number in numbers]


def stream() -> Stream:
    made = Stream(1, session_key="")
    made.catching_up()
    return made


def test_frames_are_taken_in_order_as_one_piece() -> None:
    waiting = stream()
    waiting.put(frames(3, 4))
    waiting.put(frames(5))
    assert waiting.take(after=Position(0, 2)) == (Position(0, 5), b"3;4;5;")
    assert waiting.take(after=Position(0, 5)) == (Position(0, 5), b"")


def test_what_the_log_gave_already_is_not_sent_twice() -> None:
    waiting = stream()
    waiting.put(frames(3, 4, 5))
    assert waiting.take(after=Position(0, 4)) == (Position(0, 5), b"5;")


def test_a_browser_that_takes_nothing_falls_behind_and_costs_no_more() -> None:
    waiting = stream()
    for number in range(1, 1000):
        waiting.put(frames(number))
    assert waiting.behind
    assert waiting.take(after=Position()) == (Position(), b"")


def test_a_stream_that_is_behind_queues_again_once_it_reads_the_log() -> None:
    waiting = Stream(1, session_key="")
    waiting.put(frames(1))
    waiting.catching_up()
    waiting.put(frames(2))
    assert waiting.take(after=Position(0, 1)) == (Position(0, 2), b"2;")


def test_a_heartbeat_moves_the_place_forward_and_never_back() -> None:
    waiting = stream()
    waiting.beat(Position(0, 7))
    assert waiting.take(after=Position(0, 3)) == (Position(0, 7), b": \nid: 0-7\n\n")
    waiting.beat(Position(0, 6))
    assert waiting.take(after=Position(0, 7)) == (Position(0, 7), b"")


def test_waiting_ends_with_a_frame_a_heartbeat_or_the_end() -> None:
    async def waits() -> None:
        for wake in (
            lambda waiting: waiting.put(frames(1)),
            lambda waiting: waiting.beat(Position()),
            lambda waiting: waiting.close(),
            lambda waiting: waiting.fall_behind() or waiting.put(frames(1)),
        ):
            waiting = stream()
            asyncio.get_running_loop().call_later(0.01, wake, waiting)
            await asyncio.wait_for(waiting.wait(), timeout=5)

    asyncio.run(waits())


def test_who_is_here_is_told_beside_the_log_and_moves_no_place() -> None:
    waiting = stream()
    waiting.put(frames(3))
    waiting.tell(b"here;")
    assert waiting.take(after=Position(0, 2)) == (Position(0, 3), b"3;here;")
    assert waiting.take(after=Position(0, 3)) == (Position(0, 3), b"")


def test_a_browser_that_takes_nothing_is_told_all_of_who_is_here_later() -> None:
    waiting = stream()
    waiting.unaware = False
    for _ in range(60):
        waiting.tell(b"here;")
    assert waiting.unaware
    assert len(waiting.take(after=Position())[1]) < 60 * 5
