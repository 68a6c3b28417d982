"""Conversations: a list of them by a condition, and one with all that a program has to know of it."""

from django.utils.translation import gettext as _

from postroom.core.conversations.actions.addressing import everybody
from postroom.core.conversations.condition import parse
from postroom.core.conversations.lists import NoSuchPage, page_of
from postroom.core.conversations.models import Conversation, Participant
from postroom.core.conversations.selections import Selection
from postroom.faces.api.v1 import messages, shapes, states
from postroom.faces.api.v1.asking import Answer, Asking, Problem
from postroom.faces.api.v1.lines import line, line_of
from postroom.faces.api.v1.lookups import conversation_to_read
from postroom.lib.text import storable

PAGE = 50


def list_conversations(asking: Asking) -> Answer:
    """Return a page of what the condition `q` finds among what this person sees."""
    query = asking.request.GET
    parsed = parse(storable(query.get("q", "")), by=asking.user)
    if parsed.faults:
        errors = [{"field": "q", "sentence": fault.sentence, "at": fault.at} for fault in parsed.faults]
        raise Problem(422, "condition", parsed.faults[0].sentence, more={"errors": errors})
    try:
        found = page_of(asking.user, Selection(parsed.condition), before=query.get("before", "")[:100], limit=PAGE)
    except NoSuchPage:
        raise Problem(422, "before", _("There is no such page. Send `next` of the page before.")) from None
    return Answer(
        shapes.ConversationList(
            conversations=[line(row, asking=asking) for row in found.rows],
            next=found.next or None,
            spelled=found.spelled,
        )
    )


def show_conversation(asking: Asking, number: int) -> Answer:
    """Return one conversation with its newest messages. Its state is read first: it never says more than is shown."""
    conversation = conversation_to_read(asking, number)
    state = states.of(conversation)
    said = messages.newest(conversation, asking=asking)
    shown = shapes.Conversation(
        **dict(line_of(number, asking=asking)),
        **dict(said),
        participants=_participants(conversation),
        recipients=_recipients(conversation),
        state=state,
    )
    return Answer(shown)


def _participants(conversation: Conversation) -> list[shapes.Participant]:
    rows = Participant.objects.filter(conversation=conversation).order_by("pk").values_list("email", "dropped_at")
    return [shapes.Participant(email=email, dropped=at is not None) for email, at in rows[:200]]


def _recipients(conversation: Conversation) -> shapes.Recipients:
    found = everybody(conversation)
    return shapes.Recipients(to=messages.people(found.to), cc=messages.people(found.cc))
