from dataclasses import asdict, dataclass, fields
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from postroom.core.accounts.allowed_networks import is_in
from postroom.core.accounts.models import SecurityPolicy
from postroom.core.accounts.policy import EVERYBODY, MANAGERS, NOBODY
from postroom.core.accounts.sessions import settle_lengths
from postroom.core.audit.write import Plain, write
from postroom.core.events.actor import Actor
from postroom.core.events.kinds.sign_ins import SecurityChanged
from postroom.core.events.record import record
from postroom.lib.networks import network

LONGEST_DAYS = 365
# A lunch break is an hour; below five minutes people sign in all day.
SHORTEST_IDLE, LONGEST_IDLE = 5, 7 * 24 * 60
_MOST_NETWORKS = 200


class PolicyRefused(Exception):
    """The rules stay as they were; `field` names the input that has to change."""

    def __init__(self, sentence: str, *, field: str) -> None:
        super().__init__(sentence)
        self.field = field


@dataclass(frozen=True)
class Rules:
    """What is asked of sign-ins (models.SecurityPolicy says what each means)."""

    second_factor: str
    second_factor_by: date | None
    session_days: int
    session_idle_minutes: int
    # CIDR networks or single addresses, IPv4 and IPv6; empty for everywhere.
    allow_list: tuple[str, ...]
    # Whether programs may come in as somebody, by a token.
    api_tokens: bool = True
    answers_by_mail: bool = True
    words_in_letters: bool = True


def rules_of(policy: SecurityPolicy) -> Rules:
    """Return the rules that hold."""
    values = {field.name: getattr(policy, field.name) for field in fields(Rules)}
    return Rules(**{**values, "allow_list": tuple(policy.allow_list)})


def change_policy(rules: Rules, *, by: Actor, from_ip: str) -> bool:
    """Let these rules hold, for the open sessions too. False when they did.

    PolicyRefused for what makes no sense, and for a list of networks without the one its author is in.
    """
    wanted = _checked(rules, from_ip=from_ip)
    with transaction.atomic():
        policy = SecurityPolicy.objects.select_for_update().get_or_create(pk=1)[0]
        before, after = _said(rules_of(policy)), _said(wanted)
        changed = [name for name in after if before[name] != after[name]]
        if not changed:
            return False
        for name in changed:
            value = getattr(wanted, name)
            setattr(policy, name, list(value) if isinstance(value, tuple) else value)
        policy.save(update_fields=changed)
        settle_lengths(policy)
        write(
            "security.changed",
            by=by,
            before={name: before[name] for name in changed},
            after={name: after[name] for name in changed},
        )
        record(SecurityChanged(), by=by)
    return True


def allow_everywhere(*, by: Actor, reason: str) -> tuple[str, ...]:
    """Forget the list of allowed networks, for somebody who is locked out; return what was in it."""
    with transaction.atomic():
        policy = SecurityPolicy.objects.select_for_update().get_or_create(pk=1)[0]
        old = tuple(map(str, policy.allow_list))
        if old:
            policy.allow_list = []
            policy.save(update_fields=["allow_list"])
            write("security.changed", by=by, before={"allow_list": list(old)}, after={"allow_list": []}, reason=reason)
            record(SecurityChanged(), by=by)
    return old


def _checked(rules: Rules, *, from_ip: str) -> Rules:
    if rules.second_factor not in (NOBODY, MANAGERS, EVERYBODY):
        raise PolicyRefused(_("Choose one of the three."), field="second_factor")
    if not 1 <= rules.session_days <= LONGEST_DAYS:
        raise PolicyRefused(
            _("Write a number of days from 1 to %(most)s.") % {"most": LONGEST_DAYS}, field="session_days"
        )
    if rules.session_idle_minutes and not SHORTEST_IDLE <= rules.session_idle_minutes <= LONGEST_IDLE:
        raise PolicyRefused(
            _("Write a number of minutes from %(least)s to %(most)s, or leave it empty.")
            % {"least": SHORTEST_IDLE, "most": LONGEST_IDLE},
            field="session_idle_minutes",
        )
    allowed = _networks(rules.allow_list)
    if allowed and not is_in(from_ip, allowed):
        raise PolicyRefused(
            _("You come from %(address)s, which is in none of these networks: you would lock yourself out. Add it.")
            % {"address": from_ip or _("an unknown address")},
            field="allow_list",
        )
    values = {**asdict(rules), "allow_list": allowed}
    # A day without anybody it concerns says nothing.
    return Rules(**{**values, "second_factor_by": None} if rules.second_factor == NOBODY else values)


def _networks(texts: tuple[str, ...]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for text in texts:
        try:
            found[str(network(text))] = None
        except ValueError:
            raise PolicyRefused(
                _("“%(text)s” is no network. It looks like 203.0.113.0/24, 2001:db8::/32 or 192.0.2.7.")
                % {"text": text[:60]},
                field="allow_list",
            ) from None
    if len(found) > _MOST_NETWORKS:
        raise PolicyRefused(
            _("These are too many networks; at most %(most)s.") % {"most": _MOST_NETWORKS}, field="allow_list"
        )
    return tuple(found)


def _said(rules: Rules) -> dict[str, Plain | list[str]]:
    day = rules.second_factor_by
    return {
        **asdict(rules),
        "second_factor_by": day.isoformat() if day else None,
        "allow_list": list(rules.allow_list),
    }
