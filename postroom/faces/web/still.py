"""Pieces of pages that are the same for everybody who reads the same language: drawn once for each."""

from functools import lru_cache

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import get_language
from markupsafe import Markup

from postroom.faces.web.keys import KEYS


def still(template: str) -> Markup:
    """Return a template that asks for nothing but the language and the list of keys."""
    return _drawn(template, get_language() or "")


def _draw(template: str, _language: str) -> Markup:
    return Markup(render_to_string(template, {"all_keys": KEYS}))  # noqa: S704  (a template of ours, escaped there)


# Whoever works on a template wants to see it change.
_drawn = _draw if settings.DEBUG else lru_cache(maxsize=200)(_draw)
