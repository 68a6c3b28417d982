"""The pages of a PDF as pictures: drawn by a process of its own, since PDFs are made to break what reads them."""

import json
from dataclasses import dataclass

from postroom.lib.confined import Exceeded, answer_to

CHILD = "postroom.lib.pdf_child"
LARGEST = 40_000_000
_MOST_ANSWER = 20_000_000


class NotDrawn(Exception):
    """This PDF cannot be shown: damaged, locked by a password, too large, or no PDF at all."""


@dataclass(frozen=True)
class Pages:
    """How many pages there are, and the width and height of each of the first ones in points."""

    count: int
    sizes: tuple[tuple[float, float], ...]


def pages(data: bytes, *, most: int) -> Pages:
    """Return the pages of a PDF, the sizes of at most so many; NotDrawn when it cannot be read."""
    answer = json.loads(_asked(data, {"most": most}))
    return Pages(count=answer["count"], sizes=tuple((width, height) for width, height in answer["sizes"]))


def page(data: bytes, *, number: int, width: int) -> bytes:
    """Return one page (the first is 1) as a PNG so many pixels wide; NotDrawn when there is none."""
    return _asked(data, {"page": number, "width": width})


def _asked(data: bytes, question: dict[str, int]) -> bytes:
    if len(data) > LARGEST:
        raise NotDrawn
    head = json.dumps(question).encode()
    try:
        answer = answer_to(head + b"\n" + data, child=CHILD, most=_MOST_ANSWER)
    except Exceeded as why:
        raise NotDrawn from why
    if not answer:
        raise NotDrawn
    return answer
