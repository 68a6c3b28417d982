"""Strangers' HTML: made safe, made plain, made from plain text."""

from postroom.lib.html.clean import Sanitized, sanitize, sanitize_view, view
from postroom.lib.html.images import rewrite_images, with_remote_images
from postroom.lib.html.plain import text_to_html, to_text

__all__ = [
    "Sanitized",
    "rewrite_images",
    "sanitize",
    "sanitize_view",
    "text_to_html",
    "to_text",
    "view",
    "with_remote_images",
]
