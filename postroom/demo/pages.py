"""What colleagues write, as the editor would send it: paragraphs, lists, and the name below."""

import re
import zlib
from html import escape
from itertools import groupby

from postroom.demo.company import colleague

_PARTING = {
    "en": ("Best regards,", "Kind regards,", "All the best,"),
    "fr": ("Bien à vous,", "Bonne journée,", "À bientôt,"),
    "nl": ("Groeten,", "Met vriendelijke groeten,", "Fijne dag nog,"),
    "de": ("Viele Grüße,", "Mit freundlichen Grüßen,", "Schöne Grüße aus Brüssel,"),
    "es": ("Un saludo,", "Saludos,", "Hasta pronto,"),
}
_LIST = re.compile(r"(?:(-)|\d+\.) +(.*)")


def reply_html(text: str, *, language: str, who: str, place: int) -> str:
    """Return a reply with a parting line and the writer's first name, unless the text has its own parting."""
    partings = _PARTING[language]
    last = text.rstrip().rpartition("\n")[2]
    if last.endswith(",") or last in {word.rstrip(",") for word in partings}:
        parting = ""
    else:
        parting = f"<p>{partings[zlib.crc32(f'{text[:40]}{place}'.encode()) % len(partings)]}"
    name = colleague(who).first_name
    return note_html(text) + (f"{parting}<br>{name}</p>" if parting else f"<p>{name}</p>")


def note_html(text: str) -> str:
    """Return text as paragraphs; lines that begin with `- ` or `1. ` become lists."""
    paragraphs = [paragraph.splitlines() for paragraph in text.split("\n\n") if paragraph.strip()]
    return "".join("".join(_pieces(lines)) for lines in paragraphs)


def _pieces(lines: list[str]) -> list[str]:
    return [_piece(kind, list(group)) for kind, group in groupby(lines, key=_kind)]


def _kind(line: str) -> str:
    found = _LIST.fullmatch(line)
    return "p" if not found else "ul" if found[1] else "ol"


def _piece(kind: str, lines: list[str]) -> str:
    if kind == "p":
        return f"<p>{'<br>'.join(escape(line) for line in lines)}</p>"
    points = "".join(f"<li>{escape(_LIST.sub(_words, line))}</li>" for line in lines)
    return f"<{kind}>{points}</{kind}>"


def _words(found: "re.Match[str]") -> str:
    return str(found[2])
