"""Every visible character of every mail is reachable: what is shown and what is folded are together the original."""

from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from postroom.channels.mail.parse import parse
from postroom.channels.mail.quotes import split_reply
from postroom.lib.html import sanitize, sanitize_view, text_to_html
from tests.channels.mail.quotes.visible import letters, visible, visible_folded

_HERE = Path(__file__).resolve()
_OWN = sorted((_HERE.parents[1] / "mails").rglob("*.eml"))
# Beside the repository on the machine that has them; they are no part of it.
_CORPORA = _HERE.parents[3] / "shared" / "corpora"
_FOLDERS = ("mime", "charset", "forward", "reply", "bounces")
# Controls and drawings of a page, not words of a mail; the original can be downloaded.
_LEFT_OUT = "textarea, select, svg, math, object, iframe, embed, applet, xml, noembed, noframes, frameset"


def _hidden_parts(raw: bytes) -> list[str]:
    """Return in which ways characters of this mail cannot be reached."""
    parsed = parse(raw)
    found: list[str] = []
    reply = split_reply(parsed.text, subject=parsed.subject)
    if "\n".join(piece.text for piece in reply.pieces) != parsed.text:
        found.append("text")
    drawn = "".join(text_to_html(piece.text.strip("\n")) for piece in reply.pieces if piece.text.strip())
    if letters(LexborHTMLParser(f"<body>{drawn}").text() or "") != letters(parsed.text):
        found.append("text as drawn")
    if parsed.html:
        for name, clean in (("html", sanitize), ("html without images", sanitize_view)):
            cleaned = clean(parsed.html)
            if visible(cleaned) != visible(_without_controls(parsed.html)):
                found.append(f"{name}, cleaned")
            if visible_folded(cleaned, subject=parsed.subject) != visible(cleaned):
                found.append(f"{name}, folded")
    return found


def _without_controls(html: str) -> str:
    tree = LexborHTMLParser(html)
    for node in tree.css(_LEFT_OUT):
        node.decompose()
    return tree.html or ""


@pytest.mark.parametrize("path", _OWN, ids=lambda path: path.stem)
def test_of_our_own_mails(path: Path) -> None:
    assert _hidden_parts(path.read_bytes()) == []


@pytest.mark.skipif(not _CORPORA.is_dir(), reason="The corpora are not on this machine (../shared/corpora).")
@pytest.mark.parametrize("folder", _FOLDERS)
def test_of_public_mails(folder: str) -> None:
    files = [path for path in sorted((_CORPORA / folder).rglob("*")) if path.is_file() and path.suffix != ".json"]
    assert files
    hidden = {path.name: parts for path in files if (parts := _hidden_parts(path.read_bytes()))}
    assert hidden == {}
