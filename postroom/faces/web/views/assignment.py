"""Who has a conversation: POST gives it to a person or a team, DELETE frees it."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from postroom.core.accounts.models import Team, User
from postroom.core.conversations.actions.assign import unassign
from postroom.core.conversations.actions.hand_over import hand_over
from postroom.core.conversations.models import Conversation
from postroom.faces.web.absences import absence_now, given_words
from postroom.faces.web.access import person
from postroom.faces.web.fragments import small_number
from postroom.faces.web.verbs import Done, Refused, Undo, asks, verb


@verb
def assignment(request: HttpRequest, conversation: Conversation) -> Done:
    """Give it to `to` ("me", "user-3", "team-2"), or to nobody, with a `note` for whoever gets it."""
    me, before = person(request), _key(conversation)
    wanted = request.POST.get("to") or request.GET.get("to", "me")
    if asks(request) == "DELETE" or wanted == "nobody":
        unassign(conversation, by=me)
        return Done()
    to = me if wanted == "me" else _owner(wanted)
    if not hand_over(conversation, to=to, by=me, note=request.POST.get("note", "")) or to == me:
        return Done()
    away = absence_now(to) if isinstance(to, User) else None
    back = Undo("POST", f"{reverse('assignment', args=[conversation.pk])}?to={before}")
    return Done(given_words(to.name, away), undo=back)


def _key(conversation: Conversation) -> str:
    """Return who has it, as `to` names them."""
    if conversation.assignee_id:
        return f"user-{conversation.assignee_id}"
    return f"team-{conversation.team_id}" if conversation.team_id else "nobody"


def _owner(wanted: str) -> User | Team:
    kind, _dash, number = wanted.partition("-")
    found: User | Team | None = None
    if kind == "user":
        found = User.objects.filter(pk=small_number(number)).first()
    elif kind == "team":
        found = Team.objects.filter(pk=small_number(number)).first()
    if found is None:
        raise Refused(_("That person or team is not here any more. Nothing was changed. Choose somebody else."))
    return found
