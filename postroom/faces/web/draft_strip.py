"""The drafts beside one's own composer, and what a list says of drafts."""

from collections.abc import Sequence

from django.db.models import prefetch_related_objects
from django.http import HttpRequest
from django.urls import reverse

from postroom.core.conversations.drafts import WRITTEN_HERE, Mark, listed_drafts, marks
from postroom.core.conversations.models import Conversation
from postroom.core.conversations.queries import Row
from postroom.faces.web.access import person
from postroom.faces.web.drafts import text_of
from postroom.faces.web.rights import rights_here

# Where one writes beside the conversation, by the draft's mode.
_FORMS = {"forward": "forwarding", "beside": "beside"}


def beside(request: HttpRequest, conversation: Conversation) -> list[dict[str, object]]:
    """Return the drafts for `_drafts.html`: shared ones, and one's own that the composer does not hold.

    `at` is where those go on that are written below a mail.
    """
    me = person(request)
    found = listed_drafts(me, conversation.pk)
    prefetch_related_objects(found, "comments__author")
    held = next((one.pk for one in found if one.author_id == me.pk and one.mode in WRITTEN_HERE), None)
    return [
        {
            "draft": one,
            "held": one.pk == held,
            "at": reverse(_FORMS[one.mode], args=[one.about]) if one.mode in _FORMS else "",
            "mine": one.author_id == me.pk,
            "text": text_of(one).strip(),
            "comments": sorted(one.comments.all(), key=lambda said: said.pk),
            "answers": rights_here(request, conversation.mailbox_id).answers,
        }
        for one in found
        if one.shared or one.pk != held
    ]


def listed(request: HttpRequest, rows: Sequence[Row]) -> dict[int, Mark]:
    """Return the marks of a list's rows: one query for all of them."""
    return marks([row.id for row in rows], reader=person(request))
