"""A mailbox's mail ledger: every mail that ever reached it, and whether the server holds any other."""

from dataclasses import replace
from datetime import date

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from postroom.channels.mail import ledger as books
from postroom.channels.mail.actions.compare import compare
from postroom.channels.mail.alarm_list import alarms_of
from postroom.channels.mail.models import IncomingMail
from postroom.channels.mail.sight import hidden_from
from postroom.core.accounts.models import Mailbox
from postroom.core.accounts.queries import mailboxes_of
from postroom.faces.web import ledger_lines, shell
from postroom.faces.web.access import person, signed_in
from postroom.faces.web.fragments import small_number, wanted
from postroom.faces.web.reconciliation import reconciliation
from postroom.faces.web.rights import must_answer_here
from postroom.lib.text import one_line

PAGE = 50
_FILTERS = ("", *books.STATES)


def mailbox_or_404(request: HttpRequest, mailbox_id: int) -> Mailbox:
    """Return the mailbox, for those who are on it."""
    return get_object_or_404(mailboxes_of(person(request)), pk=mailbox_id)


@require_safe
@signed_in
def ledger(request: HttpRequest, mailbox_id: int) -> HttpResponse:
    """Show the ledger: what is reconciled, the figures, and a page of mails; or only more of the lines."""
    mailbox = mailbox_or_404(request, mailbox_id)
    state, on, before = _asked(request)
    searched = one_line(request.GET.get("q", ""), length=254)
    if searched:
        found = books.search(mailbox, searched)
        # That somebody's sensitive mail came is found by nobody else.
        found = replace(found, mails=_seen(request, found.mails))
    else:
        found = books.mails(mailbox, state=state, before=before, on=on, limit=PAGE)
    context = {
        "mailbox": mailbox,
        "state": state,
        "on": on,
        "searched": searched,
        "lines": ledger_lines.lines(found.mails, user=person(request)),
        "next": found.next,
    }
    if wanted(request) == "ledger-more":
        return render(request, "_ledger_lines.html", context)
    counts = books.counts(mailbox)
    around = {
        "counts": counts,
        "filters": [(one, ledger_lines.FILTER_WORDS.get(one), counts.of(one)) for one in _FILTERS],
        "books": reconciliation(mailbox, counts=counts),
        "alarms": list(alarms_of(mailbox).select_related("mailbox")),
    }
    return shell.page(request, "ledger.html", {**context, **around})


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def census(request: HttpRequest, mailbox_id: int) -> HttpResponse:
    """Show what was reconciled; or ask for new figures, and with `fetch` for what is missing."""
    mailbox = mailbox_or_404(request, mailbox_id)
    if request.method == "POST":
        must_answer_here(request, mailbox.pk)
        compare(mailbox, fetch=bool(request.POST.get("fetch")), by=person(request))
        if not wanted(request):
            return HttpResponseRedirect(reverse("ledger", args=[mailbox.pk]))
    context = {"mailbox": mailbox, "books": reconciliation(mailbox, counts=books.counts(mailbox))}
    return render(request, "_ledger_books.html", context)


def ledger_mail_or_404(request: HttpRequest, mailbox_id: int, ledger_id: int) -> IncomingMail:
    """Return one mail of the ledger, for those who are on the mailbox and see its conversation."""
    mailbox = mailbox_or_404(request, mailbox_id)
    rows = IncomingMail.objects.filter(mailbox=mailbox).select_related("mailbox", "cursor__source", "duplicate_of")
    found = get_object_or_404(rows, pk=ledger_id)
    if hidden_from(person(request), [found]):
        raise Http404
    return found


def _seen(request: HttpRequest, mails: tuple[IncomingMail, ...]) -> tuple[IncomingMail, ...]:
    hidden = hidden_from(person(request), mails)
    return tuple(mail for mail in mails if mail.pk not in hidden)


def _asked(request: HttpRequest) -> tuple[str, date | None, int | None]:
    state, day = request.GET.get("state", ""), request.GET.get("day", "")
    if state not in _FILTERS:
        raise Http404
    try:
        on = date.fromisoformat(day) if day else None
    except ValueError:
        raise Http404 from None
    before = request.GET.get("before", "")
    if before and not small_number(before):
        raise Http404
    return state, on, small_number(before) or None
