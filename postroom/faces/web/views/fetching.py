"""What is fetched from a mailbox's account: its folders, how far each is, and what is done there."""

from dataclasses import asdict

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from postroom.channels.mail.actions.fetch_troubles import fetch_again
from postroom.channels.mail.actions.ways import change_fetching
from postroom.channels.mail.fetching_rules import rules_of
from postroom.channels.mail.folder_names import ARCHIVE, JUNK, SENT
from postroom.channels.mail.models import FAILED, FetchTrouble, Source
from postroom.channels.mail.transports.access_tokens import server_of
from postroom.channels.mail.transports.check import CheckFailed, folders_of
from postroom.channels.mail.transports.oauth import SignInTrouble
from postroom.core.accounts.models import Mailbox
from postroom.faces.web import shell
from postroom.faces.web.access import keeper_only, person
from postroom.faces.web.forms.fetching import FetchingForm
from postroom.lib.sealing import SealBroken


@require_http_methods(["GET", "HEAD", "POST"])
@keeper_only
def fetching(request: HttpRequest, mailbox_id: int) -> HttpResponse:
    """Show what is fetched, or change it."""
    source = _source(mailbox_id)
    if source is None:
        return HttpResponseRedirect(reverse("settings-mailbox", args=[mailbox_id]) + "#incoming")
    if request.method != "POST":
        return _show(request, source, FetchingForm(initial=asdict(rules_of(source))))
    form = FetchingForm(request.POST)
    if not form.is_valid():
        return _show(request, source, form)
    change_fetching(source, rules=form.rules(source), by=person(request))
    return HttpResponseRedirect(reverse("settings-mailbox-fetching", args=[mailbox_id]) + "?saved=1")


@require_safe
@keeper_only
def folders(request: HttpRequest, mailbox_id: int) -> HttpResponse:
    """Ask the server for its folders, to choose from."""
    source = _source(mailbox_id)
    context: dict[str, object] = {
        "source": source,
        "trouble": "",
        "form": FetchingForm(initial=asdict(rules_of(source or Source()))),
    }
    try:
        found = folders_of(server_of(source)) if source else []
    except (CheckFailed, SealBroken, SignInTrouble) as trouble:
        return render(request, "_fetching_folders.html", {**context, "trouble": str(trouble)})
    names = [folder.name for folder in found]
    chosen = source.more_folders if source else []
    context["folders"] = [*names, *(name for name in chosen if name not in names)]
    context["guesses"] = {
        purpose: next((folder.name for folder in found if folder.purpose == purpose), "")
        for purpose in (SENT, ARCHIVE, JUNK)
    }
    return render(request, "_fetching_folders.html", context)


@require_POST
@keeper_only
def again(request: HttpRequest, mailbox_id: int) -> HttpResponse:
    """Ask once more for what the server did not give."""
    get_object_or_404(Mailbox, pk=mailbox_id)
    for trouble in FetchTrouble.objects.filter(cursor__source__mailbox_id=mailbox_id):
        fetch_again(trouble, by=person(request))
    return HttpResponseRedirect(reverse("settings-mailbox-fetching", args=[mailbox_id]))


def _source(mailbox_id: int) -> Source | None:
    mailbox = get_object_or_404(Mailbox, pk=mailbox_id)
    return mailbox.sources.filter(active=True).order_by("pk").first()


def _show(request: HttpRequest, source: Source, form: FetchingForm) -> HttpResponse:
    context = {
        "tab": "mailboxes",
        "mailbox": source.mailbox,
        "source": source,
        "form": form,
        "cursors": source.cursors.order_by("role", "pk"),
        "troubles": FetchTrouble.objects.filter(cursor__source=source).select_related("cursor").order_by("-pk")[:50],
        "failed": source.wishes.filter(outcome=FAILED).order_by("-pk").first(),
    }
    return shell.page(request, "settings_fetching.html", context, status=422 if form.errors else 200)
