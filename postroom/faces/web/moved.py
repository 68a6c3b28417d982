"""What stands beside a draft that was written against an old state: who did what meanwhile, and when."""

from django.http import JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from postroom.core.accounts.models import User
from postroom.core.conversations.actions.refusals import ConversationGone, ConversationMoved
from postroom.core.conversations.models import Message
from postroom.core.conversations.models.message import DEFERRED, LEASED, OUT, QUEUED
from postroom.faces.web import words
from postroom.faces.web.timeline import lines
from postroom.faces.web.writing_answers import refused
from postroom.lib.text import snippet

_MOST = 3


def moved_answer(moved: ConversationMoved, *, reader: User) -> JsonResponse:
    """Answer 409 with what changed, and with what the writer will know when they have read it."""
    changed = moved.changed
    said = [(message.created_at, _said(message)) for message in changed.messages[-_MOST:]]
    done = [
        (line.at, {"id": 0, "who": line.who, "when": words.ago(line.at), "said": line.what})
        for line in lines(changed.events, reader=reader)
    ]
    newer = [row for _at, row in sorted([*said, *done], key=lambda pair: pair[0])]
    return refused(str(moved), status=409, kind="moved", latest=changed.latest, state=str(changed.state), newer=newer)


def gone_answer(gone: ConversationGone) -> JsonResponse:
    """Answer 409 with where its messages are now."""
    return refused(str(gone), status=409, kind="joined", address=reverse("conversation", args=[gone.number]))


def _said(message: Message) -> dict[str, object]:
    text = snippet(message.text, length=160)
    if message.kind == OUT and message.delivery in (QUEUED, LEASED, DEFERRED):
        text = _("(has not left yet) %(text)s") % {"text": text}
    return {
        "id": message.pk,
        "who": message.author.name if message.author else message.from_name or message.from_email,
        "when": words.ago(message.created_at),
        "said": text,
    }
