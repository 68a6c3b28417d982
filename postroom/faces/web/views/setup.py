"""The one-time set-up link: two doors, and the form behind the first."""

from dataclasses import asdict, dataclass, replace
from typing import Any

from django.conf import settings
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from postroom.channels.mail.actions.found import NewTeam, SetupIsOver, found_team
from postroom.channels.mail.fetching_rules import FetchingRules
from postroom.channels.mail.folder_end import FolderEnd
from postroom.channels.mail.models import Route, Source
from postroom.core.accounts import setup
from postroom.core.accounts.actions.mailboxes import MailboxRefused
from postroom.core.accounts.actions.people import PersonRefused
from postroom.core.accounts.models import User
from postroom.faces.web import server_check, server_guesses
from postroom.faces.web.forms.mail_servers import IMAP, POP, SMTP, IncomingForm, OutgoingForm, ServerForm
from postroom.faces.web.forms.people import MailboxForm, OwnerForm
from postroom.faces.web.signing_in.entering import enter


@dataclass(frozen=True)
class TeamForms:
    """The four parts of the set-up form."""

    owner: OwnerForm
    mailbox: MailboxForm
    incoming: IncomingForm
    outgoing: OutgoingForm

    @property
    def are_valid(self) -> bool:
        # All four are looked at, so that every mistake is shown at once.
        mistakes = [form.errors for form in (self.owner, self.mailbox, self.incoming, self.outgoing)]
        return not any(mistakes)


@dataclass(frozen=True)
class Trouble:
    """What the servers said to the live test; empty when they let us in."""

    incoming: str = ""
    outgoing: str = ""


@require_safe
def doors(request: HttpRequest, token: str) -> HttpResponse:
    """Show the two doors."""
    return closed(request, token) or render(request, "setup.html", {"token": token})


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def team(request: HttpRequest, token: str) -> HttpResponse:
    """Ask for the owner, the mailbox and its servers; test these, set all up and sign the owner in."""
    if refusal := closed(request, token):
        return refusal
    forms = _forms(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return _ask(request, token, forms)
    if not forms.are_valid:
        return _ask(request, token, forms, status=422)
    trouble, end = _try_servers(request, forms)
    if trouble != Trouble():
        return _ask(request, token, forms, trouble=trouble, status=422)
    try:
        owner = found_team(replace(_typed(forms), folder_end=end))
    except SetupIsOver:
        return closed(request, token) or HttpResponseRedirect("/sign-in")
    except PersonRefused as refused:
        _blame(forms.owner, refused.field, str(refused))
        return _ask(request, token, forms, status=422)
    except MailboxRefused as refused:
        _blame(forms.mailbox, refused.field, str(refused))
        return _ask(request, token, forms, status=422)
    return enter(request, owner, how="setup")


@sensitive_post_parameters()
@require_POST
def test_incoming(request: HttpRequest, token: str) -> HttpResponse:
    """Try the IMAP server that was typed; the answer is a fragment."""
    if refusal := closed(request, token):
        return refusal
    return verdict_on_incoming(request, _forms(request.POST).incoming)


@sensitive_post_parameters()
@require_POST
def test_outgoing(request: HttpRequest, token: str) -> HttpResponse:
    """Try the SMTP server that was typed; the answer is a fragment."""
    if refusal := closed(request, token):
        return refusal
    return verdict_on_outgoing(request, _forms(request.POST).outgoing)


@require_safe
def guess(request: HttpRequest, token: str) -> HttpResponse:
    """Say where mail of an address probably lives."""
    if not setup.token_is_good(token):
        return JsonResponse({}, status=404)
    address = request.GET.get("address", "")
    guessed = server_guesses.guess(address)
    if guessed is None:
        return JsonResponse({})
    ports = {"imap_port": guessed.imap_port, "smtp_port": guessed.smtp_port}
    return JsonResponse({**asdict(guessed), **ports, "username": address.strip()})


def closed(request: HttpRequest, token: str) -> HttpResponse | None:
    """Return the page for a link that opens nothing (any more), or None for a good one."""
    if setup.token_is_good(token):
        return None
    used = User.objects.exists()
    if used and request.user.is_authenticated:
        return HttpResponseRedirect("/")
    return render(request, "setup_over.html", {"used": used}, status=410 if used else 404)


def verdict_on_incoming(
    request: HttpRequest, form: IncomingForm, *, kept_password: str = "", way: Source | None = None
) -> HttpResponse:
    """Answer with what the IMAP server says, or with the first thing that is wrong in the form."""
    if not form.is_valid():
        return _verdict(request, server_check.Verdict(good=False, sentence=_first_mistake(form)), form)
    server = form.server(kept_password=kept_password)
    if server is None:
        return _verdict(request, _nothing_to_try(), form)
    folder = form.cleaned_data["folder"]
    with form.allowance():
        found = server_check.try_incoming(server, folder=folder, pop=form.is_pop, way=way)
    return _verdict(request, found, form)


def verdict_on_outgoing(
    request: HttpRequest, form: OutgoingForm, *, kept_password: str = "", way: Route | None = None
) -> HttpResponse:
    """Answer with what the SMTP server says, or with the first thing that is wrong in the form."""
    if not form.is_valid():
        return _verdict(request, server_check.Verdict(good=False, sentence=_first_mistake(form)), form)
    server = form.server(kept_password=kept_password)
    if server is None:
        return _verdict(request, _nothing_to_try(), form)
    with form.allowance():
        found = server_check.try_outgoing(server, way=way)
    return _verdict(request, found, form)


def _forms(typed: Any) -> TeamForms:
    return TeamForms(
        owner=OwnerForm(typed, prefix="owner"),
        mailbox=MailboxForm(typed, prefix="mailbox"),
        incoming=IncomingForm(
            typed,
            prefix="incoming",
            initial={"way": IMAP, "security": server_guesses.TLS},
            may_allow_hosts=True,
        ),
        outgoing=OutgoingForm(
            typed,
            prefix="outgoing",
            initial={"way": SMTP, "security": server_guesses.STARTTLS},
            may_allow_hosts=True,
        ),
    )


def _ask(
    request: HttpRequest, token: str, forms: TeamForms, *, trouble: Trouble | None = None, status: int = 200
) -> HttpResponse:
    context = {
        "token": token,
        "owner": forms.owner,
        "mailbox": forms.mailbox,
        "incoming": forms.incoming,
        "outgoing": forms.outgoing,
        "trouble": trouble or Trouble(),
        "lmtp": f"{settings.POSTROOM_LMTP_HOST}:{settings.POSTROOM_LMTP_PORT}",
    }
    return render(request, "setup_team.html", context, status=status)


def _try_servers(request: HttpRequest, forms: TeamForms) -> tuple[Trouble, FolderEnd | None]:
    source, route = forms.incoming.server(), forms.outgoing.server()
    incoming = outgoing = None
    if source and not request.POST.get("incoming-anyway"):
        with forms.incoming.allowance():
            incoming = server_check.try_incoming(
                source, folder=forms.incoming.cleaned_data["folder"], pop=forms.incoming.is_pop
            )
    if route and not request.POST.get("outgoing-anyway"):
        with forms.outgoing.allowance():
            outgoing = server_check.try_outgoing(route)
    trouble = Trouble(
        incoming="" if incoming is None or incoming.good else incoming.sentence,
        outgoing="" if outgoing is None or outgoing.good else outgoing.sentence,
    )
    return trouble, incoming.end if incoming else None


def _typed(forms: TeamForms) -> NewTeam:
    owner, mailbox = forms.owner.cleaned_data, forms.mailbox.cleaned_data
    return NewTeam(
        owner_name=owner["name"],
        owner_email=owner["email"],
        password=owner["password"],
        language=(get_language() or "en").partition("-")[0],
        mailbox_name=mailbox["name"],
        address=mailbox["address"],
        from_name=mailbox["from_name"],
        source=forms.incoming.server(),
        fetching=FetchingRules(kind=POP if forms.incoming.is_pop else IMAP),
        folder=forms.incoming.cleaned_data.get("folder") or "INBOX",
        import_existing=bool(forms.incoming.cleaned_data.get("import_existing")),
        route=forms.outgoing.server(),
        allowed_hosts=tuple(filter(None, (forms.incoming.allowed_host(), forms.outgoing.allowed_host()))),
    )


def _blame(form: Form, field: str, sentence: str) -> None:
    form.add_error(field if field in form.fields else None, sentence)


def _nothing_to_try() -> server_check.Verdict:
    return server_check.Verdict(good=False, sentence=_("There is no server to test on this way."))


def _first_mistake(form: Form) -> str:
    return str(next(iter(form.errors.values()))[0])


def _verdict(request: HttpRequest, verdict: server_check.Verdict, form: ServerForm) -> HttpResponse:
    ticked = form.is_valid() and bool(form.allowed_host())
    asks = form.may_allow_hosts and "inside" in form.errors
    context = {"verdict": verdict, "inside": form["inside"].html_name if asks or ticked else "", "ticked": ticked}
    return render(request, "_verdict.html", context)
