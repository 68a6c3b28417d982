"""Whom we trust on the other end of a line."""

import ssl

from django.conf import settings


def context() -> ssl.SSLContext:
    """Return the machine's trust, and that of POSTROOM_CA_FILE for a server with a certificate of one's own."""
    made = ssl.create_default_context()
    if settings.POSTROOM_CA_FILE:
        made.load_verify_locations(settings.POSTROOM_CA_FILE)
    return made
