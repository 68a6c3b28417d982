"""The header fields that mail programs write above a forwarded mail."""

import re
from dataclasses import dataclass

from postroom.channels.mail.quote_words import FROM, OTHER_FIELDS, SUBJECTS, TO

_QUOTE = re.compile(r"^[ \t]*>[ \t]?")
_FIELD = re.compile(r"^[ \t*_]*([^\W\d_][^:：*<>@\n]{0,30}?)[ \t\u00a0]?[*_]*[ \t]*[:：][*_]*[ \t\u00a0]*(.*)$")
_FROM = re.compile(rf"(?i)(?:{FROM})")
_SUBJECT = re.compile(rf"(?i)(?:{SUBJECTS})")
_TO = re.compile(rf"(?i)(?:{TO})")
_KNOWN = re.compile(rf"(?i)(?:{FROM}|{OTHER_FIELDS})")
# Yahoo's text form writes all fields in one line, glued: "… GMT+1Subject: …".
_GLUED = re.compile(rf"(?i)(?<![^\W\d_])({FROM}|{OTHER_FIELDS})[ \u00a0]?:[ \u00a0]")
_MAX_FIELDS = 12


@dataclass(frozen=True, slots=True)
class Fields:
    """What stood above the forwarded mail, values as written; `end` is the first line after them."""

    sender: str
    subject: str
    to: str
    end: int
    count: int

    @property
    def complete(self) -> bool:
        """Whether enough of it was understood to be sure."""
        return "@" in self.sender and self.count >= 3


def read_fields(lines: list[str], start: int, *, at_once: bool = False) -> Fields | None:
    """Return the fields that start at a line; blank lines before them are passed over unless `at_once`."""
    found: list[tuple[str, str]] = []
    index = start
    while index < len(lines) and len(found) < _MAX_FIELDS and index < start + 40:
        line = _QUOTE.sub("", lines[index])
        field = _FIELD.match(line)
        if not line.strip():
            if at_once and not found:
                return None
            if found and not _goes_on(lines, index):
                break
        elif field and (_KNOWN.fullmatch(field[1].strip()) or (found and len(found) < 6)):
            found.append((field[1].strip(), field[2].strip()))
        elif found and _is_continuation(found, line):
            label, value = found[-1]
            found[-1] = (label, f"{value} {line.strip()}".strip())
        elif found:
            break
        else:
            return None
        index += 1
    return _fields(found, index)


def _is_continuation(found: list[tuple[str, str]], line: str) -> bool:
    """New Outlook writes the body right below the fields, so only what must be a continuation is one."""
    label, value = found[-1]
    return (
        value.endswith((",", ";"))
        or not value
        or (line[:1] in " \t" and len(found) > 1)
        or (len(found) < 3 and not _SUBJECT.fullmatch(label))
    )


def _goes_on(lines: list[str], index: int) -> bool:
    """Some programs put a blank line after each field."""
    following = next((_QUOTE.sub("", line) for line in lines[index : index + 3] if _QUOTE.sub("", line).strip()), "")
    field = _FIELD.match(following)
    return field is not None and _KNOWN.fullmatch(field[1].strip()) is not None


def fields_in_line(line: str, index: int) -> Fields | None:
    """Return the fields written in one line."""
    marks = list(_GLUED.finditer(line))
    if len(marks) < 3:
        return None
    ends = [mark.start() for mark in marks[1:]] + [len(line)]
    return _fields(
        [(mark[1], line[mark.end() : end].strip()) for mark, end in zip(marks, ends, strict=True)], index + 1
    )


def _fields(found: list[tuple[str, str]], end: int) -> Fields | None:
    def value(pattern: re.Pattern[str]) -> str:
        return next((value for label, value in found if pattern.fullmatch(label)), "")

    sender = value(_FROM) or next((value for _, value in found if "@" in value), "")
    if len(found) < 2 or not sender:
        return None
    return Fields(sender=sender, subject=value(_SUBJECT), to=value(_TO), end=end, count=len(found))
