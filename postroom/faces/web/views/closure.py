"""A conversation's closure: POST closes, DELETE reopens."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from postroom.core.conversations.actions.close import close, reopen
from postroom.core.conversations.models import PENDING, Conversation
from postroom.faces.web.access import person
from postroom.faces.web.snoozes import back_to_snooze
from postroom.faces.web.verbs import Done, Undo, asks, verb


@verb
def closure(request: HttpRequest, conversation: Conversation) -> Done:
    """Close, and go on with the next; or reopen."""
    here = reverse("closure", args=[conversation.pk])
    was_pending, snoozed = conversation.status == PENDING, back_to_snooze(conversation)
    if asks(request) == "DELETE":
        back = snoozed or Undo("POST", reverse("pending", args=[conversation.pk]) if was_pending else here)
        did = reopen(conversation, by=person(request))
        return Done(_("Reopened #%(number)s.") % {"number": conversation.pk}, undo=back) if did else Done()
    back = snoozed or (
        Undo("POST", reverse("pending", args=[conversation.pk])) if was_pending else Undo("DELETE", here)
    )
    if close(conversation, by=person(request)):
        return Done(_("Closed #%(number)s.") % {"number": conversation.pk}, undo=back, leave=True)
    return Done(_("#%(number)s is closed already.") % {"number": conversation.pk}, leave=True)
