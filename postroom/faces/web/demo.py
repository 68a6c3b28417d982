"""Whether the pages are those of a demo; asked once for each page."""

from django.http import HttpRequest

from postroom.core.accounts import setup


def is_demo(request: HttpRequest) -> bool:
    """Tell whether this installation is a demo, whose mail leaves nowhere."""
    known: bool | None = getattr(request, "postroom_demo", None)
    if known is None:
        known = setup.is_demo()
        request.postroom_demo = known  # type: ignore[attr-defined]
    return known
