"""Let a mailbox sign in at its provider: there, back with a code, and both ways tried at once."""

import secrets
import time
from dataclasses import dataclass
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from postroom.channels.mail.actions.providers import use_grant
from postroom.channels.mail.actions.ways import fetch_from, send_through
from postroom.channels.mail.models import OAuthClient, OAuthGrant
from postroom.channels.mail.server_settings import ServerSettings
from postroom.channels.mail.transports.access_tokens import keep
from postroom.channels.mail.transports.oauth import SignInTrouble, Tokens, consent_address, exchange
from postroom.core.accounts.models import Mailbox
from postroom.core.accounts.permissions import may_manage
from postroom.faces.web import server_check, shell
from postroom.faces.web.access import keeper_only, person
from postroom.faces.web.server_check import Verdict
from postroom.faces.web.views.mail_providers import redirect_address
from postroom.lib import clock
from postroom.lib.text import one_line

_SESSION = "mail_sign_ins"
# Somebody who looks for a telephone with a code on it takes a while.
_SECONDS = 1800
_MOST = 5


@dataclass(frozen=True)
class Journey:
    """What is remembered while somebody is at the provider's."""

    mailbox: int
    client: int
    username: str
    verifier: str
    begun: float


@require_POST
@keeper_only
def begin(request: HttpRequest, mailbox_id: int) -> HttpResponse:
    """Go to the provider; a page between, since a form may not lead out of the house."""
    mailbox = get_object_or_404(Mailbox, pk=mailbox_id)
    client = get_object_or_404(OAuthClient, pk=request.POST.get("provider") or 0)
    username = one_line(request.POST.get("username", ""), length=320) or mailbox.address
    state, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(48)
    journey = Journey(mailbox.pk, client.pk, username, verifier, time.time())
    _remember(request, state, journey)
    there = consent_address(
        client, redirect=redirect_address(request), state=state, verifier=verifier, username=username
    )
    context = {"tab": "mailboxes", "mailbox": mailbox, "provider": client, "there": there}
    response = shell.page(request, "settings_mail_leaving.html", context)
    response["Refresh"] = f"0; url={there}"
    return response


@require_safe
@keeper_only
def back(request: HttpRequest) -> HttpResponse:
    """Take the code that the provider gave, turn it into tokens, and try both ways."""
    journey = _recall(request, request.GET.get("state", ""))
    mailbox = Mailbox.objects.filter(pk=journey.mailbox).first() if journey else None
    client = OAuthClient.objects.filter(pk=journey.client).first() if journey else None
    if not (journey and mailbox and client and may_manage(person(request), mailbox.pk)):
        sentence = _("This sign-in was begun in another window, or more than half an hour ago. Nothing was changed.")
        return _refused(request, mailbox, sentence)
    if request.GET.get("error"):
        return _refused(request, mailbox, _denied(request, client))
    try:
        tokens = exchange(
            client, code=request.GET.get("code", ""), redirect=redirect_address(request), verifier=journey.verifier
        )
    except SignInTrouble as trouble:
        return _refused(request, mailbox, str(trouble))
    incoming, outgoing = _use(request, mailbox, client, tokens, username=journey.username)
    context = {"tab": "mailboxes", "mailbox": mailbox, "provider": client, "incoming": incoming, "outgoing": outgoing}
    return shell.page(request, "settings_mail_back.html", context | {"username": journey.username})


def _use(
    request: HttpRequest, mailbox: Mailbox, client: OAuthClient, tokens: Tokens, *, username: str
) -> tuple[Verdict, Verdict]:
    """Try the way in and the way out with the new token; each one that works is used from now on."""
    by = person(request)
    into = ServerSettings(client.imap_host, client.imap_port, client.imap_security, username, token=tokens.access)
    out = ServerSettings(client.smtp_host, client.smtp_port, client.smtp_security, username, token=tokens.access)
    kept = mailbox.sources.filter(active=True, host=into.host, username=username).order_by("pk").first()
    folder = kept.folder if kept else "INBOX"
    incoming, outgoing = server_check.try_incoming(into, folder=folder), server_check.try_outgoing(out)
    if not (incoming.good or outgoing.good):
        return incoming, outgoing
    grant = OAuthGrant.objects.create(client=client, mailbox=mailbox, username=username, granted_at=clock.now())
    keep(grant, tokens)
    source = route = None
    if incoming.good:
        source = fetch_from(mailbox, server=into, folder=folder, end=incoming.end, by=by)
    if outgoing.good:
        route = send_through(mailbox, server=out, by=by)
    use_grant(source, route, grant=grant, mailbox=mailbox, by=by)
    return incoming, outgoing


def _denied(request: HttpRequest, client: OAuthClient) -> str:
    words = one_line(request.GET.get("error_description", "") or request.GET.get("error", ""), length=300)
    return _("%(provider)s did not give us leave to use the account (%(words)s). Nothing was changed.") % {
        "provider": client.name,
        "words": words,
    }


def _refused(request: HttpRequest, mailbox: Mailbox | None, sentence: str) -> HttpResponse:
    context = {"tab": "mailboxes", "mailbox": mailbox, "sentence": sentence}
    return shell.page(request, "settings_mail_refused.html", context, status=400)


def _remember(request: HttpRequest, state: str, journey: Journey) -> None:
    journeys = cast("dict[str, dict[str, object]]", request.session.get(_SESSION, {}))
    latest = dict(list(journeys.items())[-(_MOST - 1) :])
    request.session[_SESSION] = latest | {state: journey.__dict__}


def _recall(request: HttpRequest, state: str) -> Journey | None:
    """Return the journey of this state, once."""
    journeys = cast("dict[str, dict[str, object]]", request.session.get(_SESSION, {}))
    found = journeys.pop(state, None)
    request.session[_SESSION] = journeys
    journey = Journey(**found) if found else None  # type: ignore[arg-type]
    return journey if journey and time.time() - journey.begun < _SECONDS else None
