"""Answer who may see a thing and may not do this to it: 403 with the reason, in the form that was asked for."""

from django.http import HttpRequest, HttpResponse

from postroom.faces.web.verbs import refused as refused_on_page
from postroom.faces.web.writing_answers import refused as refused_as_json


def not_allowed(request: HttpRequest, sentence: str) -> HttpResponse:
    """Answer the composer as JSON, htmx with a toast, and a plain form with a page."""
    if "HX-Request" not in request.headers and "application/json" in request.headers.get("Accept", ""):
        return refused_as_json(sentence, status=403, kind="not-allowed")
    return refused_on_page(request, sentence, status=403)
