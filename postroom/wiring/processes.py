"""The three kinds of process: web, live and worker. Each can be started by itself, on as many machines as wanted."""

import os

import django

from postroom.faces.cli.say import complain
from postroom.wiring.environment import read
from postroom.wiring.listening import CannotListen, inherited_or
from postroom.wiring.parent import end_with_parent


def web(*, any_port: bool = False) -> int:
    """Serve the pages and the event stream until stopped."""
    end_with_parent()
    try:
        listening = inherited_or(read(os.environ), any_port=any_port)
    except CannotListen as refused:
        complain(str(refused))
        return 1
    django.setup()
    from django.urls import get_resolver

    from postroom.wiring.front import front
    from postroom.wiring.live import Live
    from postroom.wiring.serve import serve

    # Before the first browser asks, not while it waits.
    get_resolver().url_patterns  # noqa: B018
    streams = Live()
    serve(front(streams), listening=listening, on_stop=streams.close)
    return 0


def live(*, any_port: bool = False) -> int:
    """Serve the event stream alone until stopped."""
    end_with_parent()
    try:
        listening = inherited_or(read(os.environ), any_port=any_port)
    except CannotListen as refused:
        complain(str(refused))
        return 1
    django.setup()
    from postroom.wiring.live import Live
    from postroom.wiring.serve import serve

    streams = Live()
    serve(streams.app, listening=listening, on_stop=streams.close)
    return 0


def worker() -> int:
    """Go the rounds until stopped."""
    end_with_parent()
    django.setup()
    from postroom.wiring.worker import work

    work()
    return 0
