"""A conversation: the page, and its fragments."""

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from postroom.core.accounts.models import User
from postroom.core.conversations.filters import seen_by
from postroom.core.conversations.lists import page_of
from postroom.core.conversations.models import MERGED, Conversation, Message, ReadMark
from postroom.core.conversations.models.message import CANCELLED
from postroom.core.events import log
from postroom.faces.web import shell
from postroom.faces.web.access import person, signed_in
from postroom.faces.web.fragments import small_number, wanted
from postroom.faces.web.heads import head as head_of
from postroom.faces.web.places import Place, default_place, place
from postroom.faces.web.readings import conversation_read, is_ahead
from postroom.faces.web.timeline import Entry, newer, timeline
from postroom.faces.web.views.folders import PAGE
from postroom.faces.web.visible import conversation_or_404
from postroom.lib.prepared import prepared
from postroom.lib.rows import find


@require_safe
@signed_in
def page(request: HttpRequest, conversation_id: int) -> HttpResponse:
    """Show a conversation: the whole page with the list beside it, both panes, or its own pane."""
    # Before anything is read: the stream tells all that happens from here on.
    position = log.end()
    conversation = conversation_or_404(request, conversation_id)
    if conversation.sensitive and is_ahead(request):
        # Who opens it asks for it.
        return HttpResponse(status=204)
    if conversation.status == MERGED and conversation.merged_into_id:
        # Its messages are there now; whoever may not see that one gets its 404.
        query = request.META.get("QUERY_STRING", "")
        here_now = reverse("conversation", args=[conversation.merged_into_id])
        return HttpResponseRedirect(f"{here_now}?{query}" if query else here_now)
    here = _place(request, conversation)
    context = {**_pane(request, conversation), "place": here, "position": position}
    target = wanted(request)
    if target == "conversation":
        answer = render(request, "_conversation.html", context)
    else:
        context["page"] = page_of(person(request), here.folder, limit=PAGE)
        answer = (
            render(request, "_panes.html", context)
            if target
            else shell.page(request, "inbox.html", context, current=here)
        )
    patch_vary_headers(answer, ["HX-Request", "HX-Target"])
    return answer


@require_safe
@signed_in
def head(request: HttpRequest, conversation_id: int) -> HttpResponse:
    """Show the head again: somebody changed something."""
    conversation = conversation_or_404(request, conversation_id)
    return render(
        request, "_conversation_head.html", {**head_of(request, conversation), "place": _place(request, conversation)}
    )


@require_safe
@signed_in
def panel(request: HttpRequest, conversation_id: int) -> HttpResponse:
    """Show what is known of the customer again: they are answered, or wrote elsewhere."""
    conversation = conversation_or_404(request, conversation_id)
    context = {"conversation": conversation, "others": _others(request, conversation)}
    return render(request, "_panel.html", {**context, "place": _place(request, conversation)})


@require_safe
@signed_in
def messages(request: HttpRequest, conversation_id: int) -> HttpResponse:
    """Show what came after a message and an event, or with `whole` everything from the start."""
    conversation = conversation_or_404(request, conversation_id)
    read_to = _read_to(request, conversation)
    if "after" in request.GET:
        since = small_number(request.GET.get("since"))
        after = small_number(request.GET.get("after"))
        found = newer(conversation, reader=person(request), after=after, since=since, read_to=read_to)
    else:
        found = timeline(conversation, reader=person(request), read_to=read_to, whole=True)
    return render(request, "_entries.html", {"conversation": conversation, "timeline": found, "me": person(request)})


@require_safe
@signed_in
def message(request: HttpRequest, message_id: int) -> HttpResponse:
    """Show one message in full: it was unfolded, or its delivery went on."""
    found = (
        Message.objects.filter(seen_by(person(request), through="conversation"), pk=message_id)
        .select_related("author", "contact", "conversation__mailbox")
        .prefetch_related("attachments")
        .first()
    )
    if found is None:
        raise Http404
    conversation_read(request, found.conversation)
    if found.delivery == CANCELLED:
        # Nothing stands in its place any more.
        return HttpResponse()
    context = {
        "conversation": found.conversation,
        "entry": Entry(found.created_at, message=found),
        "me": person(request),
    }
    return render(request, "_note_retracted.html" if found.retracted_at else "_message.html", context)


def _pane(request: HttpRequest, conversation: Conversation) -> dict[str, object]:
    read_to = _read_to(request, conversation)
    return {
        **head_of(request, conversation),
        "timeline": timeline(conversation, reader=person(request), read_to=read_to),
        "read_to": read_to,
        "others": _others(request, conversation),
    }


def _others(request: HttpRequest, conversation: Conversation) -> list[Conversation]:
    return _of_customer(person(request), conversation.contact_id, conversation.pk)


@prepared
def _of_customer(user: User, contact_id: int, besides: int) -> QuerySet[Conversation]:
    rows = Conversation.objects.visible_to(user).filter(contact=contact_id).exclude(pk=besides).exclude(status=MERGED)
    return rows.order_by("-last_activity_at").only("pk", "subject", "status", "last_activity_at")[:8]


def _read_to(request: HttpRequest, conversation: Conversation) -> int:
    found = find(ReadMark, ("message_id",), user_id=person(request).pk, conversation_id=conversation.pk)
    return found[0] if found else 0


def _place(request: HttpRequest, conversation: Conversation) -> Place:
    user = person(request)
    found = place(user, key=request.GET.get("in", ""))
    return found or default_place(status=conversation.status, mine=conversation.assignee_id == user.pk)
