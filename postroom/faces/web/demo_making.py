"""Make the demo team behind a page that says so."""

import logging
import threading

from django.db import connection, transaction
from django.utils.translation import gettext as _

from postroom.core.accounts import setup

_log = logging.getLogger("postroom.demo")
# Of this process: which tokens' demos are being made, and what stopped one.
_lock = threading.Lock()
_under_way: set[str] = set()
_mistakes: dict[str, str] = {}


def begin(token: str) -> None:
    """Make the demo in a thread of its own; a second call while it works does nothing."""
    with _lock:
        if token in _under_way:
            return
        _under_way.add(token)
        _mistakes.pop(token, None)
    threading.Thread(target=_make, args=(token,), name="demo").start()


def is_under_way(token: str) -> bool:
    """Tell whether this process is making it."""
    return token in _under_way


def mistake(token: str) -> str:
    """Return what stopped the making, in a sentence, or an empty string."""
    return _mistakes.get(token, "")


def _make(token: str) -> None:
    try:
        make_once()
    except Exception:  # noqa: BLE001  (the top of a thread: the page says it, the log keeps it)
        _log.exception("The demo could not be made")
        _mistakes[token] = _(
            "The demo could not be made; what went wrong is in the log. Nothing is left of it: try again."
        )
    finally:
        _under_way.discard(token)
        connection.close()


def make_once() -> bool:
    """Make the demo and end the set-up link, all in one transaction; False when another process or tab did so first."""
    # Two hundred conversations and their pictures are nothing for every start of every installation to load.
    from postroom.demo.seed import seed

    with transaction.atomic():
        # Conditional and first: a second process waits here, and a crash on the way leaves the link as it was.
        if not setup.finish_setup():
            return False
        seed()
    return True
