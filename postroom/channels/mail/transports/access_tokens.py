"""An access token that is good right now: the kept one, or a new one, asked for by one process at a time."""

import time
from datetime import timedelta

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _

from postroom.channels.mail.models import OAuthGrant, Route, Source
from postroom.channels.mail.server_settings import ServerSettings
from postroom.channels.mail.transports.oauth import SignInTrouble, Tokens, renew
from postroom.lib import clock
from postroom.lib.sealing import seal, unseal

# A sign-in that begins now must not end with a token that has just run out.
_MARGIN = timedelta(minutes=2)
# Longer than the provider may take to answer.
_TURN = timedelta(seconds=40)
_WAIT_SECONDS = 30.0


def server_of(way: Source | Route) -> ServerSettings:
    """Return where and how this way signs in; SealBroken or SignInTrouble with a sentence when it cannot."""
    token = access_token(way.grant) if way.grant else ""
    password = "" if token else unseal(way.sealed_password, key=settings.POSTROOM_KEY)
    return ServerSettings(way.host, way.port, way.security, way.username, password, token)


def access_token(grant: OAuthGrant) -> str:
    """Return a token that is good for some minutes; SignInTrouble when the provider gives none."""
    until = time.monotonic() + _WAIT_SECONDS
    while True:
        now = OAuthGrant.objects.select_related("client").get(pk=grant.pk)
        if now.withdrawn_at:
            raise SignInTrouble(now.withdrawn_words, withdrawn=True)
        if now.access_until and now.access_until > clock.now() + _MARGIN:
            return unseal(now.sealed_access_token, key=settings.POSTROOM_KEY)
        if _take_turn(now):
            return _renewed(now)
        if time.monotonic() > until:
            words = _("%(provider)s is being asked for a new token already.")
            raise SignInTrouble(words % {"provider": now.client.name})
        time.sleep(0.2)


def forget_access_token(grant: OAuthGrant) -> None:
    """Ask for a new one next time: the mail server did not take this one."""
    OAuthGrant.objects.filter(pk=grant.pk).update(access_until=None)


def keep(grant: OAuthGrant, tokens: Tokens) -> None:
    """Seal what the provider gave."""
    key = settings.POSTROOM_KEY
    fields: dict[str, object] = {
        "sealed_access_token": seal(tokens.access, key=key),
        "access_until": clock.now() + timedelta(seconds=tokens.seconds),
        "refreshing_until": None,
        "withdrawn_at": None,
        "withdrawn_words": "",
    }
    if tokens.refresh:
        fields["sealed_refresh_token"] = seal(tokens.refresh, key=key)
    OAuthGrant.objects.filter(pk=grant.pk).update(**fields)


def _take_turn(grant: OAuthGrant) -> bool:
    now = clock.now()
    free = Q(refreshing_until__isnull=True) | Q(refreshing_until__lt=now)
    mine = OAuthGrant.objects.filter(free, pk=grant.pk, access_until=grant.access_until)
    return bool(mine.update(refreshing_until=now + _TURN))


def _renewed(grant: OAuthGrant) -> str:
    rows = OAuthGrant.objects.filter(pk=grant.pk)
    # Read again after the turn was won: another process may have changed the refresh token right before.
    sealed = rows.values_list("sealed_refresh_token", flat=True).get()
    try:
        tokens = renew(grant.client, refresh_token=unseal(sealed, key=settings.POSTROOM_KEY))
    except SignInTrouble as trouble:
        over = {"withdrawn_at": clock.now(), "withdrawn_words": str(trouble)} if trouble.withdrawn else {}
        rows.update(refreshing_until=None, **over)
        raise
    except BaseException:
        rows.update(refreshing_until=None)
        raise
    keep(grant, tokens)
    return tokens.access
