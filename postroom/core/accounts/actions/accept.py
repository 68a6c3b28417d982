"""Use an invitation: once, by whoever has its link."""

from django.db import transaction
from django.utils.translation import gettext as _

from postroom.core.accounts.actions.access import settle_person
from postroom.core.accounts.actions.invite import digest_of_token
from postroom.core.accounts.actions.people import check_password, clean_name
from postroom.core.accounts.models import Invitation, User
from postroom.core.audit.write import write
from postroom.core.events.kinds.staff import PersonJoined
from postroom.core.events.record import record
from postroom.lib import clock


class InvitationOver(Exception):
    """This link lets nobody in (any more); the sentence says why and what to do."""


def invitation_of(token: str) -> Invitation | None:
    """Return the invitation of this link, used or over; None for one that was withdrawn, replaced or never made."""
    found = Invitation.objects.filter(digest=digest_of_token(token))
    return found.select_related("user", "invited_by").first()


def is_open(invitation: Invitation) -> bool:
    """Tell whether it lets somebody in now."""
    return invitation.used_at is None and invitation.expires_at > clock.now() and not invitation.user.is_active


def accept(invitation: Invitation, *, name: str, password: str) -> User:
    """Let the invited person in under this name and password. InvitationOver when the link is used or too old.

    PersonRefused names the field that has to change; the link stays good then.
    """
    person = invitation.user
    person.name = clean_name(name)
    check_password(password, person=person)
    person.set_password(password)
    _join(invitation, person, how="password")
    return person


def join_by_invitation(person: User, *, how: str) -> bool:
    """Let an invited person in who has shown who they are at a single sign-on. False without an open invitation."""
    invitation = Invitation.objects.filter(user=person).select_related("user").first()
    if invitation is None or not is_open(invitation):
        return False
    _join(invitation, person, how=how)
    return True


def _join(invitation: Invitation, person: User, *, how: str) -> None:
    now = clock.now()
    with transaction.atomic():
        # Two clicks, or a link that was replaced a moment ago: one gets it.
        still = Invitation.objects.filter(
            pk=invitation.pk, digest=invitation.digest, used_at=None, expires_at__gt=now, user__is_active=False
        )
        if not still.update(used_at=now):
            raise InvitationOver(_("This invitation was used already, or it is over."))
        person.is_active, person.deactivated_at = True, None
        person.save(update_fields=["name", "password", "is_active", "deactivated_at"])
        settle_person(person, by=person)
        write("person.joined", by=person, subject=f"person:{person.pk}", subject_name=person.name, after={"how": how})
        record(PersonJoined(person=person.name, user_id=person.pk), by=person)
