"""How this browser likes its pages: small cookies, written by shell.js and read here, so that no page flickers."""

from dataclasses import dataclass

from django.http import HttpRequest

THEMES = ("auto", "light", "dark")


@dataclass(frozen=True)
class Preferences:
    theme: str = "auto"
    narrow_sidebar: bool = False
    single_keys: bool = True
    dense: bool = False


def of(request: HttpRequest) -> Preferences:
    """Read the cookies; anything unknown counts as not set."""
    user = getattr(request, "user", None)
    theme = request.COOKIES.get("postroom_theme", "auto")
    return Preferences(
        theme=theme if theme in THEMES else "auto",
        narrow_sidebar=request.COOKIES.get("postroom_sidebar") == "narrow",
        # The person's own setting; a browser may switch them off for itself, too.
        single_keys=request.COOKIES.get("postroom_keys") != "off" and getattr(user, "single_keys", True),
        dense=request.COOKIES.get("postroom_rows") == "dense",
    )
