"""Whom a reply would go to now, for a composer that has been open for a while."""

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from postroom.faces.web.access import signed_in
from postroom.faces.web.composing import addressed
from postroom.faces.web.visible import conversation_or_404


@require_safe
@signed_in
def recipients(request: HttpRequest, conversation_id: int) -> JsonResponse:
    """Return it as the page of the conversation says it to its composer."""
    return JsonResponse(addressed(conversation_or_404(request, conversation_id)))
