"""What of a page is asked for: htmx names the element that it will replace."""

from django.http import HttpRequest


def wanted(request: HttpRequest) -> str:
    """Return the id of the element to be replaced, or "" when the whole page is asked for."""
    if "HX-Request" not in request.headers or "HX-History-Restore-Request" in request.headers:
        return ""
    return request.headers.get("HX-Target", "")


def small_number(text: str | None) -> int:
    """Read an id from an address or a form; 0 for anything that is none."""
    text = text or ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else 0
