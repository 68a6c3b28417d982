"""Speak the reader's language: the browser's until somebody signs in, then the person's own."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import translation

Respond = Callable[[HttpRequest], HttpResponseBase]


def persons_language(get_response: Respond) -> Respond:
    """Activate the signed-in person's language; LocaleMiddleware has already chosen one for strangers."""
    known = {code for code, _name in settings.LANGUAGES}

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if request.user.is_authenticated and request.user.language in known:
            translation.activate(request.user.language)
        return get_response(request)

    return middleware
