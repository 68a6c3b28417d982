"""Roles as a form offers them: those that the giver may give."""

from postroom.core.accounts.models import BUILT_IN_ROLES, CUSTOM, Role, User
from postroom.core.accounts.permissions import permissions_of, permissions_of_role
from postroom.faces.web.role_words import word_of

_OWN = "own-"


def roles_to_give(giver: User) -> list[tuple[str, str]]:
    """Return (code, word) of the roles that allow nothing beyond the giver's; one of our own is `own-` and its id."""
    mine = permissions_of(giver)
    built_in = [(code, word_of(code)) for code in BUILT_IN_ROLES if permissions_of_role(code) <= mine]
    own = [one for one in Role.objects.order_by("name") if permissions_of_role(CUSTOM, one) <= mine]
    return [*built_in, *((f"{_OWN}{one.pk}", one.name) for one in own)]


def chosen_role(code: str) -> tuple[str, Role | None]:
    """Return the role of such a code, and the row of one of our own."""
    if not code.startswith(_OWN):
        return code, None
    return CUSTOM, Role.objects.filter(pk=code.removeprefix(_OWN)).first()
