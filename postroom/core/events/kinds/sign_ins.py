"""What happens to sessions, and to the rules of signing in."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from postroom.core.events.kinds.kind import Kind


@dataclass(frozen=True)
class SignedInAnew(Kind):
    """Somebody signed in with a browser, or from a network, that they had not used here before."""

    name = "person.signed_in_anew"
    sentence = _("signed in from somewhere new")
    personal = frozenset({"device", "ip"})
    user_id: int
    # What the browser calls itself, and its address; either may be empty.
    device: str
    ip: str


@dataclass(frozen=True)
class SessionsEnded(Kind):
    """One or more sessions of a person were ended, by themselves or by somebody who may."""

    name = "person.sessions_ended"
    sentence = _("signed %(person)s out in %(count)s browsers")
    personal = frozenset({"person"})
    person: str
    user_id: int
    count: int


@dataclass(frozen=True)
class SecurityChanged(Kind):
    """The rules of signing in are other ones now; which, is in the audit log."""

    name = "security.changed"
    sentence = _("changed the rules of signing in")
