"""Who finds a door to the audit log on a page."""

from django.http import HttpRequest

from postroom.core.accounts.permissions import AUDIT, may
from postroom.faces.web.access import person


def may_audit(request: HttpRequest) -> bool:
    """Tell whether this person may read the audit log."""
    return may(person(request), AUDIT)
