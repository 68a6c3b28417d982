"""The lines with which mail programs announce a quoted or forwarded mail, in the languages they come in."""

import re
from dataclasses import dataclass

from postroom.channels.mail.quote_words import (
    FORWARDED,
    FROM,
    INTRODUCED,
    LEADS,
    ORIGINAL,
    OTHER_FIELDS,
    WROTE,
    WROTE_CLOSE,
)

# Chinese and Japanese leave no blanks between words.
_WROTE = re.compile(rf"(?i)(?<!\w)(?:{WROTE})(?!\w)|{WROTE_CLOSE}")
_COLON = re.compile(r"[:：]\s*$")
_LEAD = re.compile(rf"(?i)^[ \t\-–—]*+(?:{LEADS})[ \t,.]")
_TIME = re.compile(r"\d{1,2}[:.h]\d{2}|\d{1,2} ?[ap]\.?m\b|時|点|시", re.I)
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_DATED = re.compile(r"\d{1,4}[./\-年월일 ]|\d{1,2}:\d{2}|@|<")
_MAILBOX = re.compile(r"[^\s<>\[\]()@]{1,64}@[^\s<>\[\]()@]+")
_ORIGINAL = re.compile(rf"(?i)^[ \t>]*+[-_=*]{{2,}}+\s*+(?:{ORIGINAL})\s*+(?:[-_=*]{{2,}})?\s*$")
_FORWARD = re.compile(rf"(?i)^[ \t]*+(?:[-_=*]{{2,}}+\s*+(?:{FORWARDED})|(?:{INTRODUCED})\s*[:：])")
_FROM_LINE = re.compile(rf"(?i)^[ \t>*_]*+(?:{FROM})[ \t\u00a0]?\*?[:：]\*?[ \t\u00a0]*\S")
_FROM_LABEL = re.compile(rf"(?i)[\s>*_]*+(?:{FROM})[ \t\u00a0]?\*?(?:[:：]|$)")
_OTHER_LINE = re.compile(rf"(?i)^[ \t>*_]*+(?:{OTHER_FIELDS})[ \t\u00a0]?\*?[:：]")
_RULE = re.compile(r"^[ \t]*+[_\-=]{15,}+[ \t]*+$")
_LIST_FOOTER = re.compile(r"(?i)mailing[ -]?list|unsubscribe|mailman/(?:listinfo|options)|listinfo")
_MAX_LINES = 4
_MAX_LENGTH = 400


@dataclass(frozen=True, slots=True)
class Attribution:
    """A "… wrote:" over so many lines; `sure` when it needs no quoted lines after it to be believed."""

    length: int
    sure: bool


def attribution(lines: list[str], index: int) -> Attribution | None:
    """Return the attribution that starts at this line; programs wrap it over up to four."""
    first = lines[index]
    if not first.strip() or first.lstrip().startswith(">") or len(first) > _MAX_LENGTH:
        return None
    joined = ""
    for length in range(1, _MAX_LINES + 1):
        line = lines[index + length - 1] if index + length <= len(lines) else ""
        if not line.strip() or (length > 1 and (line.lstrip().startswith(">") or _LEAD.match(line))):
            return None
        joined = f"{joined} {line.strip()}".strip()
        if len(joined) > _MAX_LENGTH:
            return None
        if _announces(joined):
            plausible = length == 1 or _LEAD.match(first) or _MAILBOX.search(first) or _YEAR.search(first)
            return Attribution(length=length, sure=_is_sure(joined)) if plausible else None
        if _COLON.search(joined):
            return None
    return None


def _announces(joined: str) -> bool:
    if _COLON.search(joined):
        return bool(
            (_WROTE.search(joined) and _DATED.search(joined))
            or (_MAILBOX.search(joined) and _TIME.search(joined) and _YEAR.search(joined))
        )
    # The cheapest questions first: this is asked of each line.
    if "@" not in joined or not _TIME.search(joined) or not _MAILBOX.search(joined) or not _WROTE.search(joined):
        return False
    # Zoho's "---- On … wrote ----", and "On … wrote" that lost its colon.
    dashed = joined.startswith("--") and joined.endswith("--")
    return bool(dashed or (_LEAD.match(joined) and _WROTE.search(joined[-25:])))


def _is_sure(joined: str) -> bool:
    return bool((_TIME.search(joined) or _YEAR.search(joined)) and (_MAILBOX.search(joined) or _LEAD.match(joined)))


def may_attribute(lines: list[str], index: int) -> bool:
    """Tell, cheaply, whether an attribution could start at this line."""
    for line in lines[index : index + _MAX_LINES]:
        end = line.rstrip()[-1:]
        if not end or len(line) > _MAX_LENGTH:
            return False
        if end in ":：" or "@" in line:
            return True
    return False


def is_original_mark(line: str) -> bool:
    """Tell whether the line is "-----Original Message-----" or its like."""
    return _ORIGINAL.match(line[:200]) is not None


def is_forward_mark(line: str) -> bool:
    """Tell whether the line says that a forwarded mail follows."""
    return _FORWARD.match(line[:200]) is not None


def starts_header_block(line: str) -> bool:
    """Tell whether the line could be the "From: …" of an Outlook-like block."""
    return _FROM_LINE.match(line[:300]) is not None


def may_start_header_block(words: str) -> bool:
    """Tell whether the words begin with a "From" label, its value perhaps in another element."""
    return _FROM_LABEL.match(words[:100]) is not None


def header_block_length(lines: list[str], index: int) -> int:
    """Return the length of an Outlook-like block (From, Sent, To, Subject) that starts here, 0 when none does."""
    if not starts_header_block(lines[index]):
        return 0
    length = 1
    named = 0
    while index + length < len(lines) and length < 12:
        line = lines[index + length][:300]
        if _OTHER_LINE.match(line) or starts_header_block(line):
            named += 1
        elif not line.strip() and named:
            break
        length += 1
    return length if named >= 2 else 0


def is_list_footer(lines: list[str], index: int) -> bool:
    """Tell whether a mailing list's footer starts here and ends the mail."""
    if len(lines) - index > 9 or not _RULE.match(lines[index][:200]):
        return False
    return any(_LIST_FOOTER.search(line[:1000]) for line in lines[index + 1 :])
