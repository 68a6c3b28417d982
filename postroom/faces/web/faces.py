"""A person's or a team's face: their photo, or two letters on a colour of their own."""

from functools import lru_cache

from markupsafe import Markup

from postroom.faces.web.icons import icon
from postroom.faces.web.naming_pages import address
from postroom.faces.web.words import hue, initials

_PHOTO = Markup(
    '<img class="avatar{size}" src="{photo}" alt="" title="{name}" width="48" height="48" loading="lazy" '
    'decoding="async">'
)
_LETTERS = Markup('<span class="avatar avatar-hue-{hue}{size}" title="{name}" aria-hidden="true">{letters}</span>')


# A list shows the same few a hundred times.
@lru_cache(maxsize=5000)
def avatar(name: str, *, size: str = "", kind: str = "person", photo: str = "") -> Markup:
    """Return a face as an image; `photo` is the digest of a person's photo, `kind` is person or team."""
    sized = f" avatar-{size}" if size else ""
    if photo:
        return _PHOTO.format(size=sized, photo=address("photo", photo), name=name)
    if kind == "team":
        return _LETTERS.format(hue=hue(name), size=f"{sized} avatar-team", name=name, letters=icon("users", size=12))
    return _LETTERS.format(hue=hue(name), size=sized, name=name, letters=initials(name))
