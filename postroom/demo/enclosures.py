"""The files that the demo's mails carry: pictures as they are, papers and tables written for the day of the mail."""

import re
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from postroom.demo.dates import fill
from postroom.demo.letters import Enclosure
from postroom.demo.pdf import paper

FOLDER = Path(__file__).parent / "files"
_PAPERS = FOLDER / "papers.txt"

_TYPES = {
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".pdf": "application/pdf",
    ".csv": "text/csv",
    ".ics": "text/calendar",
}


class NoSuchFile(LookupError):
    """A thread names a file that is not there."""


def enclosure(name: str, *, language: str, moment: datetime, content_id: str = "") -> Enclosure:
    """Return the file a thread names, its days counted from `moment`; NoSuchFile when there is none."""
    ending = Path(name).suffix
    if ending not in _TYPES:
        raise NoSuchFile(f"{name}: no kind of file that the demo knows.")
    return Enclosure(
        name=name,
        content_type=_TYPES[ending],
        data=_data(name, ending, language=language, moment=moment),
        content_id=content_id,
    )


def _data(name: str, ending: str, *, language: str, moment: datetime) -> bytes:
    if ending == ".pdf":
        if name not in _papers():
            raise NoSuchFile(f"{name} is not in files/papers.txt.")
        return paper(fill(_papers()[name], language=language, moment=moment))
    path = FOLDER / name
    if not path.is_file():
        raise NoSuchFile(f"{name} is not in files/.")
    if ending in (".csv", ".ics"):
        return fill(path.read_text(encoding="utf-8"), language=language, moment=moment).encode()
    return path.read_bytes()


@lru_cache(maxsize=1)
def _papers() -> dict[str, str]:
    parts = re.split(r"(?m)^== (\S+)\n", _PAPERS.read_text(encoding="utf-8"))
    return dict(zip(parts[1::2], parts[2::2], strict=True))
