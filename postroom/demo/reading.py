"""Read `threads/*.txt`; the format is told in threads/README.md."""

import re
from collections.abc import Iterator
from datetime import time, timedelta
from pathlib import Path

from postroom.demo.script import MAIL, NOTE, REPLY, VERB, Age, Sender, Step, Thread

FOLDER = Path(__file__).parent / "threads"

_KINDS = {"<<": MAIL, ">>": REPLY, "..": NOTE, "!!": VERB}
_HEADS = "from|subject|tags|state|owner|team|priority|client|cc|html|attach|inline|auto|spam-by"
_HEAD = re.compile(rf"({_HEADS}): *(.*)")
_SPAN = re.compile(r"(?:(\d+)d)?\+?(?:(\d+)h)?(?:(\d+)m?)?")
_AGE = re.compile(r"(\d+)d (\d\d):(\d\d)")
_SENDER = re.compile(r"(.+?) <(\S+@\S+)>")


class BadThread(ValueError):
    """A thread file is not as it should be; the sentence says where."""


def read_threads(folder: Path = FOLDER) -> tuple[Thread, ...]:
    """Return every thread of the folder in the order of file names; BadThread when one cannot be read."""
    return tuple(thread for path in sorted(folder.glob("*.txt")) for thread in _threads(path))


def _threads(path: Path) -> Iterator[Thread]:
    thread: Thread | None = None
    for number, first, rest in _blocks(path):
        where = f"{path.name}, line {number}"
        if first.startswith("=="):
            if thread:
                yield thread
            thread = _thread(first, rest, where)
        elif thread is None:
            raise BadThread(f"{where}: a step before the first thread.")
        else:
            thread = thread.with_steps((*thread.steps, _step(first, rest, where)))
    if thread:
        yield thread


def _blocks(path: Path) -> Iterator[tuple[int, str, list[str]]]:
    """Yield each marked line with its number and the lines that belong to it."""
    begun: tuple[int, str, list[str]] | None = None
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if line[:2] in ("==", *_KINDS) and line[2:3] == " ":
            if begun:
                yield begun
            begun = (number, line, [])
        elif begun:
            begun[2].append(line)
    if begun:
        yield begun


def _thread(first: str, rest: list[str], where: str) -> Thread:
    parts = [part.strip() for part in first[2:].split("|")]
    if len(parts) != 4:
        raise BadThread(f"{where}: a thread begins with == slug | language | mailbox | age.")
    heads, text = _heads(rest)
    if "from" not in heads or "subject" not in heads:
        raise BadThread(f"{where}: a thread needs from: and subject:.")
    slug, language, mailbox, age = parts
    return Thread(
        slug=slug,
        language=language,
        mailbox=mailbox,
        age=_age(age, where),
        subject=heads["subject"],
        sender=_sender(heads["from"], where),
        steps=(_mail(heads, text, where),),
        state=heads.get("state", ""),
        tags=_list(heads.get("tags", "")),
        owner=heads.get("owner", ""),
        team=heads.get("team", ""),
        priority=heads.get("priority", ""),
        client=heads.get("client", ""),
        spam_by=heads.get("spam-by", ""),
        where=where,
    )


def _mail(heads: dict[str, str], text: str, where: str) -> Step:
    return Step(
        kind=MAIL,
        after=timedelta(),
        text=text,
        cc=_senders(heads, where),
        files=_list(heads.get("attach", "")),
        pictures=_list(heads.get("inline", "")),
        html=heads.get("html", ""),
        auto=heads.get("auto", ""),
    )


def _step(first: str, rest: list[str], where: str) -> Step:
    kind = _KINDS[first[:2]]
    words = first[2:].split()
    who = "" if kind == MAIL else words.pop(0)
    heads, text = _heads(rest)
    return Step(
        kind=kind,
        after=_span(words.pop(0), where),
        who=who,
        text=text,
        verb=words.pop(0) if words else "",
        what=" ".join(words),
        sender=_sender(heads["from"], where) if "from" in heads else None,
        cc=_senders(heads, where),
        files=_list(heads.get("attach", "")),
        pictures=_list(heads.get("inline", "")),
        auto=heads.get("auto", ""),
    )


def _heads(lines: list[str]) -> tuple[dict[str, str], str]:
    """Split the lines `name: value` at the beginning from the text below them."""
    heads: dict[str, str] = {}
    for place, line in enumerate(lines):
        found = _HEAD.fullmatch(line)
        if not found:
            return heads, "\n".join(lines[place:]).strip()
        heads[found[1]] = found[2].strip()
    return heads, ""


def _age(text: str, where: str) -> Age:
    if found := _AGE.fullmatch(text):
        return Age(days=int(found[1]), at=time(int(found[2]), int(found[3])))
    return Age(span=_span(text, where))


def _span(text: str, where: str) -> timedelta:
    found = _SPAN.fullmatch(text.lstrip("+"))
    if not found or not any(found.groups()):
        raise BadThread(f"{where}: {text!r} is no span of time; it looks like +35m, 2h15 or 3d+1h.")
    days, hours, minutes = (int(part or 0) for part in found.groups())
    return timedelta(days=days, hours=hours, minutes=minutes)


def _sender(text: str, where: str) -> Sender:
    found = _SENDER.fullmatch(text)
    if not found:
        raise BadThread(f"{where}: {text!r} is no sender; it looks like Ann Lee <ann@post.example>.")
    return Sender(name=found[1], email=found[2])


def _senders(heads: dict[str, str], where: str) -> tuple[Sender, ...]:
    return tuple(_sender(text, where) for text in _list(heads.get("cc", "")))


def _list(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())
