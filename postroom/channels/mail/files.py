"""The parts of a mail that are files, and what Outlook packed into one."""

import re

from postroom.channels.mail.contents import Block, Found
from postroom.channels.mail.filenames import content_type_of, stated_name
from postroom.channels.mail.headers import text_of
from postroom.channels.mail.tnef import open_tnef
from postroom.channels.mail.tree import Node

MAX_LOCATION = 2000
_NEWLINES = re.compile(r"\r\n?|\x0b|\x0c|\u2028|\u2029")
_KIND = re.compile(r"[a-z0-9.+-]{1,60}/[a-z0-9.+-]{1,100}")
_TNEF = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})
_MESSAGES = frozenset({"message/rfc822", "message/global", "message/news"})


def take_file(node: Node, found: Found, *, parent: str) -> list[Block]:
    """List the part as a file; return what it shows, which only winmail.dat does."""
    name = stated = stated_name(node, found.charsets)
    if node.content_type in _TNEF or name.lower() == "winmail.dat":
        opened = _winmail(node, found)
        if opened is not None:
            return opened
    if node.content_type in _MESSAGES and name and not name.lower().endswith((".eml", ".msg", ".txt")):
        name = f"{name}.eml"
    location = "".join(text_of(node.raw("content-location")).split()).strip("<>\"'")[:MAX_LOCATION]
    content_id = node.raw("content-id").decode("latin-1").strip(" <>\t\r\n")[:300] or None
    inline = node.disposition[0] != "attachment" and (
        content_id is not None or node.disposition[0] == "inline" or parent == "multipart/related"
    )
    if location and parent == "multipart/related":
        content_id = content_id or f"location-{len(found.files) + 1}@postroom.invalid"
        found.locations.setdefault(location, content_id)
    found.add_file(
        name=name or location.rpartition("/")[2].partition("?")[0],
        content_type=node.content_type,
        data=node.data,
        content_id=content_id,
        inline=inline,
        declared_name=stated,
    )
    return []


def keep_as_it_came(node: Node, found: Found) -> None:
    """List a part as a file, too, whose words are shown but may not be all, or not be right."""
    kind = "text/plain" if node.broken else node.content_type
    found.add_file(name=stated_name(node, found.charsets), content_type=kind, data=node.data)


def _winmail(node: Node, found: Found) -> list[Block] | None:
    opened = open_tnef(node.data)
    if opened is None or not (opened.files or opened.body or opened.html_body):
        return None
    for file in opened.files:
        kind = file.content_type if _KIND.fullmatch(file.content_type) else content_type_of(file.name)
        content_id = file.content_id[:300] or None
        found.add_file(
            name=file.name, content_type=kind, data=file.data, content_id=content_id, inline=content_id is not None
        )
    if not opened.files:  # the message itself, formatted in a way that only Outlook reads
        found.add_file(name="winmail.dat", content_type="application/ms-tnef", data=node.data)
    if opened.html_body:
        return [Block(text=None, html=opened.html_body)]
    return [Block(text=_NEWLINES.sub("\n", opened.body), html=None)] if opened.body.strip() else []
