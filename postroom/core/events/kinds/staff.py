"""How people come to the team, go, and come back."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from postroom.core.events.kinds.kind import Kind


@dataclass(frozen=True)
class PersonInvited(Kind):
    """Somebody was asked to join, for the first time or again; they cannot sign in yet."""

    name = "person.invited"
    sentence = _("invited %(person)s")
    personal = frozenset({"person"})
    person: str
    user_id: int


@dataclass(frozen=True)
class InvitationWithdrawn(Kind):
    """An invitation that nobody had used ended, and with it the person's place."""

    name = "person.invitation_withdrawn"
    sentence = _("withdrew the invitation of %(person)s")
    personal = frozenset({"person"})
    person: str
    user_id: int


@dataclass(frozen=True)
class PersonJoined(Kind):
    """Somebody used their invitation: from now on they can sign in."""

    name = "person.joined"
    sentence = _("accepted the invitation")
    personal = frozenset({"person"})
    person: str
    user_id: int


@dataclass(frozen=True)
class PersonDeactivated(Kind):
    """Somebody can no longer sign in; `count` open conversations of theirs went to `to` (empty: to nobody)."""

    name = "person.deactivated"
    sentence = _("deactivated %(person)s")
    personal = frozenset({"person", "to"})
    person: str
    user_id: int
    to: str
    count: int


@dataclass(frozen=True)
class PersonReactivated(Kind):
    """Somebody who was deactivated can sign in again, with the access they had."""

    name = "person.reactivated"
    sentence = _("reactivated %(person)s")
    personal = frozenset({"person"})
    person: str
    user_id: int


@dataclass(frozen=True)
class SignatureChanged(Kind):
    """Somebody signs in a mailbox in another way than before, or as everybody does again."""

    name = "person.signature_changed"
    sentence = _("changed their signature in %(address)s")
    address: str
    user_id: int


@dataclass(frozen=True)
class PhotoChanged(Kind):
    """Somebody has another photo, or none."""

    name = "person.photo_changed"
    sentence = _("changed their photo")
    user_id: int
