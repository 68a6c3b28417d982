"""Snoozing: POST puts a conversation off, DELETE ends that."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from postroom.core.conversations.actions.snooze import snooze, unsnooze
from postroom.core.conversations.models import Conversation
from postroom.faces.web import words
from postroom.faces.web.access import person
from postroom.faces.web.moments import ANSWER, chosen
from postroom.faces.web.snoozes import back_to_snooze
from postroom.faces.web.verbs import Done, Undo, asks, verb

# The button that means the moment typed beside it.
TYPED = "typed"


@verb
def snoozing(request: HttpRequest, conversation: Conversation) -> Done:
    """Snooze until `until` (a moment, "answer", or "typed": `at`), and go on with the next; or wake it as it was."""
    back = back_to_snooze(conversation) or Undo("DELETE", reverse("snooze", args=[conversation.pk]))
    number = {"number": conversation.pk}
    if asks(request) == "DELETE":
        did = unsnooze(conversation, by=person(request))
        return Done(_("#%(number)s is not snoozed any more.") % number, undo=back) if did else Done()
    wanted = _said(request, "until")
    wanted = _said(request, "at") if wanted == TYPED else wanted
    until = None if wanted == ANSWER else chosen(wanted)
    if not snooze(conversation, until=until, wakes_on_answer=not _said(request, "stay"), by=person(request)):
        return Done()
    if until is None:
        sentence = _("Snoozed #%(number)s until they answer.") % number
    else:
        sentence = _("Snoozed #%(number)s until %(when)s.") % {**number, "when": words.until(until)}
    return Done(sentence, undo=back, leave=True)


def _said(request: HttpRequest, name: str) -> str:
    """What the form says; the way back says it in its address."""
    return request.POST.get(name) or request.GET.get(name, "")
