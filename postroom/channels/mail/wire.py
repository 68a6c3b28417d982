"""Headers as they go over the wire: seven-bit, folded, and safe from what people and strangers put into them.

The standard library folds long ids into encoded words and loses quotes in long address lists; these lines are our own.
"""

import re
from collections.abc import Iterable
from email.header import Header
from email.utils import quote

import idna

from postroom.lib.text import one_line

_ID = re.compile(r"<[!-;=?-~]{3,900}>")
_PLAIN_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]*")
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
# RFC 5322 2.1.1: better under 78, never over 998.
_WIDTH = 76


def text_header(name: str, text: str) -> str:
    """Return a header of free text, in encoded words (RFC 2047) where letters or length ask for it."""
    return f"{name}: {_encoded(_clean(text, length=2000), after=len(name) + 2)}\r\n"


def address_header(name: str, people: Iterable[tuple[str, str]]) -> str:
    """Return an address header from (name, address) pairs, one address a line; nothing when there is nobody."""
    entries = [_entry(*person) for person in people]
    return f"{name}: " + ",\r\n ".join(entries) + "\r\n" if entries else ""


def id_header(name: str, ids: Iterable[str]) -> str:
    """Return a header of Message-IDs, one a line; ids that no header can hold are left out."""
    fit = [one for one in ids if _ID.fullmatch(one)]
    return f"{name}: " + "\r\n ".join(fit) + "\r\n" if fit else ""


def wire_address(email: str) -> str:
    """Return the address with its domain in ASCII (RFC 5890); what cannot be written so is left as it is."""
    local, at, domain = _clean(email, length=320).replace(" ", "").rpartition("@")
    return f"{local}{at}{wire_domain(domain)}"


def wire_domain(domain: str) -> str:
    """Return the domain in ASCII, as IDNA 2008 wants it; what cannot be written so is left as it is."""
    if domain.isascii():
        return domain.lower()
    try:
        # The standard library knows IDNA 2003 only, by which faß.example is another domain: fass.example.
        return idna.encode(domain, uts46=True).decode()
    except idna.IDNAError:
        return domain


def _clean(text: str, *, length: int) -> str:
    """Return one line without what could end it: controls, and the line ends of Unicode."""
    return one_line(_CONTROLS.sub(" ", text), length=length)


def _entry(name: str, email: str) -> str:
    shown = _clean(name, length=200)
    address = wire_address(email).translate({ord("<"): None, ord(">"): None})
    if not shown:
        return address
    if shown.isascii() and "=?" not in shown:
        shown = shown if _PLAIN_NAME.fullmatch(shown) else f'"{quote(shown)}"'
    else:
        shown = Header(shown, "utf-8", maxlinelen=_WIDTH, header_name="Resent-From").encode(linesep="\r\n")
    return f"{shown}\r\n <{address}>" if len(shown) + len(address) > _WIDTH else f"{shown} <{address}>"


def _encoded(text: str, *, after: int) -> str:
    longest = max(map(len, text.split(" ")), default=0)
    if text.isascii() and "=?" not in text and longest <= _WIDTH:
        return Header(text, "us-ascii", maxlinelen=_WIDTH, header_name="x" * after).encode(linesep="\r\n")
    return Header(text, "utf-8", maxlinelen=_WIDTH, header_name="x" * after).encode(linesep="\r\n")
