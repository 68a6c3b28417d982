"""When a session's person last showed who they are."""

import time
from datetime import timedelta

from django.http import HttpRequest

# So long nobody is asked again before a dangerous setting.
FRESH = timedelta(minutes=15)
_KEY = "proven_at"


def proven(request: HttpRequest) -> None:
    """Remember that this session's person has just shown who they are."""
    request.session[_KEY] = time.time()


def is_fresh(request: HttpRequest) -> bool:
    """Tell whether that was less than a quarter of an hour ago."""
    return float(request.session.get(_KEY, 0)) > time.time() - FRESH.total_seconds()
