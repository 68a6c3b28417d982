"""Where a mail's links really lead: on each link, and in plain sight where its words name another place."""

import re
import secrets
from collections.abc import Callable
from html import escape
from urllib.parse import parse_qs, unquote, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from postroom.lib.html.nesting import too_much
from postroom.lib.lookalikes import same_house, shown_domain

_MOST = 2000
_LONGEST = 300
# The words of a link that are themselves an address: "www.bank.example/login", "https://bank.example".
_ADDRESS = re.compile(
    r"\s*(?:(https?)://)?(?:[^\s/@]+@)?([a-z0-9\u00a1-\uffff][a-z0-9\u00a1-\uffff.-]*\.[a-z\u00a1-\uffff]{2,24})"
    r"(?::\d+)?(?:[/?#]\S*)?\s*",
    re.IGNORECASE,
)
_MAIL = re.compile(r"\s*(?:mailto:)?([^\s@<>]+@[^\s@<>]+\.[^\s@<>]+)\s*", re.IGNORECASE)
# "readme.txt" is a file, not a host.
_FILE_ENDINGS = frozenset("txt pdf doc docx xls xlsx ppt zip html htm php js py css csv png jpg jpeg gif md".split())
# Guards and searchers put themselves before a link; the place behind is what the reader wants to know.
_WRAPPERS = (
    (re.compile(r"(?:^|\.)safelinks\.protection\.outlook\.com$"), "url"),
    (re.compile(r"(?:^|\.)google\.[a-z.]{2,6}$"), "q"),
    (re.compile(r"^urldefense\.proofpoint\.com$"), "u"),
    (re.compile(r"^(?:l|lm)\.facebook\.com$"), "u"),
)


def with_true_links(html: str, *, warning: Callable[[str], str]) -> str:
    """Return sanitised HTML in which each link says where it leads when it is pointed at (`title`).

    A link whose words name another host has `warning(host)` behind it, in an element of the class `goes-to`, which no
    mail can bring with it.
    """
    if "<a" not in html or too_much(html):
        return html
    tree = LexborHTMLParser(html)
    mark = secrets.token_hex(8)
    words: list[str] = []
    changed = False
    for link in tree.css("a[href]")[:_MOST]:
        href = link.attributes.get("href") or ""
        target = destination(href)
        if not target:
            continue
        changed = True
        link.attrs["title"] = shown(target)
        if other := _elsewhere(link, target):
            link.insert_after(f"{mark}{len(words)}.")
            words.append(warning(other))
    body = tree.body
    if not changed or body is None:
        return html
    made = body.inner_html or ""
    for number, said in enumerate(words):
        made = made.replace(f"{mark}{number}.", f' <span class="goes-to">{escape(said)}</span> ')
    return made


def destination(href: str) -> str:
    """Return where a link leads, without the guards that mail programs put before it; "" for what is no place."""
    for _ in range(3):
        try:
            parts = urlsplit(href.strip())
        except ValueError:
            return ""
        if parts.scheme.lower() not in ("http", "https", "mailto"):
            return ""
        host = (parts.hostname or "").lower()
        inside = next((_inner(parts.query, key) for guard, key in _WRAPPERS if guard.search(host)), "")
        if not inside:
            return href.strip()
        href = inside
    return href


def shown(target: str) -> str:
    """Return an address as a person reads it: its host in its own letters, and in ASCII where those could deceive."""
    parts = urlsplit(target)
    if parts.scheme.lower() == "mailto":
        return unquote(parts.path)[:_LONGEST]
    host = shown_domain(parts.hostname or "")
    rest = f"{parts.path}{'?' if parts.query else ''}{parts.query}"
    return f"{parts.scheme}://{host}{rest}"[:_LONGEST]


def _inner(query: str, key: str) -> str:
    found = next(iter(parse_qs(query).get(key, [])), "")
    if key == "u" and "-3A" in found:
        # Proofpoint writes "-3A__" for "://" and "_" for "/".
        found = unquote(found.replace("-", "%").replace("_", "/"))
    return found if found.lower().startswith(("http://", "https://")) else ""


def _elsewhere(link: LexborNode, target: str) -> str:
    """Return the host, or the mail address, that the words of a link conceal; "" when they say nothing else."""
    text = link.text() or ""
    if len(text) > _LONGEST:
        return ""
    parts = urlsplit(target)
    if mail := _MAIL.fullmatch(text):
        if parts.scheme.lower() == "mailto":
            there = unquote(parts.path).lower()
            return "" if not there or mail[1].lower() in there else there[:_LONGEST]
        return shown_domain(parts.hostname or "")
    named = _ADDRESS.fullmatch(text)
    if not named or not parts.hostname:
        return ""
    host = named[2].lower()
    if not named[1] and (host.rpartition(".")[2] in _FILE_ENDINGS):
        return ""
    return "" if same_house(host, parts.hostname) else shown_domain(parts.hostname)
