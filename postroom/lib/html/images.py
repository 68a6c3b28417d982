"""Point images elsewhere: `cid:` at the attachment's page on the way in, the page at `cid:` on the way out."""

import re
from collections.abc import Callable

from selectolax.lexbor import LexborHTMLParser

from postroom.lib.html.nesting import too_much

_REMOTE = re.compile(r"https?:", re.IGNORECASE)


def rewrite_images(html: str, map: Callable[[str], str | None]) -> str:  # noqa: A002  it is what the caller passes
    """Return the HTML with each image's source replaced by what `map` says of it; None leaves the image as it is.

    Call it on HTML that is already sanitised, or sanitise after it.
    """
    if "<img" not in html.lower() or too_much(html):
        return html
    tree = LexborHTMLParser(html)
    changed = False
    for image in tree.css("img[src]"):
        source = image.attributes.get("src") or ""
        target = map(source)
        if target is not None and target != source:
            image.attrs["src"] = target
            changed = True
    body = tree.body
    return (body.inner_html or "") if changed and body is not None else html


def with_remote_images(html: str, address: Callable[[str], str]) -> str:
    """Return sanitised HTML with every image that lies on another server at the address that `address` gives it."""
    return rewrite_images(html, lambda source: address(source) if _REMOTE.match(source) else None)
