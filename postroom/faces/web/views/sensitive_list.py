"""Sensitive conversations as numbers, for people who may break the glass."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from postroom.core.accounts.permissions import BREAK_GLASS
from postroom.core.conversations.actions.glass import GlassRefused, break_glass
from postroom.core.conversations.models import Conversation, NamedPerson
from postroom.core.conversations.naming import glasses_of, seen_now, sensitive_ones
from postroom.faces.web import shell
from postroom.faces.web.access import needs, person
from postroom.faces.web.fragments import small_number

PAGE = 50


@dataclass(frozen=True)
class Line:
    """A number, a mailbox and a date; whether this person sees it, and until when if they broke the glass."""

    conversation: Conversation
    seen: bool
    glass: NamedPerson | None


@require_safe
@needs(BREAK_GLASS)
def sensitive_list(request: HttpRequest) -> HttpResponse:
    """List them, the newest first."""
    return _show(request)


@require_POST
@needs(BREAK_GLASS)
def glass(request: HttpRequest, number: int) -> HttpResponse:
    """Break it, with a reason, and go to the conversation."""
    reason = request.POST.get("reason", "")
    try:
        break_glass(small_number(str(number)), reason=reason, by=person(request))
    except GlassRefused as refusal:
        return _show(request, number=number, reason=reason, mistake=str(refusal), status=409)
    return HttpResponseRedirect(reverse("conversation", args=[number]))


def _show(
    request: HttpRequest, *, number: int = 0, reason: str = "", mistake: str = "", status: int = 200
) -> HttpResponse:
    me = person(request)
    before = small_number(request.GET.get("before")) or None
    found = sensitive_ones(before=before, limit=PAGE + 1)
    seen, glasses = seen_now(me, [one.pk for one in found]), glasses_of(me)
    context = {
        "tab": "sensitive",
        "lines": [Line(one, one.pk in seen, glasses.get(one.pk)) for one in found[:PAGE]],
        "next": found[PAGE - 1].pk if len(found) > PAGE else None,
        "number": number,
        "reason": reason,
        "mistake": mistake,
    }
    return shell.page(request, "settings_sensitive.html", context, status=status)
