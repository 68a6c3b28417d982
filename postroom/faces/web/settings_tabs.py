"""The parts of the settings, and who sees which."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from postroom.core.accounts.models import User
from postroom.core.accounts.permissions import AUDIT, BREAK_GLASS, PEOPLE, SECURITY, TEAMS, permissions_of
from postroom.faces.web.access import keeps_some


@dataclass(frozen=True)
class Tab:
    """One part: its page is the URL `settings-<key>`; `needs` is one of these permissions, empty for everybody."""

    key: str
    word: str | Promise
    icon: str
    needs: frozenset[str] = frozenset()


_MAILBOXES = "mailboxes"
_TABS = (
    Tab("profile", _("My profile"), "circle-user"),
    Tab("notifications", _("Notifications"), "bell"),
    Tab("second-factor", _("Second factor"), "key-round"),
    Tab("tokens", _("API tokens"), "wrench"),
    Tab("people", _("People"), "users"),
    Tab("teams", _("Teams"), "flag", frozenset({TEAMS})),
    Tab("roles", _("Roles"), "shield-check", frozenset({PEOPLE})),
    # For who keeps one of them, too.
    Tab(_MAILBOXES, _("Mailboxes"), "mailbox"),
    Tab("sensitive", _("Sensitive"), "eye-off", frozenset({BREAK_GLASS})),
    Tab("security", _("Security"), "lock", frozenset({SECURITY})),
    Tab("audit", _("Audit log"), "history", frozenset({AUDIT})),
)


def settings_tabs(user: User) -> list[Tab]:
    """Return the parts that this person may open."""
    mine = permissions_of(user)
    return [tab for tab in _TABS if (not tab.needs or tab.needs & mine) and (tab.key != _MAILBOXES or keeps_some(user))]
