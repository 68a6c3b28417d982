"""Speak the reader's language and tell their time: the browser's and the installation's until somebody signs in."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone, translation

from postroom.core.accounts.time_zones import zone_of

Respond = Callable[[HttpRequest], HttpResponseBase]


def persons_language(get_response: Respond) -> Respond:
    """Activate the signed-in person's language and time zone; LocaleMiddleware has already chosen for strangers."""
    known = {code for code, _name in settings.LANGUAGES}

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if request.user.is_authenticated and request.user.language in known:
            translation.activate(request.user.language)
        # None is the installation's own: the thread may have served somebody far away before.
        with timezone.override(zone_of(request.user) if request.user.is_authenticated else None):
            return get_response(request)

    return middleware
