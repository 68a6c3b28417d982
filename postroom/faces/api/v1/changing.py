"""Who has a conversation, and whether the work is done."""

from django.utils.translation import gettext as _

from postroom.core.accounts.actions.teams import TeamRefused
from postroom.core.accounts.models import Team, User
from postroom.core.conversations.actions.assign import CannotSee, assign, unassign
from postroom.core.conversations.actions.close import close, reopen
from postroom.faces.api.v1.asking import Answer, Asking, Problem
from postroom.faces.api.v1.bodies import read_json
from postroom.faces.api.v1.lines import line_after
from postroom.faces.api.v1.lookups import conversation_or_404
from postroom.faces.api.v1.shapes_sent import OwnerToBe
from postroom.lib.addresses import normalize
from postroom.lib.text import storable


def give(asking: Asking, number: int) -> Answer:
    """Give it to a person or a team; the same once more changes nothing."""
    conversation = conversation_or_404(asking, number)
    wanted = read_json(asking, OwnerToBe)
    try:
        assign(conversation, to=_owner(wanted, asking=asking), by=asking.user)
    except (CannotSee, TeamRefused) as refusal:
        raise Problem(422, "refused", str(refusal)) from None
    return line_after(number, asking=asking)


def free(asking: Asking, number: int) -> Answer:
    """Make it free to take."""
    unassign(conversation_or_404(asking, number), by=asking.user)
    return line_after(number, asking=asking)


def close_it(asking: Asking, number: int) -> Answer:
    """Close it; the same once more changes nothing."""
    close(conversation_or_404(asking, number), by=asking.user)
    return line_after(number, asking=asking)


def reopen_it(asking: Asking, number: int) -> Answer:
    """Reopen it."""
    reopen(conversation_or_404(asking, number), by=asking.user)
    return line_after(number, asking=asking)


def _owner(wanted: OwnerToBe, *, asking: Asking) -> User | Team:
    found: User | Team | None
    if wanted.person == "me":
        return asking.user
    if wanted.person is not None:
        found = User.objects.filter(email=storable(normalize(wanted.person)), is_active=True).first()
    else:
        found = Team.objects.filter(name=storable(wanted.team or "")).first()
    if found is None:
        raise Problem(422, "no-such-owner", _("Nobody here is called that. Nothing was changed."))
    return found
