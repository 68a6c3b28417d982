"""Mailboxes: what they are called, how mail comes in and goes out. For who keeps the mailbox."""

from dataclasses import replace

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from postroom.channels.mail.actions.ways import fetch_from, send_later, send_through, stop_fetching
from postroom.channels.mail.models import IMAP, POP
from postroom.core.accounts.actions.join import let_in
from postroom.core.accounts.actions.mailboxes import MailboxRefused, add_mailbox, change_mailbox
from postroom.core.accounts.models import Mailbox
from postroom.core.accounts.permissions import MAILBOXES
from postroom.core.accounts.rights import kept_by
from postroom.faces.web import mailbox_ways, server_check, shell
from postroom.faces.web.access import keeper_only, needs, person
from postroom.faces.web.forms.mail_servers import IncomingForm, OutgoingForm
from postroom.faces.web.forms.people import MailboxDetailsForm, MailboxForm
from postroom.faces.web.inside_hosts import keep_allowed, may_allow
from postroom.faces.web.mailbox_ways import Parts
from postroom.faces.web.views.setup import verdict_on_incoming, verdict_on_outgoing


@require_safe
@keeper_only
def mailboxes(request: HttpRequest) -> HttpResponse:
    """List the mailboxes whose settings are this person's to change, with what is wrong on their ways."""
    found = kept_by(person(request)).prefetch_related("members", "sources", "routes").order_by("name", "pk")
    rows = [(mailbox, mailbox_ways.of(mailbox)) for mailbox in found]
    return shell.page(request, "settings_mailboxes.html", {"tab": "mailboxes", "rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@needs(MAILBOXES)
def new_mailbox(request: HttpRequest) -> HttpResponse:
    """Ask for a new mailbox, or make it with its owner in it; its servers are typed on its own page."""
    form = MailboxForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        by = person(request)
        try:
            with transaction.atomic():
                mailbox = add_mailbox(**form.cleaned_data, by=by)
                let_in(mailbox, user=by, by=by)
        except MailboxRefused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        else:
            return HttpResponseRedirect(f"{_address(mailbox)}?saved=1#incoming")
    context = {"tab": "mailboxes", "form": form}
    return shell.page(request, "settings_mailbox_new.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@keeper_only
def mailbox(request: HttpRequest, mailbox_id: int) -> HttpResponse:
    """Show all of a mailbox, or change its names and signature."""
    found = _found(mailbox_id)
    if request.method != "POST":
        return _show(request, found, Parts())
    form = MailboxDetailsForm(request.POST, prefix="details")
    if not form.is_valid():
        return _show(request, found, Parts(details=form))
    try:
        change_mailbox(found, **form.cleaned_data, by=person(request))
    except MailboxRefused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        return _show(request, found, Parts(details=form))
    return HttpResponseRedirect(f"{_address(found)}?saved=1")


@sensitive_post_parameters()
@require_POST
@keeper_only
def incoming(request: HttpRequest, mailbox_id: int) -> HttpResponse:
    """Say how the mailbox's mail comes in; an IMAP server is tried first."""
    found = _found(mailbox_id)
    form = IncomingForm(
        request.POST, prefix="incoming", kept=mailbox_ways.kept_source(found), may_allow_hosts=may_allow(request)
    )
    if not form.is_valid():
        return _show(request, found, Parts(incoming=form))
    typed, by = form.cleaned_data, person(request)
    server = form.server(kept_password=mailbox_ways.source_password(found))
    if server is None:
        stop_fetching(found, by=by)
        return HttpResponseRedirect(f"{_address(found)}?saved=1#incoming")
    keep_allowed(form, request)
    end = None
    if not request.POST.get("incoming-anyway"):
        verdict = server_check.try_incoming(
            server, folder=typed["folder"], pop=form.is_pop, way=mailbox_ways.source_of(found)
        )
        if not verdict.good:
            return _show(request, found, Parts(incoming=form, incoming_trouble=verdict.sentence))
        end = verdict.end
    fetch_from(
        found,
        server=server,
        folder=typed["folder"],
        import_existing=typed["import_existing"],
        end=end,
        rules=replace(mailbox_ways.kept_rules(found), kind=POP if form.is_pop else IMAP),
        by=by,
    )
    return HttpResponseRedirect(f"{_address(found)}?saved=1#incoming")


@sensitive_post_parameters()
@require_POST
@keeper_only
def outgoing(request: HttpRequest, mailbox_id: int) -> HttpResponse:
    """Say how the mailbox's replies go out; an SMTP server is tried first."""
    found = _found(mailbox_id)
    form = OutgoingForm(
        request.POST, prefix="outgoing", kept=mailbox_ways.kept_route(found), may_allow_hosts=may_allow(request)
    )
    if not form.is_valid():
        return _show(request, found, Parts(outgoing=form))
    by = person(request)
    server = form.server(kept_password=mailbox_ways.route_password(found))
    if server is None:
        send_later(found, by=by)
        return HttpResponseRedirect(f"{_address(found)}?saved=1#outgoing")
    keep_allowed(form, request)
    max_size = None
    if not request.POST.get("outgoing-anyway"):
        verdict = server_check.try_outgoing(server, way=mailbox_ways.route_of(found))
        if not verdict.good:
            return _show(request, found, Parts(outgoing=form, outgoing_trouble=verdict.sentence))
        max_size = verdict.max_size
    send_through(found, server=server, max_size=max_size, by=by)
    return HttpResponseRedirect(f"{_address(found)}?saved=1#outgoing")


@sensitive_post_parameters()
@require_POST
@keeper_only
def test_incoming(request: HttpRequest, mailbox_id: int) -> HttpResponse:
    """Try the IMAP server that stands in the form."""
    found = _found(mailbox_id)
    form = IncomingForm(
        request.POST, prefix="incoming", kept=mailbox_ways.kept_source(found), may_allow_hosts=may_allow(request)
    )
    password, way = mailbox_ways.source_password(found), mailbox_ways.source_of(found)
    return verdict_on_incoming(request, form, kept_password=password, way=way)


@sensitive_post_parameters()
@require_POST
@keeper_only
def test_outgoing(request: HttpRequest, mailbox_id: int) -> HttpResponse:
    """Try the SMTP server that stands in the form."""
    found = _found(mailbox_id)
    form = OutgoingForm(
        request.POST, prefix="outgoing", kept=mailbox_ways.kept_route(found), may_allow_hosts=may_allow(request)
    )
    password, way = mailbox_ways.route_password(found), mailbox_ways.route_of(found)
    return verdict_on_outgoing(request, form, kept_password=password, way=way)


def _found(mailbox_id: int) -> Mailbox:
    return get_object_or_404(Mailbox, pk=mailbox_id)


def _address(mailbox: Mailbox) -> str:
    return reverse("settings-mailbox", args=[mailbox.pk])


def _show(request: HttpRequest, found: Mailbox, parts: Parts) -> HttpResponse:
    context = mailbox_ways.page_context(found, parts)
    return shell.page(request, "settings_mailbox.html", context, status=200 if parts == Parts() else 422)
