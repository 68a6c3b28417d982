"""One list of the sidebar as a link. Drawn by a template, the sixty of a page cost a fifth of it."""

from functools import lru_cache

from markupsafe import Markup, escape

from postroom.faces.web.icons import icon
from postroom.faces.web.places import Place


def link(here: Place, n: int, *, current: str = "", strong: bool = False) -> Markup:
    """Return the link to a list with the number it holds; `current` is the key of the list that is shown, if any."""
    before, after = _pieces(here.url, here.key, here.title, here.look.icon)
    shown = 'aria-current="page"' if current == here.key else ""
    count = f'<span class="count {"count-strong" if strong else ""}">{n:d}</span>' if n else ""
    # Every piece was escaped, or is of our own making.
    return Markup(f"{before}{shown}{after}{count}</a>")  # noqa: S704


@lru_cache(maxsize=20_000)
def _pieces(url: str, key: str, title: str, drawing: str) -> tuple[str, str]:
    address, words = escape(url), escape(title)
    before = (
        f'<a class="sidebar-link" href="{address}" data-place="{escape(key)}" title="{words}" hx-get="{address}" '
        'hx-target="#panes" hx-swap="outerHTML" hx-push-url="true" '
    )
    return before, f'>{icon(drawing)} <span class="sidebar-name">{words}</span> '
