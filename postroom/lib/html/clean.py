"""Make a stranger's HTML safe to show: nothing active, and in the default view nothing that calls home."""

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass

import nh3

from postroom.lib.html.nesting import MAX_LENGTH, plain_entities, too_much, words_only
from postroom.lib.html.plain import text_to_html
from postroom.lib.html.styles import PROPERTIES, safe_style

_TAGS = {
    "a", "abbr", "acronym", "address", "article", "aside", "b", "bdi", "bdo", "big", "blockquote", "br", "caption",
    "center", "cite", "code", "col", "colgroup", "dd", "del", "details", "dfn", "dir", "div", "dl", "dt", "em",
    "figcaption", "figure", "font", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "i", "img", "ins",
    "kbd", "label", "li", "main", "mark", "nav", "nobr", "ol", "p", "pre", "q", "rp", "rt", "ruby", "s", "samp",
    "section", "small", "span", "strike", "strong", "sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th",
    "thead", "time", "tr", "tt", "u", "ul", "var", "wbr",
}  # fmt: skip
# These take their content with them; of every other unknown element the words stay.
_TAGS_WITH_CONTENT = {
    "script", "style", "title", "template", "noscript", "iframe", "object", "embed", "applet", "svg", "math",
    "textarea", "select", "xml", "noembed", "noframes",
}  # fmt: skip
_EVERYWHERE = {"align", "bgcolor", "class", "color", "dir", "height", "id", "lang", "style", "title", "valign", "width"}
_ATTRIBUTES = {
    "*": _EVERYWHERE,
    "a": {"href", "rel", "target"},
    "img": {"alt", "src", "border", "hspace", "vspace", "data-remote-src"},
    "font": {"face", "size"},
    "table": {"border", "cellpadding", "cellspacing", "summary"},
    "td": {"colspan", "rowspan", "nowrap", "abbr", "scope"},
    "th": {"colspan", "rowspan", "nowrap", "abbr", "scope"},
    "col": {"span"},
    "colgroup": {"span"},
    "ol": {"start", "type", "reversed"},
    "ul": {"type"},
    "li": {"value", "type"},
    "hr": {"size", "noshade"},
    "time": {"datetime"},
    "blockquote": {"type"},
}
_SCHEMES = {"http", "https", "mailto", "tel", "sms", "cid", "data"}
_LINK = re.compile(r"(?:https?:|mailto:|tel:|sms:)[^\x00-\x1f]*", re.IGNORECASE | re.DOTALL)
_REMOTE = re.compile(r"https?://[^\x00-\x1f\"]+", re.IGNORECASE)
_LOCAL = re.compile(
    r"cid:[^\x00-\x20\"<>]{1,300}|data:image/(?:png|gif|jpe?g|webp|bmp);base64,[A-Za-z0-9+/=\s]+", re.IGNORECASE
)
# What mail programs mark their quotes with; any other class or id could meet one of our own pages'.
_QUOTE_CLASS = re.compile(
    r"(?:gmail|moz|yahoo|ydp|protonmail|tutanota|zmail|Apple|Mso|Outlook|WordSection|hm|iwc|freshdesk|"
    r"front)[\w-]{0,60}|quote"
)
_PRE = re.compile(r"(<pre(?: [^<>]*)?>)\n")
_QUOTE_IDS = frozenset(
    [
        "appendonsend",
        "divRplyFwdMsg",
        "OLK_SRC_BODY_SECTION",
        "mail-editor-reference-message-container",
        "isForwardContent",
        "Zm-_Id_-Sgn",
        "Signature",
        "ms-outlook-mobile-signature",
        "AppleMailSignature",
        "lineBreakAtBeginningOfSignature",
        "replySplit",
    ]
)


@dataclass(frozen=True, slots=True)
class Sanitized:
    """Safe HTML, and how many remote images it was kept from loading."""

    html: str
    blocked: int = 0


def sanitize(html: str) -> str:
    """Return the HTML without anything active; remote images may load.

    Images are left with `https:`, `http:`, `data:` (raster only) and `cid:` sources; links open elsewhere.
    """
    return _clean(html, _keep_attribute)


def sanitize_view(html: str) -> str:
    """Return the HTML as it is shown by default: nothing active, nothing remote."""
    return view(html).html


def view(html: str) -> Sanitized:
    """Return the default view and the number of remote images in it, their address moved to `data-remote-src`."""
    mark = f"x-{secrets.token_hex(8)}:"  # unguessable, so the mail cannot write it

    def filtered(tag: str, name: str, value: str) -> str | None:
        kept = _keep_attribute(tag, name, value)
        return mark + kept if kept and name == "src" and _REMOTE.match(kept) else kept

    cleaned = _clean(html, filtered)
    marked = f' src="{mark}'
    return Sanitized(html=cleaned.replace(marked, ' data-remote-src="'), blocked=cleaned.count(marked))


def _clean(html: str, attribute_filter: Callable[[str, str, str], str | None]) -> str:
    html = html[:MAX_LENGTH].replace("\x00", "")
    if too_much(html):
        return text_to_html(words_only(html))  # escaped, with links of our own making: there is nothing to clean
    cleaned = nh3.clean(
        plain_entities(html),
        tags=_TAGS,
        clean_content_tags=_TAGS_WITH_CONTENT,
        attributes=_ATTRIBUTES,
        attribute_filter=attribute_filter,
        url_schemes=_SCHEMES,
        link_rel=None,
        set_tag_attribute_values={"a": {"rel": "noopener noreferrer nofollow", "target": "_blank"}},
        filter_style_properties=set(PROPERTIES),
        strip_comments=True,
    )
    return _PRE.sub(r"\1\n\n", cleaned)  # a parser drops the first newline in <pre>, so it is written twice


def _keep_attribute(_tag: str, name: str, value: str) -> str | None:
    match name:
        case "style":
            return safe_style(value) or None
        case "href":
            return value.strip() if _LINK.fullmatch(value.strip()) else None
        case "src":
            return _image_source(value)
        case "data-remote-src":
            return value if _REMOTE.fullmatch(value) else None
        case "class":
            return " ".join(word for word in value.split()[:20] if _QUOTE_CLASS.fullmatch(word)) or None
        case "id":
            return value if value in _QUOTE_IDS else None
        case _:
            return value if len(value) <= 2000 else None


def _image_source(value: str) -> str | None:
    value = value.strip()
    if value.startswith("//"):
        value = f"https:{value}"
    return value if _LOCAL.fullmatch(value) or _REMOTE.fullmatch(value) else None
