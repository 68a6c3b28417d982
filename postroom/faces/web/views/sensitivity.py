"""Who sees a conversation: GET asks, POST names people, DELETE lets everybody on the mailbox see it again."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from postroom.core.accounts.models import User
from postroom.core.accounts.permissions import may_answer
from postroom.core.accounts.queries import colleagues_on
from postroom.core.conversations.actions.sensitive import (
    NamingRefused,
    mark_ordinary,
    mark_sensitive,
    name_people,
)
from postroom.core.conversations.allowed import NotAllowed
from postroom.core.conversations.models import Conversation
from postroom.core.conversations.naming import may_name, named_in
from postroom.faces.web import shell
from postroom.faces.web.access import person, signed_in
from postroom.faces.web.fragments import small_number
from postroom.faces.web.verbs import asks
from postroom.faces.web.visible import conversation_or_404


@require_http_methods(["GET", "HEAD", "POST", "DELETE"])
@signed_in
def sensitivity(request: HttpRequest, conversation_id: int) -> HttpResponse:
    """Show who is named and who could be; or do it, and go back to the conversation, or home once it is hidden."""
    conversation = conversation_or_404(request, conversation_id)
    if request.method in ("GET", "HEAD"):
        return _show(request, conversation)
    me = person(request)
    try:
        if asks(request) == "DELETE":
            mark_ordinary(conversation, by=me)
        elif conversation.sensitive:
            name_people(conversation, people=_chosen(request), by=me)
        else:
            mark_sensitive(conversation, people=_chosen(request), by=me)
    except NamingRefused as refusal:
        return _show(request, conversation, mistake=str(refusal), status=409)
    sees = Conversation.objects.visible_to(me).filter(pk=conversation.pk).exists()
    return HttpResponseRedirect(reverse("conversation", args=[conversation.pk]) if sees else reverse("home"))


def _chosen(request: HttpRequest) -> list[User]:
    numbers = [small_number(one) for one in request.POST.getlist("people")]
    return list(User.objects.filter(pk__in=numbers))


def _show(request: HttpRequest, conversation: Conversation, *, mistake: str = "", status: int = 200) -> HttpResponse:
    me = person(request)
    if not may_answer(me, conversation.mailbox_id):
        raise NotAllowed(_("You may read this conversation, not say who sees it."))
    named = list(named_in(conversation)) if conversation.sensitive else []
    here = list(colleagues_on(conversation.mailbox_id))
    context = {
        "conversation": conversation,
        "people": here,
        "named": {one.pk for one in named} or {me.pk},
        # Named, and not on the mailbox any more: they see nothing, and go with the next change.
        "gone": [one for one in named if one not in here],
        "changes": not conversation.sensitive or may_name(me, conversation),
        "mistake": mistake,
        "me": me,
    }
    return shell.page(request, "sensitivity.html", context, status=status)
