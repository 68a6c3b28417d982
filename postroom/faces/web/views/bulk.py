"""Many conversations at once: POST begins, a job's own address says how far it is, DELETE there puts all back."""

import json

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from postroom.core.conversations.actions.prioritize import NoSuchPriority
from postroom.core.conversations.actions.tag import NoSuchTag
from postroom.core.conversations.bulk.jobs import AT_ONCE, BulkRefused, start, start_whole, stop, take_back
from postroom.core.conversations.bulk.scope import NoSuchList
from postroom.core.conversations.bulk.wanted import Wanted
from postroom.core.conversations.bulk.work import carry_out
from postroom.core.conversations.models import BulkJob
from postroom.core.conversations.moments import MomentRefused
from postroom.faces.web import bulk_words, shell
from postroom.faces.web.access import person, signed_in
from postroom.faces.web.bulk_choices import choices, count_of, exact_count, scope
from postroom.faces.web.bulk_form import picked, wanted
from postroom.faces.web.places import Place, place
from postroom.faces.web.verbs import Refused, Undo, asks, refused, triggered

_REFUSALS = (BulkRefused, MomentRefused, NoSuchPriority, NoSuchTag, Refused)
_LISTED = 50


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def bulk(request: HttpRequest) -> HttpResponse:
    """List what this person changed together lately; or begin, after a question when it is more than a screen."""
    if request.method != "POST":
        jobs = BulkJob.objects.filter(by=person(request)).select_related("undoes", "undone_by").order_by("-pk")
        return shell.page(request, "bulk.html", {"jobs": jobs[:_LISTED], "words": bulk_words})
    try:
        return _begin(request, wanted(request))
    except _REFUSALS as refusal:
        return refused(request, str(refusal))
    except NoSuchList as missing:
        raise Http404 from missing


@require_safe
@signed_in
def bar(request: HttpRequest) -> HttpResponse:
    """Show what can be done with a selection of a list."""
    here = _place(request.GET.get("in", ""), request)
    context = {
        "place": here,
        "choices": choices(request, here),
        "count": count_of(request, here),
        "me": person(request),
    }
    return render(request, "_bulk_bar.html", context)


@require_http_methods(["GET", "HEAD", "DELETE", "POST"])
@signed_in
def job(request: HttpRequest, job_id: int) -> HttpResponse:
    """Say how far a job is; or put back what it changed."""
    found = _own(request, job_id)
    if request.method in ("GET", "HEAD"):
        return _progress(request, found)
    if asks(request) != "DELETE":
        return HttpResponse(status=405)
    return _going(request, carry_out(take_back(found, by=person(request))))


@require_POST
@signed_in
def stopping(request: HttpRequest, job_id: int) -> HttpResponse:
    """Do no more of a job."""
    found = _own(request, job_id)
    stop(found)
    found.refresh_from_db()
    return _progress(request, found) if "HX-Request" in request.headers else HttpResponseRedirect(reverse("bulk"))


def _begin(request: HttpRequest, what: Wanted) -> HttpResponse:
    me, whole = person(request), request.POST.get("whole") == "1"
    here = _place(request.POST.get("in", ""), request) if whole else None
    some = [] if here else picked(request)
    count = exact_count(request, here) if here else len(some)
    if count > AT_ONCE and request.POST.get("sure") != "1":
        return _ask(request, what, here=here, count=count)
    if here:
        return _going(request, start_whole(what, within_list=scope(here), by=me))
    return _going(request, carry_out(start(what, picked=some, by=me)))


def _ask(request: HttpRequest, what: Wanted, *, here: Place | None, count: int) -> HttpResponse:
    said = {name: request.POST.get(name, "") for name in ("verb", "in", "ids", "whole", "name", "at", "stay")}
    context = {"word": bulk_words.VERB_WORDS[what.verb], "count": count, "place": here, "said": said}
    answer = render(request, "_bulk_sure.html", context)
    answer["HX-Retarget"], answer["HX-Reswap"] = "#bulk-sure", "innerHTML"
    return answer


def _going(request: HttpRequest, found: BulkJob) -> HttpResponse:
    """Answer that it is done, with the way back; or that it is under way, for the page to follow."""
    if "HX-Request" not in request.headers:
        return HttpResponseRedirect(reverse("bulk"))
    if found.ended_at is None:
        answer = HttpResponse(status=204)
        answer["HX-Trigger"] = json.dumps(
            {"postroom:bulk": {"job": found.pk, "url": reverse("bulk-job", args=[found.pk])}}
        )
        return answer
    hint: dict[str, object] = {"kind": "bulk.went_on", "conversation": None, "mailbox": None}
    back = Undo("DELETE", reverse("bulk-job", args=[found.pk])) if found.done and not found.undoes_id else None
    answer = triggered(HttpResponse(status=204), hint=hint, sentence=bulk_words.told(found).sentence, undo=back)
    answer["HX-Trigger"] = json.dumps({**json.loads(answer["HX-Trigger"]), "postroom:bulk": {"job": 0}})
    return answer


def _progress(request: HttpRequest, found: BulkJob) -> HttpResponse:
    undone = BulkJob.objects.filter(undoes=found).exists()
    context = {"job": found, "told": bulk_words.told(found), "words": bulk_words, "undone": undone}
    return render(request, "_bulk_job.html", context)


def _own(request: HttpRequest, job_id: int) -> BulkJob:
    return get_object_or_404(BulkJob, pk=job_id, by=person(request))


def _place(key: str, request: HttpRequest) -> Place:
    found = place(person(request), key=key)
    if found is None:
        raise Http404
    return found
