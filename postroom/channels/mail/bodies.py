"""Find the words of a mail: which parts are shown, in which order, which are files (after RFC 8621 section 4.1.4)."""

import re

from postroom.channels.mail.charsets import decode
from postroom.channels.mail.contents import Block, Found, as_html, as_text
from postroom.channels.mail.filenames import content_type_of
from postroom.channels.mail.files import keep_as_it_came, take_file
from postroom.channels.mail.flowed import is_flowed, unflowed
from postroom.channels.mail.locations import with_content_ids
from postroom.channels.mail.transfer import uu_files
from postroom.channels.mail.tree import Node
from postroom.lib.marked import marked

MAX_TEXT = 1_000_000
MAX_HTML = 4_000_000
_NEWLINES = re.compile(r"\r\n?|\x0b|\x0c|\u2028|\u2029")
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{2,40})", re.IGNORECASE)
_ENCODED_ANYWAY = frozenset({"base64", "quoted-printable", "x-uuencode", "uuencode", "uue", "x-uue"})


def read_bodies(root: Node) -> Found:
    """Return the shown text and the files of a mail."""
    found = Found()
    found.charsets = list(dict.fromkeys(c for c in (node.parameters.get("charset", "") for node in root.walk()) if c))
    found.blocks = with_content_ids(_collect(root, found, parent="", first=True), found.locations)
    if not (found.files or _has_words(found.blocks)) and any(node.broken or node.loose for node in root.walk()):
        # The parts are so broken that none was found: then the bytes between them are shown.
        found.note(marked("The parts of this mail could not be told apart; it is shown as it came."))
        found.blocks = [Block(text=_decoded_text(root.body, root, found), html=None)]
    elif any(node.beyond for node in root.walk()):
        found.note(marked("Words stand after this mail's last part and are not shown; the original mail holds them."))
    return found


def _has_words(blocks: list[Block]) -> bool:
    return any((block.text or block.html or "").strip() for block in blocks)


def _collect(node: Node, found: Found, *, parent: str, first: bool) -> list[Block]:
    if node.broken:
        found.note(node.broken)
    if node.children:
        return _collect_children(node, found)
    if not node.headers and not node.body.strip() and parent:
        return []
    if not _is_shown(node, parent=parent, first=first):
        return take_file(node, found, parent=parent)
    if _is_doubtful(node, found):
        keep_as_it_came(node, found)
    return _shown(node, found)


def _collect_children(node: Node, found: Found) -> list[Block]:
    alternative = node.content_type == "multipart/alternative"
    views = [
        _collect(child, found, parent=node.content_type, first=index == 0 or alternative)
        for index, child in enumerate(node.children)
    ]
    if alternative:
        return _choose([view for view in views if view])
    return [block for view in views for block in view]


def _choose(views: list[list[Block]]) -> list[Block]:
    """Of alternatives, the plain ones give the text and the others the HTML; of two of a kind neither is lost."""
    plain = [view for view in views if all(block.html is None for block in view)]
    rich = [view for view in views if any(block.html is not None for block in view)]
    if not any(as_text(view).strip() for view in plain):
        return [block for view in rich or plain for block in view]
    if not rich:
        return [Block(text=text, html=None) for text in dict.fromkeys(map(as_text, plain))]
    html = "\n".join(dict.fromkeys(as_html(view) or "" for view in rich))
    return [Block(text="\n".join(dict.fromkeys(map(as_text, plain))), html=html)]


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


def _is_doubtful(node: Node, found: Found) -> bool:
    """Tell whether what is shown of the part may not be all of it, or not right: then it is a file, too."""
    if not node.body.strip():
        return False
    if node.mislabelled:
        found.note(marked("A text is not encoded as the mail says; it is shown, and kept as a file, as it came."))
        return True
    if node.cut:
        found.note(marked("The mail ends too early; its last text is shown, and kept as a file, as far as it came."))
        return True
    return bool(node.broken)


def _shown(node: Node, found: Found) -> list[Block]:
    data = node.data
    html = node.content_type == "text/html"
    if not html and node.encoding not in _ENCODED_ANYWAY:
        attached, data = uu_files(data)
        for file in attached:
            name = decode(file.name)
            found.add_file(name=name, content_type=content_type_of(name), data=file.data)
    text = _decoded_text(data, node, found)
    if is_flowed(node):
        text = unflowed(text, delsp=node.parameters.get("delsp", "").strip().lower() == "yes")
    return [Block(text=None, html=text)] if html else [Block(text=text, html=None)]


def _decoded_text(data: bytes, node: Node, found: Found) -> str:
    limit = MAX_HTML if node.content_type == "text/html" else MAX_TEXT
    charset = node.parameters.get("charset")
    hints = [charset, *found.charsets] if charset else list(found.charsets)
    if node.content_type == "text/html" and (meta := _META_CHARSET.search(data, 0, 4096)):
        hints.insert(0, meta[1].decode("ascii"))
    if len(data) > limit * 4:
        found.note(marked("The text is longer than Postroom shows; the original mail holds all of it."))
        data = data[: limit * 4]
    text = _NEWLINES.sub("\n", decode(data, charset, hints=hints))
    return text[:limit]
