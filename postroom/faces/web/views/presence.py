"""Being there: a page says which conversation it shows, and what the people of other pages look like."""

import re

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST, require_safe

from postroom.core.accounts.models import User
from postroom.core.conversations.actions.presence import be_here, leave
from postroom.core.conversations.models import Conversation
from postroom.faces.web.access import person, signed_in
from postroom.faces.web.fragments import small_number

_TAB = re.compile(r"[0-9a-f]{8,32}")
_MOST_FACES = 100


@require_POST
@signed_in
def presence(request: HttpRequest, conversation_id: int) -> HttpResponse:
    """Say that the page `tab` shows this conversation, with `state` viewing or writing, or that it is gone."""
    me = person(request)
    conversation = get_object_or_404(Conversation.objects.visible_to(me).only("pk"), pk=conversation_id)
    tab, state = request.POST.get("tab", ""), request.POST.get("state", "")
    if not _TAB.fullmatch(tab):
        return HttpResponse(status=422)
    if state == "gone":
        leave(by=me, tab=tab)
    else:
        be_here(conversation, by=me, tab=tab, writing=state == "writing")
    return HttpResponse(status=204)


@require_safe
@signed_in
def faces(request: HttpRequest) -> HttpResponse:
    """Show the faces of the people numbered in `ids`, as everybody on the team may see them."""
    numbers = [number for text in request.GET.get("ids", "").split(",")[:_MOST_FACES] if (number := small_number(text))]
    people = User.objects.filter(pk__in=numbers).only("pk", "name", "photo_digest").order_by("name", "pk")
    return render(request, "_faces.html", {"people": people})
