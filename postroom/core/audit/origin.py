"""From where the present request comes; whatever is written meanwhile says so."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True)
class Origin:
    """A network address and what the browser calls itself; both empty outside of a request."""

    ip: str = ""
    device: str = ""


NOWHERE = Origin()
_present: ContextVar[Origin] = ContextVar("origin", default=NOWHERE)


def present_origin() -> Origin:
    """Return from where the present request comes."""
    return _present.get()


@contextmanager
def coming_from(origin: Origin) -> Iterator[None]:
    """Say from where whatever is done inside comes."""
    token = _present.set(origin)
    try:
        yield
    finally:
        _present.reset(token)
