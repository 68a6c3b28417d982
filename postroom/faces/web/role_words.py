"""What people call the roles, and what each is for."""

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from postroom.core.accounts.models import ADMIN, AGENT, CUSTOM, OBSERVER, OWNER, SUPERVISOR, Role, User
from postroom.core.accounts.permissions import OWNERS, PERMISSIONS

ROLE_WORDS: dict[str, str | Promise] = {
    OWNER: pgettext_lazy("role", "Owner"),
    ADMIN: pgettext_lazy("role", "Administrator"),
    SUPERVISOR: pgettext_lazy("role", "Supervisor"),
    AGENT: pgettext_lazy("role", "Agent"),
    OBSERVER: pgettext_lazy("role", "Observer"),
}
ROLE_PURPOSES: dict[str, str | Promise] = {
    OWNER: gettext_lazy("Whose Postroom it is. There is always one."),
    ADMIN: gettext_lazy("Runs everything, and makes nobody an owner."),
    SUPERVISOR: gettext_lazy("Answers, keeps the teams and reads the audit log."),
    AGENT: gettext_lazy("Answers customers."),
    OBSERVER: gettext_lazy("Reads along and writes notes, and never to a customer."),
}


def role_word(person: User) -> str:
    """Return what this person's role is called."""
    return word_of(person.role, person.custom_role)


def word_of(role: str, custom_role: Role | None = None) -> str:
    """Return what a role is called; for one of our own, as we called it."""
    if role == CUSTOM and custom_role:
        return custom_role.name
    return str(ROLE_WORDS.get(role, role))


def permission_words(codes: Iterable[str]) -> list[str]:
    """Say what these permissions allow, in the order of their list."""
    given = set(codes)
    words = [str(sentence) for code, sentence in PERMISSIONS.items() if code in given]
    return [*words, _("Make somebody an owner, or take that back")] if OWNERS in given else words
