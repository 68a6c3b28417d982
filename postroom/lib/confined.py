"""Have hostile bytes unpacked by a process of its own, which may die of them.

A megabyte of mail or of PDF can hold a gigabyte, and the libraries that read them know no limit.
"""

import logging
import os
import selectors
import subprocess
import sys
import time
from pathlib import Path
from typing import IO

_log = logging.getLogger("postroom.confined")

_ROOT = Path(__file__).resolve().parents[2]
_SECONDS = 20
_MEMORY = 400 * 1024 * 1024
# An honest mail or file stands in the memory as it came, decoded, decrypted and put together again.
_COPIES = 10
_PIECE = 65536
_MAX_COMPLAINT = 100_000


class Exceeded(Exception):
    """It asked for more than is allowed, or died; the sentence is for the log."""


def answer_to(question: bytes, *, child: str, most: int) -> bytes:
    """Return what the child answers, at most so many bytes, within twenty seconds; Exceeded when it does not.

    `child` is a module that calls `postroom.lib.confining.answer_once`.

    OSError when this machine starts no process: that is not the mail's fault, which is to be tried again.
    """
    memory = _MEMORY + _COPIES * len(question)
    process = subprocess.Popen(
        [sys.executable, "-m", child, str(memory)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env=_environment(), cwd="/", start_new_session=True,
    )  # fmt: skip
    try:
        return _talk(process, question, most=most, until=time.monotonic() + _SECONDS)
    except Exceeded as why:
        _log.warning("%s did not answer: %s", child, why)
        raise
    finally:
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout, process.stderr):
            if pipe is not None:
                pipe.close()


def _environment() -> dict[str, str]:
    """Nothing of ours but where the code and the authorities are: our environment may hold passwords."""
    kept = {name: os.environ[name] for name in ("SSL_CERT_FILE", "SSL_CERT_DIR", "TZ") if name in os.environ}
    return kept | {"PYTHONPATH": str(_ROOT), "PYTHONSAFEPATH": "1", "MALLOC_ARENA_MAX": "1", "RUST_BACKTRACE": "0"}


def _talk(child: subprocess.Popen[bytes], question: bytes, *, most: int, until: float) -> bytes:
    assert child.stdin is not None
    assert child.stdout is not None
    assert child.stderr is not None
    said, complaint = bytearray(), bytearray()
    with selectors.DefaultSelector() as pipes:
        os.set_blocking(child.stdin.fileno(), False)
        pipes.register(child.stdin, selectors.EVENT_WRITE, memoryview(question))
        pipes.register(child.stdout, selectors.EVENT_READ, (said, most))
        pipes.register(child.stderr, selectors.EVENT_READ, (complaint, _MAX_COMPLAINT))
        while pipes.get_map():
            ready = pipes.select(_left(until))
            for key, events in ready:
                (_tell if events & selectors.EVENT_WRITE else _listen)(pipes, key)
    try:
        status = child.wait(_left(until))
    except subprocess.TimeoutExpired:
        raise Exceeded("it took too long") from None
    if status != 0:
        last = complaint.decode("utf-8", "replace").strip().rpartition("\n")[2]
        raise Exceeded(f"the process ended with {status} ({last[:200]})")
    return bytes(said)


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise Exceeded("it took too long")
    return left


def _tell(pipes: selectors.BaseSelector, key: selectors.SelectorKey) -> None:
    left: memoryview = key.data
    try:
        left = left[os.write(key.fd, left[:_PIECE]) :]
    except BlockingIOError:
        return
    except BrokenPipeError:
        left = left[:0]  # it is dead; its status tells
    if left:
        pipes.modify(key.fileobj, selectors.EVENT_WRITE, left)
    else:
        _close(pipes, key)


def _listen(pipes: selectors.BaseSelector, key: selectors.SelectorKey) -> None:
    heard: bytearray
    heard, most = key.data
    piece = os.read(key.fd, _PIECE)
    if not piece:
        _close(pipes, key)
    heard += piece
    if len(heard) > most:
        raise Exceeded("it says more than it may")


def _close(pipes: selectors.BaseSelector, key: selectors.SelectorKey) -> None:
    pipes.unregister(key.fileobj)
    pipe: IO[bytes] = key.fileobj  # type: ignore[assignment]
    pipe.close()
