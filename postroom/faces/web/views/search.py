"""Looking for conversations."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from postroom.core.conversations.condition import Fault, parse
from postroom.core.conversations.condition.operators import OPERATORS
from postroom.core.conversations.lists import Listed
from postroom.core.conversations.selections import RANK, SORTS
from postroom.faces.web.access import person, signed_in
from postroom.faces.web.completion import suggestions
from postroom.faces.web.fragments import small_number
from postroom.faces.web.places import Place, search_place
from postroom.faces.web.views.folders import show_list, show_rows

_LONGEST = 1000


@require_safe
@signed_in
def search(request: HttpRequest) -> HttpResponse:
    """Show what a search finds, or what it does not understand."""
    here = _place(request)
    typed = here.typed or ""
    faults = parse(typed, by=person(request)).faults
    more: dict[str, object] = {
        "faults": faults,
        "marked_faults": _marked(typed, faults),
        "operators": {} if typed.strip() else OPERATORS,
    }
    if faults or not typed.strip():
        more["page"] = Listed(())
    return show_list(request, here, more)


@require_safe
@signed_in
def rows(request: HttpRequest) -> HttpResponse:
    """Show rows of what a search finds."""
    return show_rows(request, _place(request))


@require_safe
@signed_in
def completion(request: HttpRequest) -> HttpResponse:
    """Say what may stand where somebody is typing: `q` is the text, `at` where the cursor is in it."""
    text = request.GET.get("q", "")[:_LONGEST]
    at = small_number(request.GET.get("at")) if request.GET.get("at") else len(text)
    found = suggestions(text, at=min(at, len(text)), user=person(request))
    return JsonResponse(
        {
            "from": found.start,
            "to": found.end,
            "suggestions": [{"text": one.text, "word": one.word, "note": str(one.note)} for one in found.suggestions],
        }
    )


def _place(request: HttpRequest) -> Place:
    sort = request.GET.get("sort", "")
    return search_place(request.GET.get("q", "")[:_LONGEST], sort=sort if sort in SORTS else RANK)


def _marked(typed: str, faults: tuple[Fault, ...]) -> list[tuple[str, bool]]:
    """Return what was typed in pieces, and which of them were not understood."""
    pieces, done = [], 0
    for fault in faults:
        start, end = max(fault.at, done), fault.at + fault.length
        if end > start:
            pieces += [(typed[done:start], False), (typed[start:end], True)]
            done = end
    return [piece for piece in [*pieces, (typed[done:], False)] if piece[0]]
