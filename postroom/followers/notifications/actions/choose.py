from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db import transaction

from postroom.core.accounts.models import User
from postroom.followers.notifications.kinds import KINDS, WAYS
from postroom.followers.notifications.models import Choices


class NoSuchQuietHours(Exception):
    """One end of the quiet hours is missing, or both are the same."""


@dataclass(frozen=True)
class Wanted:
    """How a person wants to be told: for each reason its ways, and when not. Times are "22:00", or both empty."""

    ways: Mapping[str, Collection[str]]
    quiet_from: str = ""
    quiet_until: str = ""
    only_working_hours: bool = False
    says_more: bool = False


def choose(user: User, wanted: Wanted) -> None:
    """Keep how this person wants to be told; NoSuchQuietHours."""
    if bool(wanted.quiet_from) != bool(wanted.quiet_until) or (
        wanted.quiet_from and wanted.quiet_from == wanted.quiet_until
    ):
        raise NoSuchQuietHours
    ways = {kind.reason: [way for way in WAYS if way in wanted.ways.get(kind.reason, ())] for kind in KINDS}
    fields = {
        "ways": ways,
        "quiet_from": wanted.quiet_from,
        "quiet_until": wanted.quiet_until,
        "only_working_hours": wanted.only_working_hours,
        "says_more": wanted.says_more,
    }
    with transaction.atomic():
        Choices.objects.update_or_create(user=user, defaults=fields)
