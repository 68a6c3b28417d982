"""What the command palette finds beyond the page: conversations, and at first the settings and the tags."""

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from postroom.faces.web import palette as words
from postroom.faces.web.access import person, signed_in


@require_safe
@signed_in
def palette(request: HttpRequest) -> JsonResponse:
    """Answer with `{entries: [{word, hint, icon, …}]}`: conversations for `q`, else what the page does not show."""
    typed = request.GET.get("q", "").strip()[:200]
    found = words.conversations(person(request), typed) if typed else words.always(person(request))
    return JsonResponse(found, headers={"Cache-Control": "no-store"})
