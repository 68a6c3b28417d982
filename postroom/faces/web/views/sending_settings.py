"""How a mailbox's replies leave beyond its server: the spare one, rates, copies, signature, and whether they arrive."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from postroom.channels.mail.actions import sending as actions
from postroom.channels.mail.actions.ways import sealed_or_none, send_through
from postroom.channels.mail.models import SMTP, SPARE, USUAL, Route, SentCopy
from postroom.channels.mail.pace import rules_of
from postroom.channels.mail.signing import key_of, record_name, record_text
from postroom.channels.mail.sizes import shown
from postroom.channels.mail.transports.deliverability import check_deliverability
from postroom.core.accounts.models import Mailbox
from postroom.faces.web import server_check, server_guesses, shell
from postroom.faces.web.access import keeper_only, person
from postroom.faces.web.forms.mail_servers import LATER, Kept, OutgoingForm
from postroom.faces.web.forms.mail_servers import SMTP as BY_SERVER
from postroom.faces.web.forms.sending import RulesForm
from postroom.faces.web.inside_hosts import keep_allowed, may_allow
from postroom.faces.web.views.setup import verdict_on_outgoing

_VERBS = {
    "make": actions.make_signing_key,
    "sign": actions.sign_mail,
    "stop": actions.stop_signing,
    "forget": actions.forget_signing_key,
}


@require_http_methods(["GET", "HEAD", "POST"])
@keeper_only
def sending(request: HttpRequest, mailbox_id: int) -> HttpResponse:
    """Show how the mailbox sends, or change its rates and what is kept."""
    found = get_object_or_404(Mailbox, pk=mailbox_id)
    if request.method != "POST":
        return _show(request, found)
    form = RulesForm(request.POST, prefix="rules")
    if not form.is_valid():
        return _show(request, found, rules=form)
    actions.change_rules(found, **form.cleaned_data, by=person(request))
    return _saved(found)


@sensitive_post_parameters()
@require_POST
@keeper_only
def spare(request: HttpRequest, mailbox_id: int) -> HttpResponse:
    """Say which server stands in; it is tried first."""
    found = get_object_or_404(Mailbox, pk=mailbox_id)
    form, password = _spare_form(request, found)
    if not form.is_valid():
        return _show(request, found, spare=form)
    server = form.server(kept_password=password)
    if server is None:
        actions.forget_spare(found, by=person(request))
        return _saved(found)
    keep_allowed(form, request)
    max_size = None
    if not request.POST.get("spare-anyway"):
        verdict = server_check.try_outgoing(server)
        if not verdict.good:
            return _show(request, found, spare=form, trouble=verdict.sentence)
        max_size = verdict.max_size
    send_through(found, server=server, rank=SPARE, max_size=max_size, by=person(request))
    return _saved(found)


@sensitive_post_parameters()
@require_POST
@keeper_only
def test_spare(request: HttpRequest, mailbox_id: int) -> HttpResponse:
    """Try the server that stands in the form."""
    form, password = _spare_form(request, get_object_or_404(Mailbox, pk=mailbox_id))
    return verdict_on_outgoing(request, form, kept_password=password)


@require_POST
@keeper_only
def signing(request: HttpRequest, mailbox_id: int) -> HttpResponse:
    """Make the domain's key, use it, use it no more or throw it away: `do` is make, sign, stop or forget."""
    found = get_object_or_404(Mailbox, pk=mailbox_id)
    verb = _VERBS.get(request.POST.get("do", ""))
    if verb:
        verb(found, by=person(request))
    return HttpResponseRedirect(f"{_address(found)}#signing")


@require_safe
@keeper_only
def deliverability(request: HttpRequest, mailbox_id: int) -> HttpResponse:
    """Show the page at once; what is looked at comes when it is known."""
    found = get_object_or_404(Mailbox, pk=mailbox_id)
    return shell.page(request, "settings_deliverability.html", {"tab": "mailboxes", "mailbox": found})


@require_safe
@keeper_only
def findings(request: HttpRequest, mailbox_id: int) -> HttpResponse:
    """Look, which takes some seconds, and show what was found."""
    found = get_object_or_404(Mailbox, pk=mailbox_id)
    context = {"mailbox": found, "findings": check_deliverability(found)}
    return render(request, "_deliverability.html", context)


def _spare_form(request: HttpRequest, mailbox: Mailbox) -> tuple[OutgoingForm, str]:
    route = Route.objects.filter(mailbox=mailbox, rank=SPARE).first()
    password = sealed_or_none(route.sealed_password) if route else ""
    kept = Kept(route.host, route.username) if route and password else None
    return OutgoingForm(request.POST, prefix="spare", kept=kept, may_allow_hosts=may_allow(request)), password


def _saved(mailbox: Mailbox) -> HttpResponse:
    return HttpResponseRedirect(f"{_address(mailbox)}?saved=1")


def _address(mailbox: Mailbox) -> str:
    return reverse("settings-mailbox-sending", args=[mailbox.pk])


def _show(
    request: HttpRequest,
    mailbox: Mailbox,
    *,
    rules: RulesForm | None = None,
    spare: OutgoingForm | None = None,
    trouble: str = "",
) -> HttpResponse:
    usual, second = (Route.objects.filter(mailbox=mailbox, rank=rank).first() for rank in (USUAL, SPARE))
    kept, key = rules_of(mailbox), key_of(mailbox)
    stuck = SentCopy.objects.filter(mailbox=mailbox).exclude(words="").order_by("-pk").first()
    context = {
        "tab": "mailboxes",
        "mailbox": mailbox,
        "usual": usual,
        "spare_route": second,
        "sizes": [shown(route.max_size) if route and route.max_size else "" for route in (usual, second)],
        "has_server": usual is not None and usual.kind == SMTP,
        "rules": rules or RulesForm(prefix="rules", initial=_as_typed(kept.__dict__)),
        "spare": spare or OutgoingForm(prefix="spare", initial=_spare_as_typed(second)),
        "spare_trouble": trouble,
        "kept_spare": bool(second and sealed_or_none(second.sealed_password)),
        "key": key,
        "record": (record_name(key), record_text(key)) if key else None,
        "stuck": stuck if stuck and stuck.state in ("waiting", "given_up") else None,
    }
    refused = rules is not None or spare is not None
    return shell.page(request, "settings_sending.html", context, status=422 if refused else 200)


def _as_typed(kept: dict[str, object]) -> dict[str, object]:
    return {name: kept[name] for name in ("per_minute", "per_day", "spare_after", "keep_copy")}


def _spare_as_typed(route: Route | None) -> dict[str, object]:
    if route is None:
        return {"way": LATER, "security": server_guesses.STARTTLS}
    typed = {name: getattr(route, name) for name in ("host", "port", "security", "username")}
    return {"way": BY_SERVER, **typed}
