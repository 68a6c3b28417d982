"""Lucide icons, drawn from one sprite."""

from functools import lru_cache

from django.templatetags.static import static
from markupsafe import Markup, escape

SPRITE = "postroom/vendor/lucide.svg"


# A page draws the same few hundred times.
@lru_cache(maxsize=1000)
def icon(name: str, *, label: str = "", size: int = 16) -> Markup:
    """Return an icon of the sprite; without a label it is decoration beside a word, hidden from screen readers.

    Names are listed in static/postroom/vendor/vendor.toml; a test looks that every name used in a template is there.
    """
    named = Markup('role="img" aria-label="{}"').format(label) if label else Markup('aria-hidden="true"')
    return Markup(
        '<svg class="icon" width="{size}" height="{size}" {named} focusable="false"><use href="{href}#{name}"/></svg>'
    ).format(size=size, named=named, href=escape(static(SPRITE)), name=name)
