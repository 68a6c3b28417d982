"""Who has a conversation: POST gives it to a person or a team, DELETE frees it."""

from django.http import HttpRequest
from django.utils.translation import gettext as _

from postroom.core.accounts.models import Team, User
from postroom.core.conversations.actions.assign import assign, unassign
from postroom.core.conversations.models import Conversation
from postroom.faces.web.access import person
from postroom.faces.web.fragments import small_number
from postroom.faces.web.verbs import Done, Refused, asks, verb


@verb
def assignment(request: HttpRequest, conversation: Conversation) -> Done:
    """Give it to `to` ("me", "user-3", "team-2"), or to nobody."""
    me = person(request)
    wanted = request.POST.get("to", "me")
    if asks(request) == "DELETE" or wanted == "nobody":
        unassign(conversation, by=me)
        return Done()
    to = me if wanted == "me" else _owner(wanted)
    if assign(conversation, to=to, by=me) and to != me:
        return Done(_("Given to %(name)s.") % {"name": to.name})
    return Done()


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
