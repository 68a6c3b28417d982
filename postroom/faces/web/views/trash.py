"""The trash: POST throws a conversation away, DELETE restores it. What is in it can be deleted for good."""

from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from postroom.core.accounts.models import Mailbox
from postroom.core.conversations.actions.empty_trash import DAYS, NoSuchAge, empty_trash, in_trash, set_rule
from postroom.core.conversations.actions.trash import restore, trash
from postroom.core.conversations.models import Conversation
from postroom.core.conversations.scheduled import scheduled
from postroom.faces.web import shell
from postroom.faces.web.access import person, signed_in
from postroom.faces.web.fragments import small_number
from postroom.faces.web.places import place
from postroom.faces.web.trash_words import bins_of
from postroom.faces.web.verbs import Done, Undo, asks, refused, verb
from postroom.lib import clock


@verb
def _throw(request: HttpRequest, conversation: Conversation) -> Done:
    """Throw away, and go on with the next; or take back."""
    here = reverse("trash", args=[conversation.pk])
    if asks(request) == "DELETE":
        did = restore(conversation, by=person(request))
        sentence = _("Restored #%(number)s.") % {"number": conversation.pk}
        return Done(sentence, undo=Undo("POST", here)) if did else Done()
    waiting = scheduled().filter(conversation=conversation).count()
    if trash(conversation, by=person(request)):
        sentence = _("#%(number)s is in the trash.") % {"number": conversation.pk}
        if waiting:
            sentence += " " + _("What was scheduled in it does not leave.")
        return Done(sentence, undo=Undo("DELETE", here), leave=True)
    return Done()


@require_http_methods(["POST", "DELETE"])
def trashing(request: HttpRequest, conversation_id: int) -> HttpResponseBase:
    """Throw away or restore; who wants back what was deleted for good meanwhile is told so."""
    try:
        return _throw(request, conversation_id=conversation_id)
    except Http404:
        if asks(request) != "DELETE":
            raise
        words = _("Conversation #%(number)s is not here. What was in the trash may have been deleted for good.")
        return refused(request, words % {"number": conversation_id}, status=404)


@require_safe
@signed_in
def bins(request: HttpRequest) -> HttpResponse:
    """Show what lies in the trash of each mailbox, and when it is emptied."""
    return shell.page(request, "trash.html", {"bins": bins_of(person(request)), "days": DAYS})


@require_POST
@signed_in
def rule(request: HttpRequest, mailbox_id: int) -> HttpResponse:
    """Say after how many days (`days`, empty for never) a mailbox's trash is emptied."""
    mailbox = _kept_or_404(request, mailbox_id)
    days = request.POST.get("days", "")
    try:
        set_rule(mailbox, days=small_number(days) if days else None, by=person(request))
    except NoSuchAge as refusal:
        return refused(request, str(refusal), status=422)
    return HttpResponseRedirect(reverse("trash-bins"))


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def emptying(request: HttpRequest, mailbox_id: int) -> HttpResponse:
    """Ask, with the number, whether a mailbox's trash is to be emptied now; and do it, as far as was asked about."""
    mailbox, me = _kept_or_404(request, mailbox_id), person(request)
    until = _moment(request.POST.get("until", "")) or clock.now()
    count = in_trash(mailbox, until=until, by=me).count()
    if request.method != "POST":
        words = ngettext("Delete %(num)s conversation for good?", "Delete %(num)s conversations for good?", count)
        context = {"mailbox": mailbox, "count": count, "until": until.isoformat(), "question": words % {"num": count}}
        return shell.page(request, "trash_emptying.html", context, current=place(me, key="trash"))
    if count:
        empty_trash(mailbox, until=until, by=me)
    return HttpResponseRedirect(reverse("trash-bins"))


def _kept_or_404(request: HttpRequest, mailbox_id: int) -> Mailbox:
    found = next((one for one in bins_of(person(request)) if one.mailbox.pk == mailbox_id and one.keeps), None)
    if found is None:
        raise Http404
    return found.mailbox


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else None
