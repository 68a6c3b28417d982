"""`postroom allow-everywhere`: for somebody whom the list of allowed networks has locked out."""

from django.db import DatabaseError
from django.utils.translation import gettext as _

from postroom.core.accounts.actions.policy import allow_everywhere
from postroom.core.events.actor import SYSTEM
from postroom.faces.cli.say import complain, say

# sysexits.h
_TRY_AGAIN = 75


def let_in_from_everywhere(*, reason: str) -> int:
    """Forget the list, say what was in it, and return the exit code. The audit log says so, too."""
    try:
        old = allow_everywhere(by=SYSTEM, reason=reason or "postroom allow-everywhere")
    except DatabaseError as error:
        complain(_("The database cannot be used: %(error)s. Nothing was changed.") % {"error": str(error).strip()})
        return _TRY_AGAIN
    if not old:
        say(_("People may come from everywhere already. Nothing was changed."))
        return 0
    say(_("People may come from everywhere from now on. The list was: %(list)s") % {"list": ", ".join(old)})
    return 0
