"""Absolute addresses of what an answer names."""

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse


def absolute(request: HttpRequest, name: str, number: int) -> str:
    """Return the address called `name` with this number, as the program can ask for it."""
    base = settings.POSTROOM_BASE_URL or request.build_absolute_uri("/").rstrip("/")
    return base + reverse(name, args=[number])
