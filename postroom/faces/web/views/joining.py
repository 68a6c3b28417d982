"""Where a message belongs: GET offers other conversations, POST moves it there, DELETE takes the last move back."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from postroom.core.conversations.actions.join import join, move_back
from postroom.core.conversations.actions.merge import merge
from postroom.core.conversations.models import MERGED, Conversation, Message
from postroom.core.conversations.models.message import CANCELLED
from postroom.faces.web.access import person, signed_in
from postroom.faces.web.message_verbs import Moved, message_verb, wanted_conversation
from postroom.faces.web.verbs import Undo, asks
from postroom.faces.web.visible import message_or_404


@require_http_methods(["GET", "HEAD", "POST", "DELETE"])
def joining(request: HttpRequest, message_id: int) -> HttpResponseBase:
    """Choose, or do."""
    return choices(request, message_id) if request.method in ("GET", "HEAD") else moving(request, message_id)


@signed_in
def choices(request: HttpRequest, message_id: int) -> HttpResponseBase:
    """Show the customer's other conversations and a field for a number."""
    message = message_or_404(request, message_id)
    others = (
        Conversation.objects.visible_to(person(request))
        .filter(contact=message.contact_id or message.conversation.contact_id, mailbox=message.conversation.mailbox_id)
        .exclude(pk=message.conversation_id)
        .exclude(status=MERGED)
        .order_by("-last_activity_at")
        .only("pk", "subject", "status", "last_activity_at")
    )
    context = {"message": message, "others": list(others[:8]), "alone": _alone(message)}
    return render(request, "_joining.html", context)


@message_verb
def moving(request: HttpRequest, message: Message) -> Moved:
    """Move the message, or with `whole` its conversation, to the conversation of the number `into`."""
    if asks(request) == "DELETE":
        back = move_back(message, by=person(request))
        return Moved(back, _("It is back in #%(number)s.") % {"number": back.pk})
    target, source = wanted_conversation(request), message.conversation
    words = {"number": target.pk, "other": source.pk}
    if request.POST.get("whole") == "1" or _alone(message):
        target = merge(source, into=target, by=person(request))
        undo = Undo("DELETE", reverse("merger", args=[source.pk]))
        return Moved(target, _("#%(other)s is part of #%(number)s now.") % words, undo)
    join(message, into=target, by=person(request))
    # The page stays where the reader was.
    undo = Undo("DELETE", reverse("joining", args=[message.pk]))
    return Moved(source, _("The mail is in #%(number)s now.") % words, undo)


def _alone(message: Message) -> bool:
    others = Message.objects.filter(conversation=message.conversation_id).exclude(pk=message.pk)
    return not others.exclude(delivery=CANCELLED).exists()
