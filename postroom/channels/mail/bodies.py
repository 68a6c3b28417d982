"""Find the words of a mail: which parts are shown, in which order, which are files (after RFC 8621 section 4.1.4)."""

import re
from dataclasses import dataclass, field

from postroom.channels.mail.charsets import decode
from postroom.channels.mail.filenames import content_type_of, safe_name, stated_name
from postroom.channels.mail.parsed import ParsedAttachment
from postroom.channels.mail.tnef import open_tnef
from postroom.channels.mail.transfer import uu_files
from postroom.channels.mail.tree import Node
from postroom.lib.html import text_to_html, to_text
from postroom.lib.marked import marked

MAX_TEXT = 1_000_000
MAX_HTML = 4_000_000
MAX_FILES = 500
_NEWLINES = re.compile(r"\r\n?|\x0b|\x0c|\u2028|\u2029")
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{2,40})", re.IGNORECASE)
_ENCODED_ANYWAY = frozenset({"base64", "quoted-printable", "x-uuencode", "uuencode", "uue", "x-uue"})


@dataclass(frozen=True, slots=True)
class _Block:
    """A stretch of the mail: as text, as HTML, or both when they are alternatives of each other."""

    text: str | None
    html: str | None


@dataclass
class Found:
    """What a mail shows and carries."""

    blocks: list[_Block] = field(default_factory=list)
    files: list[ParsedAttachment] = field(default_factory=list)
    charsets: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return _as_text(self.blocks)

    @property
    def html(self) -> str:
        return _as_html(self.blocks) or ""


def read_bodies(root: Node) -> Found:
    """Return the shown text and the files of a mail."""
    found = Found()
    found.charsets = [c for c in (node.parameters.get("charset", "") for node in root.walk()) if c]
    found.blocks = _collect(root, found, parent="", first=True)
    if (
        not found.files
        and not any((block.text or block.html or "").strip() for block in found.blocks)
        and root.body.strip()
    ):
        # The parts are so broken that none was found: then the bytes between them are shown.
        found.problems.append(marked("The parts of this mail could not be told apart; it is shown as it came."))
        found.blocks = [_Block(text=_decoded_text(root.body, root, found), html=None)]
    return found


def _collect(node: Node, found: Found, *, parent: str, first: bool) -> list[_Block]:
    if node.broken:
        found.problems.append(node.broken)
    if node.children:
        return _collect_children(node, found)
    if not node.headers and not node.body.strip() and parent:
        return []
    if _is_shown(node, parent=parent, first=first):
        return _shown(node, found)
    return _file(node, found, parent=parent)


def _collect_children(node: Node, found: Found) -> list[_Block]:
    alternative = node.content_type == "multipart/alternative"
    views = [
        _collect(child, found, parent=node.content_type, first=index == 0 or alternative)
        for index, child in enumerate(node.children)
    ]
    if alternative:
        return _choose([view for view in views if view])
    return [block for view in views for block in view]


def _choose(views: list[list[_Block]]) -> list[_Block]:
    """Of alternatives, the plain ones give the text and the others the HTML; of two of a kind neither is lost."""
    plain = [view for view in views if all(block.html is None for block in view)]
    rich = [view for view in views if any(block.html is not None for block in view)]
    if not any(_as_text(view).strip() for view in plain):
        return [block for view in rich or plain for block in view]
    if not rich:
        return [_Block(text=text, html=None) for text in dict.fromkeys(map(_as_text, plain))]
    html = "\n".join(dict.fromkeys(_as_html(view) or "" for view in rich))
    return [_Block(text="\n".join(dict.fromkeys(map(_as_text, plain))), html=html)]


def _is_shown(node: Node, *, parent: str, first: bool) -> bool:
    if node.content_type.startswith("multipart/"):
        return not node.children
    if not node.content_type.startswith("text/") or node.content_type in ("text/calendar", "text/rfc822-headers"):
        return False
    if node.disposition[0] == "attachment":
        return False
    named = bool(node.disposition[1].get("filename") or node.parameters.get("name"))
    if node.content_type in ("text/plain", "text/html"):
        return first or not (named or parent == "multipart/related")
    return not named and node.content_type in ("text/markdown", "text/x-markdown")


def _shown(node: Node, found: Found) -> list[_Block]:
    data = node.data
    html = node.content_type == "text/html"
    if not html and node.encoding not in _ENCODED_ANYWAY:
        attached, data = uu_files(data)
        for file in attached:
            name = decode(file.name)
            _add(found, name=name, content_type=content_type_of(name), data=file.data)
    text = _decoded_text(data, node, found)
    return [_Block(text=None, html=text)] if html else [_Block(text=text, html=None)]


def _decoded_text(data: bytes, node: Node, found: Found) -> str:
    limit = MAX_HTML if node.content_type == "text/html" else MAX_TEXT
    charset = node.parameters.get("charset")
    hints = [charset, *found.charsets] if charset else list(found.charsets)
    if node.content_type == "text/html" and (meta := _META_CHARSET.search(data, 0, 4096)):
        hints.insert(0, meta[1].decode("ascii"))
    if len(data) > limit * 4:
        found.problems.append(marked("The text is longer than Postroom shows; the original mail holds all of it."))
        data = data[: limit * 4]
    text = _NEWLINES.sub("\n", decode(data, charset, hints=hints))
    return text[:limit]


def _file(node: Node, found: Found, *, parent: str) -> list[_Block]:
    name = stated_name(node, found.charsets)
    if node.content_type in ("application/ms-tnef", "application/vnd.ms-tnef") or name.lower() == "winmail.dat":
        opened = _winmail(node, found)
        if opened is not None:
            return opened
    message = node.content_type in ("message/rfc822", "message/global", "message/news")
    if message and name and not name.lower().endswith((".eml", ".msg", ".txt")):
        name = f"{name}.eml"
    content_id = node.raw("content-id").decode("latin-1").strip(" <>\t\r\n")[:300] or None
    inline = node.disposition[0] != "attachment" and (
        content_id is not None or node.disposition[0] == "inline" or parent == "multipart/related"
    )
    _add(found, name=name, content_type=node.content_type, data=node.data, content_id=content_id, inline=inline)
    return []


def _winmail(node: Node, found: Found) -> list[_Block] | None:
    opened = open_tnef(node.data)
    if opened is None or not (opened.files or opened.body or opened.html_body):
        return None
    for file in opened.files:
        _add(found, name=file.name, content_type=content_type_of(file.name), data=file.data)
    if not opened.files:  # the message itself, formatted in a way that only Outlook reads
        _add(found, name="winmail.dat", content_type="application/ms-tnef", data=node.data)
    if opened.html_body:
        meta = _META_CHARSET.search(opened.html_body, 0, 4096)
        return [_Block(text=None, html=decode(opened.html_body, meta[1].decode("ascii") if meta else None)[:MAX_HTML])]
    return [_Block(text=_NEWLINES.sub("\n", opened.body)[:MAX_TEXT], html=None)] if opened.body.strip() else []


def _add(
    found: Found, *, name: str, content_type: str, data: bytes, content_id: str | None = None, inline: bool = False
) -> None:
    if len(found.files) >= MAX_FILES:
        if len(found.files) == MAX_FILES:
            found.problems.append(
                marked("There are more attachments than Postroom lists; the original mail holds all of them.")
            )
        return
    safe = safe_name(name, content_type=content_type, number=len(found.files) + 1)
    found.files.append(
        ParsedAttachment(
            name=safe, content_type=content_type, size=len(data), data=data, content_id=content_id, inline=inline
        )
    )


def _as_text(blocks: list[_Block]) -> str:
    return "\n".join(block.text if block.text is not None else to_text(block.html or "") for block in blocks)


def _as_html(blocks: list[_Block]) -> str | None:
    if all(block.html is None for block in blocks):
        return None
    return "\n".join(block.html if block.html is not None else text_to_html(block.text or "") for block in blocks)
