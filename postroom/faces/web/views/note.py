"""A note on second thoughts: GET edits, POST changes it, DELETE takes it back; POST of `restore` undoes that."""

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from postroom.core.conversations.actions.edit_note import NoteRefused, edit_note, restore_note, retract_note
from postroom.core.conversations.allowed import refuse_unless_noting
from postroom.core.conversations.models import Message
from postroom.core.conversations.models.message import NOTE
from postroom.faces.web import writing_answers as answers
from postroom.faces.web.access import person, signed_in
from postroom.faces.web.bodies import with_own_images, without_styles
from postroom.faces.web.rights import rights_here
from postroom.faces.web.timeline import Entry
from postroom.faces.web.verbs import Undo, refused, triggered
from postroom.faces.web.visible import message_or_404
from postroom.faces.web.writing_form import MAX_HTML
from postroom.lib.html import sanitize_view


@require_http_methods(["GET", "HEAD", "POST", "DELETE"])
@signed_in
def note(request: HttpRequest, message_id: int) -> HttpResponse:
    """Show the editor, or do as the form says; the answer is the note, drawn anew."""
    message = _note(request, message_id)
    refuse_unless_noting(rights_here(request, message.conversation.mailbox_id))
    if request.method in ("GET", "HEAD"):
        html = with_own_images(without_styles(sanitize_view(message.untrusted_html)), message)
        return render(request, "_note_editor.html", {"message": message, "html": html})
    if "html" in request.POST:
        return _changed(request, message)
    try:
        return _done(request, message)
    except NoteRefused as refusal:
        return refused(request, str(refusal))


@require_safe
@signed_in
def versions(request: HttpRequest, message_id: int) -> HttpResponse:
    """Show what a note said before, the newest first; nothing of one that was taken back."""
    message = _note(request, message_id)
    if message.retracted_at:
        raise Http404
    rows = message.versions.select_related("by").order_by("-pk")[:50]
    said = [(row, with_own_images(without_styles(sanitize_view(row.untrusted_html)), message)) for row in rows]
    return render(request, "_note_versions.html", {"message": message, "versions": said})


def _note(request: HttpRequest, message_id: int) -> Message:
    message = message_or_404(request, message_id, even_retracted=True)
    if message.kind != NOTE:
        raise Http404
    return message


def _changed(request: HttpRequest, message: Message) -> HttpResponse:
    html = request.POST["html"]
    if len(html) > MAX_HTML:
        return answers.refused(_("This text is too long for a note. Nothing was changed. Send a part of it as a file."))
    try:
        edit_note(message, html=html, by=person(request))
    except NoteRefused as refusal:
        return answers.refused(str(refusal), status=409)
    return JsonResponse({"message": message.pk})


def _done(request: HttpRequest, message: Message) -> HttpResponse:
    by, here = person(request), reverse("note", args=[message.pk])
    if request.method == "DELETE":
        retract_note(message, by=by)
        return _drawn(request, message, _("Your note was taken back."), undo=Undo("POST", f"{here}?restore=1"))
    if "restore" in request.GET or "restore" in request.POST:
        restore_note(message, by=by)
        return _drawn(request, message, _("Your note is there again."))
    return refused(request, _("There is nothing to change in this note."), status=422)


def _drawn(request: HttpRequest, message: Message, sentence: str, *, undo: Undo | None = None) -> HttpResponse:
    template = "_note_retracted.html" if message.retracted_at else "_message.html"
    entry = Entry(message.created_at, message=message)
    context = {"conversation": message.conversation, "entry": entry, "me": person(request)}
    hint = {
        "kind": "here",
        "conversation": message.conversation_id,
        "mailbox": message.conversation.mailbox_id,
        "message": message.pk,
    }
    return triggered(render(request, template, context), hint=hint, sentence=sentence, undo=undo)
