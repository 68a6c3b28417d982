"""Hear of everything in a conversation: POST follows it, DELETE stops. And whom a note may name."""

from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from postroom.core.conversations.actions.follow import follow, unfollow
from postroom.core.conversations.actions.mention import mentionable
from postroom.core.conversations.models import Conversation
from postroom.faces.web.access import person, signed_in
from postroom.faces.web.verbs import Done, Undo, asks, private_verb
from postroom.faces.web.visible import conversation_or_404


@private_verb
def following(request: HttpRequest, conversation: Conversation) -> Done:
    """Follow, or stop following."""
    here, number = reverse("following", args=[conversation.pk]), {"number": conversation.pk}
    if asks(request) == "DELETE":
        done = unfollow(conversation, by=person(request))
        return Done(_("You do not follow #%(number)s any more.") % number, undo=Undo("POST", here)) if done else Done()
    if not follow(conversation, by=person(request)):
        return Done()
    return Done(_("You follow #%(number)s: you hear of all that happens.") % number, undo=Undo("DELETE", here))


@require_safe
@signed_in
def mentionable_people(request: HttpRequest, conversation_id: int) -> JsonResponse:
    """Return the names that a note here may name, as JSON."""
    conversation = conversation_or_404(request, conversation_id)
    people = [one for one in mentionable(conversation) if one.pk != person(request).pk]
    return JsonResponse({"people": [{"id": one.pk, "name": one.name} for one in people]})
