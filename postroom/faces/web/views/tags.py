"""A conversation's tags: POST puts one on, DELETE takes one off."""

from django.http import HttpRequest

from postroom.core.conversations.actions.tag import tag, untag
from postroom.core.conversations.models import Conversation
from postroom.faces.web.access import person
from postroom.faces.web.verbs import Done, verb


@verb
def tags(request: HttpRequest, conversation: Conversation) -> Done:
    """Put the tag `name` on."""
    tag(conversation, name=request.POST.get("name", ""), by=person(request))
    return Done()


@verb
def one_tag(request: HttpRequest, conversation: Conversation, name: str) -> Done:
    """Take this tag off."""
    untag(conversation, name=name, by=person(request))
    return Done()
