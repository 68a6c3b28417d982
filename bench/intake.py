"""How many mails a second become conversations, each with commits of its own."""

import os
import time
from pathlib import Path

from bench.figures import Figure
from postroom.channels.mail.intake import accept
from postroom.channels.mail.receive import file_next
from postroom.core.accounts.models import Mailbox

_BATCH = 10
_LINE = "The bell of my bicycle does not ring any more, and the lamp that came with the order is broken too.\r\n"


def intake(engine: str, *, folder: Path, seconds: float) -> Figure:
    """Take mails in one process, in turns with plain synced writes of the same bytes."""
    mailbox = Mailbox.objects.earliest("pk")
    ours = floor = 0.0
    count = 0
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        mails = [_mail(count + number) for number in range(_BATCH)]
        started = time.perf_counter()
        for mail in mails:
            accept(mail, mailbox=mailbox, transport="lmtp")
            if not file_next():
                raise RuntimeError("A mail was taken in and not filed.")
        between = time.perf_counter()
        for number, mail in enumerate(mails):
            _write(folder / f"floor-{number}", mail)
        ours, floor = ours + between - started, floor + time.perf_counter() - between
        count += _BATCH
    return Figure(
        engine,
        "intake, raw bytes to conversation",
        "mails/s",
        count / ours,
        floor=count / floor,
        floor_name="synced write of the same bytes",
        rate=True,
    )


def _mail(number: int) -> bytes:
    """Return a mail of 3 kB with a plain and an HTML part; every other sender is new."""
    sender = f"customer{number + 1}" if number % 2 else f"new{number}"
    text = _LINE * 8
    return (
        f"From: Customer <{sender}@customers.example>\r\nTo: box1@velo.example\r\nSubject: Bell {number}\r\n"
        f"Message-ID: <{time.time_ns()}.{number}@customers.example>\r\nDate: Sun, 22 Nov 2026 04:00:00 +0000\r\n"
        'MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary="part"\r\n\r\n'
        f"--part\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n"
        f"--part\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<div><p>{text}</p><p><b>{text}</b></p></div>\r\n"
        "--part--\r\n"
    ).encode()


def _write(path: Path, data: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.write(descriptor, data)
    os.fdatasync(descriptor)
    os.close(descriptor)
