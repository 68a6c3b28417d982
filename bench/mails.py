"""Mails as a shop gets them: plain and HTML, one in ten with a file of 200 kB, every other one an answer."""

import base64
import random
from collections.abc import Callable
from dataclasses import dataclass

BOX = "box1@velo.example"
FILE_BYTES = 200_000
# One in so many has a file.
FILE_EACH = 10

_LINE = "The bell of my bicycle does not ring any more, and the lamp that came with the order is broken too."
_QUOTED = "On Mon, 2 Nov 2026 at 10:12, Velo Support <box1@velo.example> wrote:"


@dataclass(frozen=True)
class Asked:
    """A message that an answer may quote: its bare id and who takes part there."""

    rfc_id: str
    email: str


@dataclass(frozen=True)
class Mail:
    """The raw bytes, the HTML in them ('' without), and what its own answer would quote."""

    raw: bytes
    html: str
    asked: Asked


class Post:
    """Makes the mails, always the same for a seed; `known` names one to answer when some are there already."""

    def __init__(self, *, seed: int, known: Callable[[random.Random], Asked] | None) -> None:
        self._chance = random.Random(seed)
        self._seed = seed
        self._known = known
        self._sent: list[Asked] = []
        self._number = 0

    def next(self) -> Mail:
        """Return the next mail; the first few cannot be answers."""
        self._number += 1
        number = self._number
        answered = None
        if number % 2 == 0:
            answered = self._known(self._chance) if self._known else self._chance.choice(self._sent[-500:])
        sender = answered.email if answered else f"customer{self._seed}.{number}@new.example"
        asked = Asked(f"{self._seed}.{number}@new.example", sender)
        if not answered:
            self._sent.append(asked)
        text = self._text(answered)
        html = "" if number % 4 < 2 else _html(text)
        return Mail(self._raw(asked, answered, text=text, html=html), html, asked)

    def _text(self, answered: Asked | None) -> str:
        said = "\r\n".join([f"Hello, this is mail {self._number}.", *[_LINE] * self._chance.randint(3, 12), "Ann"])
        if answered is None:
            return said
        return "\r\n".join([said, "", _QUOTED, *[f"> {_LINE}"] * 6])

    def _raw(self, asked: Asked, answered: Asked | None, *, text: str, html: str) -> bytes:
        parts = [_part("text/plain; charset=utf-8", text)]
        if html:
            parts.append(_part("text/html; charset=utf-8", html))
        if self._number % FILE_EACH == 0:
            # As good as random, like a photograph: nothing to compress.
            data = base64.encodebytes(self._chance.randbytes(FILE_BYTES)).decode().replace("\n", "\r\n")
            parts.append(
                f'Content-Type: image/jpeg; name="bell.jpg"\r\nContent-Disposition: attachment; filename="bell.jpg"\r\n'
                f"Content-Transfer-Encoding: base64\r\n\r\n{data}"
            )
        kind = "mixed" if self._number % FILE_EACH == 0 else "alternative"
        body = (
            parts[0]
            if len(parts) == 1
            else f'Content-Type: multipart/{kind}; boundary="part"\r\n\r\n'
            + "".join(f"--part\r\n{part}\r\n" for part in parts)
            + "--part--\r\n"
        )
        return (self._head(asked, answered) + body).encode()

    def _head(self, asked: Asked, answered: Asked | None) -> str:
        hops = "".join(
            f"Received: from mx{hop}.example (mx{hop}.example [192.0.2.{hop}])\r\n"
            f"\tby mx{hop + 1}.example with ESMTPS id 4ABC{hop}; Sun, 22 Nov 2026 04:00:0{hop} +0000\r\n"
            for hop in range(3)
        )
        quoted = (
            f"In-Reply-To: <{answered.rfc_id}>\r\nReferences: <{answered.rfc_id}>\r\nSubject: Re: Bell\r\n"
            if answered
            else f"Subject: Bell {self._number}\r\n"
        )
        return (
            f"{hops}From: Customer <{asked.email}>\r\nTo: Velo <{BOX}>\r\n{quoted}Message-ID: <{asked.rfc_id}>\r\n"
            "Date: Sun, 22 Nov 2026 04:00:00 +0000\r\nMIME-Version: 1.0\r\n"
        )


def _part(content_type: str, text: str) -> str:
    return f"Content-Type: {content_type}\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{text}\r\n"


def _html(text: str) -> str:
    lines = "".join(f'<p style="margin:0;color:#222222">{line}</p>' for line in text.split("\r\n"))
    return (
        "<html><head><style>p { margin: 0 }</style></head><body>"
        f'<div class="gmail_default"><b>Hello</b>{lines}<img src="https://news.example/open.png"></div></body></html>'
    )
