"""Drafts: they save themselves, and one of a conversation may be shared, commented and taken over."""

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from postroom.core.conversations.actions.drafts import discard_draft, save_draft
from postroom.core.conversations.actions.refusals import ConversationGone
from postroom.core.conversations.actions.sent_draft import DraftMoved
from postroom.core.conversations.actions.share_draft import (
    AnotherDraft,
    SharedAlready,
    comment,
    keep_private,
    share,
    take_over,
)
from postroom.core.conversations.allowed import refuse_unless_noting
from postroom.core.conversations.drafts import WRITTEN_BESIDE, WRITTEN_HERE, comments_of_others, drafts_in
from postroom.core.conversations.models import Draft
from postroom.faces.web.access import person, signed_in
from postroom.faces.web.drafts import commented, described, moved_on, read_words
from postroom.faces.web.fragments import small_number
from postroom.faces.web.moved import gone_answer
from postroom.faces.web.rights import must_answer_here, rights_here
from postroom.faces.web.verbs import next_in_list
from postroom.faces.web.visible import conversation_or_404
from postroom.faces.web.writing_answers import refused
from postroom.faces.web.writing_form import BadForm


@require_POST
@signed_in
def draft(request: HttpRequest, conversation_id: int) -> JsonResponse:
    """Save what the composer holds: `draft` and `version` say which, none a new one."""
    conversation, me = conversation_or_404(request, conversation_id), person(request)
    number, version = small_number(request.POST.get("draft")), small_number(request.POST.get("version"))
    if "html" not in request.POST:
        return refused("", kind="refused")
    try:
        words = read_words(request, modes=(*WRITTEN_HERE, *WRITTEN_BESIDE))
        if words.mode in WRITTEN_BESIDE and not conversation.messages.filter(pk=words.about).exists():
            raise Http404
        kept = save_draft(conversation, by=me, words=words, draft=number or None, version=version)
    except DraftMoved as moved:
        return moved_on(moved, reader=me)
    except ConversationGone as gone:
        return gone_answer(gone)
    except BadForm as bad:
        return refused(str(bad))
    return JsonResponse({"draft": kept.pk, "version": kept.version, "shared": kept.shared}, status=201)


@require_safe
@signed_in
def drafts(request: HttpRequest, conversation_id: int) -> HttpResponse:
    """Show the drafts beside one's own composer: colleagues' shared ones, and what is said of one's own."""
    conversation = conversation_or_404(request, conversation_id)
    return render(request, "_drafts.html", {"conversation": conversation, "me": person(request)})


@require_http_methods(["GET", "HEAD", "DELETE"])
@signed_in
def one_draft(request: HttpRequest, conversation_id: int, draft_id: int) -> JsonResponse:
    """Return a draft for the composer to go on with, or discard one's own."""
    found = _draft_or_404(request, conversation_id, draft_id)
    if request.method == "DELETE":
        return _discarded(request, found)
    return JsonResponse(described(found, reader=person(request)))


def _discarded(request: HttpRequest, found: Draft) -> JsonResponse:
    """Discard it; with `emptied` nobody asked for that, the text is empty now. `sure`: colleagues' comments, too."""
    me, conversation, emptied = person(request), found.conversation, "emptied" in request.GET
    assert conversation is not None
    if not emptied and "sure" not in request.GET and (said := comments_of_others(found, reader=me)):
        return commented(said)
    thrown = conversation.trashed_at
    if not discard_draft(found, by=me, with_blank=not emptied):
        raise Http404
    if conversation.trashed_at == thrown:
        return JsonResponse({"draft": found.pk})
    # Nothing was left in its conversation, which went with it. The page goes on, and knows the way back.
    restoring = reverse("trash", args=[conversation.pk])
    return JsonResponse({"draft": found.pk, "next": next_in_list(request, conversation), "restoring": restoring})


@require_http_methods(["POST", "DELETE"])
@signed_in
def sharing(request: HttpRequest, conversation_id: int, draft_id: int) -> JsonResponse:
    """Share one's own draft with everybody who sees the conversation, or keep it private again."""
    found, me = _shareable_or_404(request, conversation_id, draft_id), person(request)
    if found.author_id != me.pk:
        words = _("This is the draft of %(name)s. Only they say who reads it.")
        return refused(words % {"name": found.author.name}, status=409)
    try:
        if request.method == "DELETE":
            keep_private(found, by=me)
        else:
            share(found, by=me)
    except (SharedAlready, AnotherDraft) as refusal:
        return refused(str(refusal), status=409)
    return JsonResponse({"draft": draft_id, "shared": request.method == "POST"})


@require_POST
@signed_in
def holder(request: HttpRequest, conversation_id: int, draft_id: int) -> JsonResponse:
    """Take a colleague's shared draft over and return it."""
    found, me = _shareable_or_404(request, conversation_id, draft_id), person(request)
    must_answer_here(request, found.mailbox_id)
    try:
        return JsonResponse(described(take_over(found, by=me), reader=me))
    except DraftMoved as moved:
        return moved_on(moved, reader=me)


@require_POST
@signed_in
def comments(request: HttpRequest, conversation_id: int, draft_id: int) -> HttpResponse:
    """Say something about a shared draft, and show the drafts again."""
    found = _shareable_or_404(request, conversation_id, draft_id)
    refuse_unless_noting(rights_here(request, found.mailbox_id))
    comment(found, by=person(request), text=request.POST.get("text", ""))
    return render(request, "_drafts.html", {"conversation": found.conversation, "me": person(request)})


def _shareable_or_404(request: HttpRequest, conversation_id: int, draft_id: int) -> Draft:
    """Return a draft of the talk with the customer; what is written beside it is its writer's alone."""
    found = _draft_or_404(request, conversation_id, draft_id)
    if found.mode not in WRITTEN_HERE:
        raise Http404
    return found


def _draft_or_404(request: HttpRequest, conversation_id: int, draft_id: int) -> Draft:
    conversation = conversation_or_404(request, conversation_id)
    found = drafts_in(conversation, reader=person(request)).filter(pk=draft_id).first()
    if found is None:
        raise Http404
    found.conversation = conversation
    return found
