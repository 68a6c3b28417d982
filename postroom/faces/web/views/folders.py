"""The lists of conversations."""

from collections.abc import Mapping

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from postroom.core.conversations import folders
from postroom.core.conversations.lists import NoSuchPage, page_of
from postroom.core.events import log
from postroom.faces.web import shell
from postroom.faces.web.access import person, signed_in
from postroom.faces.web.fragments import small_number, wanted
from postroom.faces.web.places import Place, place

PAGE = 50
# How many rows a refetch brings at most; who has scrolled further sees older rows change when they reload.
MOST = 200


@require_safe
@signed_in
def home(request: HttpRequest) -> HttpResponse:
    """Go to where work waits: what is mine, else what is free."""
    counts = folders.folder_counts(person(request))
    waits = (name for name in (folders.MINE, folders.UNASSIGNED, folders.EVERYONE) if counts.of(name))
    return HttpResponseRedirect(_place(request, next(waits, folders.UNASSIGNED)).url)


@require_safe
@signed_in
def folder(request: HttpRequest, name: str, mailbox_id: int | None = None) -> HttpResponse:
    """Show a folder."""
    return show_list(request, _place(request, name, mailbox_id))


@require_safe
@signed_in
def rows(request: HttpRequest, name: str, mailbox_id: int | None = None) -> HttpResponse:
    """Show a folder's rows only."""
    return show_rows(request, _place(request, name, mailbox_id))


def show_list(request: HttpRequest, here: Place, more: Mapping[str, object] | None = None) -> HttpResponse:
    """Show a list: the whole page, both panes, what a search found, or the pane that an open conversation leaves."""
    target = wanted(request)
    position = log.end()
    if target == "conversation":
        answer = render(request, "_conversation_none.html", {"place": here})
    else:
        context = {
            "place": here,
            "page": page_of(person(request), here.folder, limit=PAGE),
            "conversation": None,
            "position": position,
            **(more or {}),
        }
        if target:
            answer = render(request, "_found.html" if target == "found" else "_panes.html", context)
        else:
            answer = shell.page(request, "inbox.html", context, current=here)
    patch_vary_headers(answer, ["HX-Request", "HX-Target"])
    return answer


def show_rows(request: HttpRequest, here: Place) -> HttpResponse:
    """Show rows only: the next older ones with `before`, else the newest, as many as are on the screen."""
    before = request.GET.get("before", "")
    limit = PAGE if before else min(max(small_number(request.GET.get("count")), PAGE), MOST)
    try:
        found = page_of(person(request), here.folder, before=before, limit=limit)
    except NoSuchPage:
        raise Http404 from None
    return render(request, "_rows.html", {"place": here, "page": found})


@require_safe
@signed_in
def sidebar(request: HttpRequest) -> HttpResponse:
    """Show the sidebar: the counts changed."""
    context = {"sidebar": shell.sidebar(person(request)), "place": shell.current_place(request)}
    return render(request, "_sidebar_fresh.html", context)


def _place(request: HttpRequest, name: str, mailbox_id: int | None = None) -> Place:
    found = place(person(request), key=name if mailbox_id is None else f"{mailbox_id}.{name}")
    if found is None:
        raise Http404
    return found
