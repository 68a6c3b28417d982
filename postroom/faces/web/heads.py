"""The head of a conversation: what it is about, who has it, and what can be done to it."""

from django.http import HttpRequest

from postroom.core.accounts.absence import absences
from postroom.core.accounts.models import Team
from postroom.core.accounts.rights import answerers_on
from postroom.core.conversations.models import Conversation
from postroom.core.conversations.naming import named_in
from postroom.faces.web.access import person
from postroom.lib import clock


def head(request: HttpRequest, conversation: Conversation) -> dict[str, object]:
    """Return what the head's template shows: three queries (tags, people, teams), one more for a sensitive one."""
    named = list(named_in(conversation)) if conversation.sensitive else []
    able = answerers_on(conversation.mailbox_id)
    people = [one for one in able if one in named] if conversation.sensitive else able
    return {
        # Who sees a sensitive conversation.
        "named": named,
        "conversation": conversation,
        "tags": list(conversation.tags.order_by("name")),
        "people": people,
        "absences": absences(people, now=clock.now()),
        # Those with somebody who can do the work.
        "teams": list(Team.objects.filter(members__in=people).distinct().order_by("name")),
        "me": person(request),
    }
