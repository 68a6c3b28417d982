"""What a role allows, besides what somebody may do in each mailbox (levels, models/access.py).

No role opens a mailbox: who sees which one is granted, so that a list of grants says all.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from postroom.core.accounts.models import (
    ADMIN,
    AGENT,
    ANSWERING,
    CUSTOM,
    MANAGING,
    OBSERVER,
    OWNER,
    SEEING,
    SUPERVISOR,
    Membership,
    Role,
    User,
)

ANSWER = "answer"
NOTE = "note"
TEAMS = "teams"
PEOPLE = "people"
ACCESS = "access"
MAILBOXES = "mailboxes"
SECURITY = "security"
AUDIT = "audit"
BREAK_GLASS = "break_glass"
OWNERS = "owners"

# What a custom role may be made of, each with the words beside its box.
PERMISSIONS: dict[str, str | Promise] = {
    ANSWER: _("Answer customers, and close, assign and tag"),
    NOTE: _("Write notes"),
    TEAMS: _("Make teams and say who is in them"),
    PEOPLE: _("Invite people, deactivate them and give them roles"),
    ACCESS: _("Say who may see and answer which mailbox"),
    MAILBOXES: _("Add mailboxes and change how their mail is fetched and sent"),
    SECURITY: _("Change how people sign in and which networks are allowed"),
    AUDIT: _("Read who changed, opened and exported what"),
    BREAK_GLASS: _("Open a sensitive conversation with a reason"),
}
_AGENTS = frozenset({ANSWER, NOTE})
_ADMINS = frozenset(PERMISSIONS)
_BUILT_IN = {
    OWNER: _ADMINS | {OWNERS},
    ADMIN: _ADMINS,
    SUPERVISOR: _AGENTS | {TEAMS, AUDIT},
    AGENT: _AGENTS,
    OBSERVER: frozenset({NOTE}),
}
# Whoever may change more than conversations: a policy may ask more of them.
MANAGERS_MARK = frozenset({PEOPLE, ACCESS, MAILBOXES, SECURITY, AUDIT, BREAK_GLASS, OWNERS})


def permissions_of(user: User) -> frozenset[str]:
    """Return the codes of what this person's role allows; none for a deactivated person."""
    return permissions_of_role(user.role, user.custom_role) if user.is_active else frozenset()


def permissions_of_role(role: str, custom_role: Role | None = None) -> frozenset[str]:
    """Return the codes of what a role allows; `custom_role` is the row of CUSTOM."""
    if role == CUSTOM:
        return frozenset(custom_role.permissions) & _ADMINS if custom_role else frozenset()
    return _BUILT_IN.get(role, frozenset())


def outranks(person: User, *, other: User) -> bool:
    """Tell whether a person's role allows something that the other's does not: then it is not the other's to change.

    What a deactivated person's role would allow counts too: whoever could change it could take it back into use.
    """
    mine = permissions_of(User.objects.select_related("custom_role").get(pk=other.pk))
    return not permissions_of_role(person.role, person.custom_role) <= mine


def may(user: User, permission: str) -> bool:
    """Tell whether this person's role allows it."""
    return permission in permissions_of(user)


def level_on(user: User, mailbox_id: int) -> int:
    """Return NONE, SEEING, ANSWERING or MANAGING: what this person was granted in a mailbox."""
    if not user.is_active:
        return 0
    level = Membership.objects.filter(user=user, mailbox_id=mailbox_id).values_list("level", flat=True).first()
    return level or 0


def may_answer(user: User, mailbox_id: int) -> bool:
    """Tell whether this person may write to customers of a mailbox and change its conversations."""
    return may(user, ANSWER) and level_on(user, mailbox_id) >= ANSWERING


def may_note(user: User, mailbox_id: int) -> bool:
    """Tell whether this person may write notes in a mailbox."""
    return may(user, NOTE) and level_on(user, mailbox_id) >= SEEING


def may_manage(user: User, mailbox_id: int) -> bool:
    """Tell whether this person may change the settings of a mailbox: who manages it, or whoever manages all."""
    return may(user, MAILBOXES) or (may(user, ANSWER) and level_on(user, mailbox_id) >= MANAGING)
