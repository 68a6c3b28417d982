"""Replies that leave later: the list of them, and changing one."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from postroom.core.conversations.actions.refusals import AlreadySent
from postroom.core.conversations.actions.schedule import cancel_when_answered, reschedule, send_now
from postroom.core.conversations.filters import seen_by
from postroom.core.conversations.models import Message
from postroom.core.conversations.moments import MomentRefused
from postroom.core.conversations.scheduled import scheduled
from postroom.faces.web import shell, words
from postroom.faces.web.access import person, signed_in
from postroom.faces.web.moments import chosen
from postroom.faces.web.rights import must_answer_here
from postroom.faces.web.verbs import Undo, refused, triggered
from postroom.faces.web.visible import message_or_404

SHOWN = 200


@require_safe
@signed_in
def replies(request: HttpRequest) -> HttpResponse:
    """Show what is still to leave of the conversations that this person sees, the next first."""
    rows = scheduled().filter(seen_by(person(request), through="conversation"))
    rows = rows.select_related("author", "conversation__mailbox", "conversation__contact")
    return shell.page(request, "scheduled.html", {"replies": list(rows[:SHOWN])})


@require_POST
@signed_in
def scheduling(request: HttpRequest, message_id: int) -> HttpResponse:
    """Change one: `until` a moment ("now" for at once, "typed" for `at`), or `overtake` 1 or 0."""
    message = message_or_404(request, message_id)
    must_answer_here(request, message.conversation.mailbox_id)
    try:
        sentence, undo = _changed(request, message)
    except (AlreadySent, MomentRefused) as refusal:
        return refused(request, str(refusal))
    if "HX-Request" not in request.headers:
        answer = HttpResponse(status=302)
        answer["Location"] = reverse("scheduled")
        return answer
    hint = {
        "kind": "here",
        "conversation": message.conversation_id,
        "mailbox": message.conversation.mailbox_id,
        "message": message.pk,
    }
    return triggered(HttpResponse(status=204), hint=hint, sentence=sentence, undo=undo)


def _changed(request: HttpRequest, message: Message) -> tuple[str, Undo | None]:
    by, here = person(request), reverse("scheduling", args=[message.pk])
    was = message.send_after.isoformat() if message.send_after else ""
    overtake = _said(request, "overtake")
    if overtake in ("0", "1"):
        back = Undo("POST", f"{here}?overtake={int(bool(message.cancel_if_answered))}")
        did = cancel_when_answered(message, wanted=overtake == "1", by=by)
        if message.cancel_if_answered:
            return _("The reply is cancelled if they answer first."), back if did else None
        return _("The reply leaves even if they answer first."), back if did else None
    wanted = _said(request, "until")
    if wanted == "now":
        send_now(message, by=by)
        return _("The reply leaves now."), None
    moment = chosen(_said(request, "at") if wanted == "typed" else wanted)
    did = reschedule(message, at=moment, by=by)
    back = Undo("POST", f"{here}?{urlencode({'until': was})}")
    return _("The reply leaves %(when)s.") % {"when": words.until(moment)}, back if did else None


def _said(request: HttpRequest, name: str) -> str:
    return request.POST.get(name) or request.GET.get(name, "")
