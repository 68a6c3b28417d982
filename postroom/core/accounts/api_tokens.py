"""Which tokens let programs in as somebody, and why one does not."""

import hashlib
from datetime import timedelta

from django.db import OperationalError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from postroom.core.accounts.models import ApiToken, User
from postroom.core.accounts.policy import NOBODY, policy, second_factor_is_due
from postroom.core.accounts.second_factors import has_second_factor
from postroom.lib import clock
from postroom.lib.text import one_line

# What secret scanners look for.
PREFIX = "postroom_api_"
# One write a minute is enough to see that it is used.
_SELDOM = timedelta(minutes=1)


def digest_of(token: str) -> str:
    """Return how a token is kept: nobody comes in with this."""
    return hashlib.sha256(f"api:{token}".encode(errors="replace")).hexdigest()


def tokens_of(user: User) -> QuerySet[ApiToken]:
    """Return the tokens of a person that were not ended, the newest first; those past their day are among them."""
    return ApiToken.objects.filter(user=user, ended_at=None).order_by("-created_at", "-pk")


def token_of(shown: str) -> ApiToken | None:
    """Return the token that was shown, with its person, whether it is good or not; None for none of ours.

    Found by its digest: how long that takes says nothing about any other token.
    """
    return ApiToken.objects.filter(digest=digest_of(shown)).select_related("user__custom_role").first()


def why_ended(token: ApiToken) -> str:
    """Return why this token is not good any more, "" for a good one."""
    if token.ended_at is not None or not token.user.is_active:
        return _("This token was ended. Make a new one in Postroom, under Settings, API tokens.")
    if token.expires_at <= clock.now():
        return _("This token is past its last day. Make a new one in Postroom, under Settings, API tokens.")
    return ""


def why_held_back(token: ApiToken) -> str:
    """Return why a good token opens nothing at present, as the policy has it; "" when it does."""
    rules, user = policy(), token.user
    if not rules.api_tokens:
        return _("Whoever runs this Postroom has switched API tokens off.")
    if rules.second_factor == NOBODY or token.signed_on or not second_factor_is_due(user, asked=rules):
        return ""
    if has_second_factor(user):
        return ""
    return _("This team asks for a second factor, and you have none. Sign in to Postroom with a browser and add one.")


def used(token: ApiToken, *, ip: str, agent: str) -> None:
    """Note that a program came in with it, once a minute at most."""
    now = clock.now()
    if token.last_used_at is not None and token.last_used_at > now - _SELDOM:
        return
    old = Q(last_used_at=None) | Q(last_used_at__lte=now - _SELDOM)
    values = {"last_used_at": now, "last_ip": ip[:45], "last_agent": one_line(agent, length=200)}
    try:
        ApiToken.objects.filter(old, pk=token.pk).update(**values)
    except OperationalError:
        # A full disk, or another writer for too long: the next minute notes it.
        return
