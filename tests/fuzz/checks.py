"""One mail through everything that reads strangers' bytes, and what must hold of it."""

import gc
import re
import resource
import signal
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from postroom.channels.mail.forwarded import forwarded_in
from postroom.channels.mail.parse import parse
from postroom.channels.mail.parsed import Parsed
from postroom.channels.mail.quotes import Reply, fold_quotes, split_reply
from postroom.channels.mail.triage import classify
from postroom.lib.html import sanitize, sanitize_view, text_to_html, to_text

SECONDS = 2.0
MEGABYTES = 200
GIVE_UP = 20.0  # a mail that hangs is stopped and said
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_ALIKE = 8  # of so many mails one is read twice, to see that both come out the same
_CLEAR_REFS = Path("/proc/self/clear_refs")
_STATUS = Path("/proc/self/status")


class TooSlow(BaseException):
    """No Exception, so that nobody on the way can take it for an unreadable mail."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one mail: what was wrong with it ('' when nothing), and what it cost."""

    wrong: str
    seconds: float
    megabytes: float


def check(raw: bytes, *, file: Callable[[bytes], None] | None = None, limit: float = SECONDS) -> Outcome:
    """Read, judge, part and clean the mail; with `file`, take it in and thread it, too, at the same price again.

    `limit` is in seconds of the processor; a busy machine's are longer than a quiet one's.
    """
    _forget_peak()
    before = _megabytes("VmRSS")
    seconds = 0.0
    old = signal.signal(signal.SIGVTALRM, _stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, GIVE_UP)
    try:
        began = time.process_time()
        parsed, reply, safe = _read_and_shown(raw)
        seconds = time.process_time() - began
        wrong = _wrong(raw, parsed, reply, safe)
        if file is not None:
            began = time.process_time()
            file(raw)
            seconds = max(seconds, time.process_time() - began)
    except TooSlow:
        wrong = f"stopped after {GIVE_UP:.0f} s"
    except Exception as error:  # noqa: BLE001  whatever is raised is a finding
        wrong = f"{type(error).__name__}: {error}"[:300]
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, old)
    megabytes = _megabytes("VmHWM") - before
    if not wrong and seconds > limit:
        wrong = f"took {seconds:.1f} s"
    if not wrong and megabytes > MEGABYTES:
        wrong = f"took {megabytes:.0f} MB"
    return Outcome(wrong=wrong, seconds=seconds, megabytes=megabytes)


def _read_and_shown(raw: bytes) -> tuple[Parsed, Reply, str]:
    """Do what the way in and the page do with a mail."""
    parsed = parse(raw)
    classify(parsed)
    forwarded_in(parsed)
    reply = split_reply(parsed.text, subject=parsed.subject)
    text_to_html(parsed.text)
    safe = sanitize_view(parsed.html) if parsed.html else ""
    return parsed, reply, fold_quotes(safe, subject=parsed.subject) if safe else ""


def _wrong(raw: bytes, parsed: Parsed, reply: Reply, safe: str) -> str:
    if zlib.crc32(raw) % _ALIKE == 0 and parse(raw) != parsed:
        return "read twice, it said two things"
    if "\n".join(piece.text for piece in reply.pieces) != parsed.text:
        return "parted from its quotes, some of the text was gone"
    return _unfit(parsed) or _active(safe) or _active(sanitize(parsed.html[:100_000]))


def _unfit(parsed: Parsed) -> str:
    """Say what a database would refuse, or what is not as promised."""
    people = (parsed.from_, parsed.sender, *parsed.reply_to, *parsed.to, *parsed.cc)
    files = parsed.attachments
    strings = [
        parsed.message_id or "", parsed.subject, parsed.text, parsed.html, parsed.content_type, parsed.auto_submitted,
        parsed.precedence, parsed.return_path or "", *parsed.in_reply_to, *parsed.references, *parsed.problems,
        *(text for one in people for text in (one.name, one.email)),
        *(text for pair in parsed.headers for text in pair),
        *(text for one in files for text in (one.name, one.declared_name, one.content_type, one.content_id or "")),
    ]  # fmt: skip
    if any(map(_UNSTORABLE.search, strings)):
        return "a string that no database takes"
    if any(one.size != len(one.data) or not one.name or set(one.name) & set("/\\\r\n") for one in files):
        return "a file with a wrong size or a name that is not safe"
    if parsed.html.strip() and not parsed.text.strip() and to_text(parsed.html).strip():
        return "an HTML mail with words and without text"
    return ""


def _active(safe: str) -> str:
    low = safe.lower()
    bad = next((mark for mark in ("<script", "<iframe", "<form", "<object", "<meta", "<link") if mark in low), "")
    return f"{bad} was left" if bad else ""


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise TooSlow


def _forget_peak() -> None:
    """Let the kernel forget the highest memory use so far, so that each mail's own can be told."""
    if _CLEAR_REFS.exists():
        _CLEAR_REFS.write_text("5")


def _megabytes(name: str) -> float:
    if not _STATUS.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    line = next(line for line in _STATUS.read_text().splitlines() if line.startswith(name))
    return int(line.split()[1]) / 1024


def tidy() -> None:
    """Give back what the last mails left, so that it is not counted against the next."""
    gc.collect()
