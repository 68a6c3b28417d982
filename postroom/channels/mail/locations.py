"""Pictures that a mail's HTML calls by their Content-Location (RFC 2557): called by Content-ID instead."""

import re
from dataclasses import replace
from urllib.parse import unquote

from postroom.channels.mail.contents import Block

MAX_REWRITTEN = 4_000_000
_SOURCE = re.compile(
    r"(<img\b[^<>]{0,2000}?\bsrc\s*=\s*)(\"[^\"<>]{1,2000}\"|'[^'<>]{1,2000}'|[^\s\"'<>]{1,2000})", re.IGNORECASE
)


def with_content_ids(blocks: list[Block], locations: dict[str, str]) -> list[Block]:
    """Return the blocks with `cid:` in place of every picture's address that is a part's own."""
    if not locations:
        return blocks

    def called_by_id(match: re.Match[str]) -> str:
        address = match[2].strip("\"'").strip()
        content_id = locations.get(address) or locations.get(unquote(address))
        return f'{match[1]}"cid:{content_id}"' if content_id else match[0]

    return [
        replace(block, html=_SOURCE.sub(called_by_id, block.html[:MAX_REWRITTEN])) if block.html else block
        for block in blocks
    ]
